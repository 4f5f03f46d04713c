import datetime as dt
import io
import json

import jsonschema
import pytest

from bot.export_json import SCHEMA, SCHEMA_VERSION, write_json
from bot.model import Analysis

MADE_AT = dt.datetime(2026, 11, 25, 13, 0, tzinfo=dt.UTC)


def written(*pictures):
    """Write pictures and read what came out, which is held to the schema."""
    file = io.BytesIO()
    assert write_json(iter(pictures), file, MADE_AT) == len(pictures)
    found = json.loads(file.getvalue())
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(found)
    return found


@pytest.fixture
def unusual(exported):
    """Pictures that differ from the usual in every way that the schema allows."""
    nothing = exported(analysis=Analysis(()))
    old = exported(size_px=None, copy_px=None, site_url="", file_name="")
    return [
        exported(origin="human"),
        nothing,
        old,
        exported(file_name="猫 \ud83d.jpg"),
    ]


def test_schema_holds(unusual):
    """Everything that can be written is what the schema describes."""
    assert len(written(*unusual)["pictures"]) == 4
    assert written()["pictures"] == []


def test_schema_is_sound():
    """The schema is one, and is of the version that is written."""
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)

    assert schema["properties"]["schema_version"] == {"const": SCHEMA_VERSION}


def test_schema_describes_all(unusual):
    """No field is written that the schema does not describe."""
    schema = json.loads(SCHEMA.read_text())
    parts = {**schema["$defs"], "document": schema}
    described = {name: set(part.get("properties", ())) for name, part in parts.items()}
    found = written(*unusual)
    labels = [label for picture in found["pictures"] for label in picture["labels"]]

    assert set(found) == described["document"]
    assert all(set(picture) == described["picture"] for picture in found["pictures"])
    assert all(set(label) == described["label"] for label in labels)
    assert all(set(one) == described["instance"] for label in labels for one in label["instances"])


def test_content(exported):
    """A picture is told with where it was posted, its labels, and each box twice over."""
    (picture,) = written(exported())["pictures"]
    dog, park = picture.pop("labels")

    assert picture == {
        "channel": "C1",
        "message_ts": "1790000000.000100",
        "thread_ts": "1790000000.000100",
        "permalink": "https://example.slack.com/archives/C1/p1790000000000100",
        "file_id": "F1",
        "file_name": "park.jpg",
        "size_px": {"width": 1000, "height": 500},
        "posted_by": "U1",
        "posted_at": "2026-09-21T14:13:20.000Z",
        "model_version": "3.0",
    }
    assert park["instances"] == []
    assert (dog["parents"], dog["aliases"]) == (["Canine", "Animal"], ["Puppy"])
    assert dog["instances"][1] == {
        "confidence_percent": 80,
        "box_ratio": {"left": -0.1, "top": 0.5, "width": 0.2, "height": 0.9},
        "box_px": {"left": 0, "top": 250, "width": 100, "height": 250},
    }


def test_one_picture_a_line(exported):
    """Each picture is a line of its own, which tools that read lines can take apart."""
    file = io.BytesIO()
    write_json([exported(), exported()], file, MADE_AT)
    lines = file.getvalue().decode().splitlines()

    assert [json.loads(line.rstrip(","))["file_id"] for line in lines[1:3]] == ["F1", "F1"]
