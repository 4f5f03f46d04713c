import importlib.util
import io

import pytest
from PIL import Image, ImageChops

from tests.bench import drawing

SMALL = dict.fromkeys(drawing.SIZES_PX, (240, 180))


def opened(data):
    """The pixels of an encoded picture."""
    return Image.open(io.BytesIO(data)).convert("RGB")


def test_sample_of_drawing():
    """Spotter is compared with Pillow and with every other way that is installed, then grown."""
    figures = list(drawing.measure(long=False, sizes_px=SMALL))
    installed = sum(bool(importlib.util.find_spec(name)) for name in drawing.OTHERS)

    assert len(figures) == 4 * (1 + installed) + 5
    assert sum(bool(figure.goal) for figure in figures) == 1 + installed
    assert all(figure.value > 0 for figure in figures)


@pytest.mark.parametrize("name", drawing.OTHERS)
def test_others_draw_boxes_too(name):
    """What Spotter is compared with gives a JPEG in full size, changed where the boxes are."""
    pytest.importorskip(name, reason="it comes with the extra bench")
    data, things = drawing.jpeg((800, 600)), drawing.grid(1)
    after = opened(drawing.OTHERS[name][0](data, things))
    changed = ImageChops.difference(opened(data), after).convert("L").point(lambda it: it > 90)

    assert after.size == (800, 600)
    left, top, right, bottom = changed.getbbox()
    assert left == pytest.approx(80, abs=20)
    assert right == pytest.approx(480, abs=12)
    assert bottom == pytest.approx(420, abs=12)
    assert 60 < top <= 120


@pytest.mark.parametrize("count", [1, 6, 10, 100])
def test_grid_has_so_many(count):
    """The boxes are as many as asked for, inside the picture, and none on another."""
    boxes = [
        instance.box
        for label in drawing.seen(drawing.grid(count)).labels
        for instance in label.instances
    ]
    cells = {
        (box.left_ratio // box.width_ratio, box.top_ratio // box.height_ratio) for box in boxes
    }

    assert len(boxes) == len(cells) == count
    assert max(box.left_ratio + box.width_ratio for box in boxes) < 1
    assert max(box.top_ratio + box.height_ratio for box in boxes) < 1
