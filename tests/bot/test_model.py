import dataclasses

import pytest

from bot.model import Analysis, ImageSource, MessageRef, PixelBox

SOURCE = ImageSource("T1", "C1", "1712.5", "F1")


def test_response_is_one_own_copy():
    """The answer handed back can be changed without changing the analysis."""
    analysis = Analysis((), response={"Labels": [{"Name": "Dog"}], "Unknown": 1})

    analysis.to_response()["Labels"].clear()

    assert analysis.to_response() == {"Labels": [{"Name": "Dog"}], "Unknown": 1}


def test_pixel_box_has_sizes():
    """A pixel box is as wide and high as its exclusive ends say."""
    box = PixelBox(10, 20, 110, 70)

    assert (box.width_px, box.height_px) == (100, 50)


def test_store_key_names_place():
    """An original's key in the store tells the workspace, the channel, the message and the file."""
    assert SOURCE.store_key == "t/T1/C1/1712.5/F1"


def test_source_knows_its_message():
    """A picture's place holds its message's, and both call their fields as the tables do."""
    assert SOURCE.message == MessageRef("T1", "C1", "1712.5")
    assert SOURCE.columns() == {**SOURCE.message.columns(), "file_id": "F1"}


@pytest.mark.parametrize("kind", [ImageSource, MessageRef])
def test_names_are_all_fields(kind):
    """No field of a place is missing from the names that tables use."""
    assert tuple(field.name for field in dataclasses.fields(kind)) == kind.NAMES
