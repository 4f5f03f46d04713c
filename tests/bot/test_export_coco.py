import datetime as dt
import io
import json

import pytest

from bot.export_coco import write_coco
from bot.model import ImageSource, Instance, Label, RatioBox

MADE_AT = dt.datetime(2026, 11, 25, 13, 0, tzinfo=dt.UTC)


def written(*pictures, expected=None):
    """Write pictures and read what came out."""
    file = io.BytesIO()
    count = write_coco(iter(pictures), file, MADE_AT)
    assert count == (len(pictures) if expected is None else expected)
    return json.loads(file.getvalue())


@pytest.fixture
def found(exported):
    """What is written of two pictures."""
    cat = Label("Cat", 88.0, (Instance(RatioBox(0.5, 0.5, 0.5, 0.5), 87.0),), parents=("Animal",))
    other = ImageSource("T1", "C1", "1790000001.000100", "F2")
    return written(exported(), exported(source=other, labels=[cat], size_px=(200, 100)))


def test_structure(found):
    """Every list is there, and everything that an entry refers to exists under one id."""
    ids = {
        part: [one["id"] for one in found[part]] for part in ("images", "annotations", "categories")
    }

    assert set(found) == {"info", "licenses", "images", "annotations", "categories"}
    assert all(len(set(used)) == len(used) for used in ids.values())
    assert {one["image_id"] for one in found["annotations"]} <= set(ids["images"])
    assert {one["category_id"] for one in found["annotations"]} == set(ids["categories"])


def test_boxes(found):
    """Boxes are left, top, width, height in pixels inside their picture, with their area."""
    sizes = {image["id"]: (image["width"], image["height"]) for image in found["images"]}
    boxes = [one["bbox"] for one in found["annotations"]]

    assert boxes == [[100, 100, 300, 200], [0, 250, 100, 250], [100, 50, 100, 50]]
    for one in found["annotations"]:
        left, top, width, height = one["bbox"]
        assert left + width <= sizes[one["image_id"]][0]
        assert top + height <= sizes[one["image_id"]][1]
        assert one["area"] == width * height
        assert (one["iscrowd"], one["segmentation"]) == (0, [])


def test_categories(found):
    """A category is a label that has a box somewhere, under its nearest parent."""
    named = [(one["name"], one["supercategory"]) for one in found["categories"]]

    assert named == [("Dog", "Canine"), ("Cat", "Animal")]


def test_file_names_are_no_paths(exported):
    """A picture's name is its own, whatever the file was called, and leads into no folder."""
    names = [
        written(exported(file_name=name))["images"][0]["file_name"]
        for name in ("image.png", "../../etc/passwd", "C:\\x.jpg", "", "猫.jpg")
    ]

    assert names == ["F1-image.png", "F1-.._.._etc_passwd", "F1-C__x.jpg", "F1-", "F1-猫.jpg"]


def test_without_size_left_out(exported):
    """A picture whose size was not kept is left out, with its boxes."""
    found = written(exported(size_px=None), exported(), exported(size_px=None), expected=1)

    assert len(found["images"]) == 1
    assert {one["image_id"] for one in found["annotations"]} == {found["images"][0]["id"]}


def test_human_origin(exported):
    """A box whose label a person gave says so."""
    found = written(exported(origin="human"))

    assert {one["origin"] for one in found["annotations"]} == {"human"}


def test_empty():
    """Without pictures it is a document with empty lists."""
    assert written()["images"] == written()["annotations"] == written()["categories"] == []
