import copy
import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.rekognition import parse_detect_labels
from bot.model import Instance, RatioBox


def float32(number):
    """Give a number as Rekognition prints it: 32 bits, as a double."""
    return struct.unpack("f", struct.pack("f", number))[0]


BOX = {
    "Width": float32(0.51),
    "Height": float32(0.9),
    "Left": float32(-0.02),
    "Top": float32(0.1),
}
COLOUR = {
    "Red": 12,
    "Green": 0,
    "Blue": 255,
    "HexCode": "#0c00ff",
    "CSSColor": "blue",
    "SimplifiedColor": "blue",
    "PixelPercent": float32(31.4),
}
OF_2016 = {"Labels": [{"Name": "Dog", "Confidence": float32(97.3)}]}
OF_MODEL_2 = {
    "Labels": [
        {
            "Name": "Dog",
            "Confidence": float32(97.3),
            "Instances": [{"BoundingBox": BOX, "Confidence": float32(96.1)}],
            "Parents": [{"Name": "Pet"}, {"Name": "Animal"}],
        },
        {"Name": "Animal", "Confidence": float32(97.3), "Instances": [], "Parents": []},
    ],
    "LabelModelVersion": "2.0",
}
OF_MODEL_3 = {
    "Labels": [
        {
            **OF_MODEL_2["Labels"][0],
            "Aliases": [{"Name": "Hound"}],
            "Categories": [{"Name": "Animals and Pets"}],
        }
    ],
    "LabelModelVersion": "3.0",
}
WITH_COLOURS = {
    "Labels": [
        {
            **OF_MODEL_3["Labels"][0],
            "Instances": [
                {"BoundingBox": BOX, "Confidence": float32(96.1), "DominantColors": [COLOUR]}
            ],
        }
    ],
    "LabelModelVersion": "3.0",
    "ImageProperties": {
        "Quality": {"Brightness": float32(60.5), "Sharpness": float32(70), "Contrast": 55.5},
        "DominantColors": [COLOUR],
        "Foreground": {"DominantColors": [COLOUR], "Quality": {"Brightness": 1.5}},
        "Background": {"DominantColors": []},
    },
}
SHAPES = {
    "names and confidences alone": OF_2016,
    "instances and parents": OF_MODEL_2,
    "aliases and categories": OF_MODEL_3,
    "image properties and colours": WITH_COLOURS,
    "whole-number confidence": {"Labels": [{"Name": "Dog", "Confidence": 100}]},
    "nothing found": {"Labels": [], "LabelModelVersion": "3.0"},
    "orientation": {"Labels": [], "OrientationCorrection": "ROTATE_0"},
    "categories as bare words": {
        "Labels": [{"Name": "Beach", "Confidence": 99.0, "Categories": ["Nature and Outdoors"]}]
    },
    "instance without box": {
        "Labels": [{"Name": "Dog", "Confidence": 99.0, "Instances": [{"Confidence": 98.0}]}]
    },
    "field of tomorrow": {"Labels": [{"Name": "Dog", "Confidence": 99.0, "Mood": {"Happy": 1}}]},
    "response metadata": {"Labels": [], "ResponseMetadata": {"RequestId": "r", "RetryAttempts": 0}},
}


@pytest.mark.parametrize("name", SHAPES)
def test_answer_is_given_back(name):
    """Every shape that Rekognition's answers have had is given back field by field."""
    response = SHAPES[name]
    before = copy.deepcopy(response)
    analysis = parse_detect_labels(response)

    assert analysis.to_response() == before
    assert json.dumps(analysis.to_response()) == json.dumps(before)


def test_answer_back_is_a_copy():
    """Who changes an answer that was given back changes nothing else."""
    analysis = parse_detect_labels(copy.deepcopy(OF_MODEL_2))
    analysis.to_response()["Labels"].clear()

    assert analysis.to_response() == OF_MODEL_2


def test_every_field_is_read():
    """Names, boxes, kinds and confidences become nouns of ours, in Rekognition's order."""
    (dog,) = parse_detect_labels(OF_MODEL_3).labels

    assert (dog.name, dog.confidence_percent) == ("Dog", float32(97.3))
    assert dog.parents == ("Pet", "Animal")
    assert dog.aliases == ("Hound",)
    assert dog.categories == ("Animals and Pets",)
    box = RatioBox(BOX["Left"], BOX["Top"], BOX["Width"], BOX["Height"])
    assert dog.instances == (Instance(box, float32(96.1)),)
    assert parse_detect_labels(OF_MODEL_3).model_version == "3.0"


def test_missing_fields_are_empty():
    """What older answers do not say is read as nothing."""
    (dog,) = parse_detect_labels(OF_2016).labels

    assert (dog.instances, dog.parents, dog.aliases, dog.categories) == ((), (), (), ())
    assert parse_detect_labels(OF_2016).model_version is None


def test_bare_categories_are_read():
    """Categories are read as words and as objects."""
    (beach,) = parse_detect_labels(SHAPES["categories as bare words"]).labels

    assert beach.categories == ("Nature and Outdoors",)


def test_no_box_no_instance():
    """An instance without a box says nothing about where it is, and is left out."""
    (dog,) = parse_detect_labels(SHAPES["instance without box"]).labels

    assert dog.instances == ()


NAMES = st.lists(st.fixed_dictionaries({"Name": st.text(max_size=9)}), max_size=3)
NUMBERS = st.floats(-1, 100, width=32) | st.integers(0, 100)
BOXES = st.fixed_dictionaries(dict.fromkeys(("Width", "Height", "Left", "Top"), NUMBERS))
LABELS = st.fixed_dictionaries(
    {"Name": st.text(max_size=20), "Confidence": NUMBERS},
    optional={
        "Instances": st.lists(
            st.fixed_dictionaries({"BoundingBox": BOXES, "Confidence": NUMBERS}), max_size=3
        ),
        **dict.fromkeys(("Parents", "Aliases", "Categories"), NAMES),
    },
)


@given(st.fixed_dictionaries({"Labels": st.lists(LABELS, max_size=5)}))
def test_any_answer_is_given_back(response):
    """Whatever labels an answer holds, it is given back, one label of ours for each."""
    analysis = parse_detect_labels(response)

    assert analysis.to_response() == response
    assert [label.name for label in analysis.labels] == [x["Name"] for x in response["Labels"]]
