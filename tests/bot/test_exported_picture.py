import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.model import PixelBox, RatioBox
from bot.pictures import open_picture
from bot.sandbox.scenes import jpeg_bytes

BOX = RatioBox(0.25, 0.5, 0.5, 0.25)


def test_permalink(exported):
    """A message's address is the workspace's, its channel and its time; a thread's tells which."""
    top = exported("1790000000.000100")
    reply = exported("1790000000.000100", thread_ts="1780000000.000200")
    address = "https://example.slack.com/archives/C1/p1790000000000100"

    assert top.permalink == address
    assert reply.permalink == f"{address}?thread_ts=1780000000.000200&cid=C1"
    assert exported(site_url="").permalink is None


def test_posted_at(exported):
    """When a picture was posted is told in UTC, to the millisecond."""
    assert exported("1790000000.123456").posted_at == "2026-09-21T14:13:20.123Z"


@pytest.mark.parametrize(
    ("size_px", "copy_px"),
    [
        ((4000, 3000), (2048, 1536)),
        ((100, 80), (100, 80)),
        ((3001, 2001), (1501, 1001)),
        (None, None),
    ],
)
def test_box_stays(exported, size_px, copy_px):
    """A box is told as it was seen wherever the copy shows the picture and nothing else."""
    assert exported(size_px=size_px, copy_px=copy_px).box(BOX) == BOX


@settings(max_examples=40, deadline=None)
@given(width=st.integers(1, 120), height=st.integers(1, 200), longer=st.sampled_from([1, 1, 250]))
def test_margin_is_taken_off(exported, width, height, longer):
    """On a copy with a white margin a box over the whole picture is told as the whole picture."""
    size_px = (width * longer, height)
    picture = open_picture(jpeg_bytes(Image.new("RGB", size_px)))
    copy_px, content = picture.image.size, picture.content
    seen = RatioBox(
        content.left_px / copy_px[0],
        content.top_px / copy_px[1],
        content.width_px / copy_px[0],
        content.height_px / copy_px[1],
    )
    box = exported(size_px=size_px, copy_px=copy_px).box(seen)
    expected = (0, 0, 1, 1)
    found = (box.left_ratio, box.top_ratio, box.width_ratio, box.height_ratio)

    assert max(abs(a - b) for a, b in zip(found, expected, strict=True)) < 0.03


def test_box_px(exported):
    """In the original's pixels a box is cut at the edges; without a size there are none."""
    sticking_out = RatioBox(-0.1, 0.5, 0.2, 0.9)

    assert exported().box_px(sticking_out) == PixelBox(0, 250, 100, 500)
    assert exported(size_px=None).box_px(sticking_out) is None
