"""The drawn scenes, and whether the detector finds in them what is there."""

import io
import itertools

import pytest
from PIL import Image

from bot.sandbox import detector
from bot.sandbox.kinds import GROUNDS, KINDS
from bot.sandbox.label_facts import FACTS
from bot.sandbox.photographs import PHOTOGRAPHS, photograph_bytes
from bot.sandbox.scenes import SCENES, scene_jpeg
from bot.sandbox.stage import jpeg_bytes


@pytest.fixture(scope="module")
def scenes():
    """Every scene, drawn once."""
    return {name: draw() for name, draw in SCENES.items()}


def overlap(one, other):
    """Intersection over union of two boxes."""
    left = max(one.left_ratio, other.left_ratio)
    top = max(one.top_ratio, other.top_ratio)
    right = min(one.left_ratio + one.width_ratio, other.left_ratio + other.width_ratio)
    bottom = min(one.top_ratio + one.height_ratio, other.top_ratio + other.height_ratio)
    shared = max(right - left, 0) * max(bottom - top, 0)
    areas = (box.width_ratio * box.height_ratio for box in (one, other))
    return shared / (sum(areas) - shared)


def recompressed(image, scale=1.0, quality=90):
    """The picture after it was resized and saved as JPEG."""
    size = round(image.width * scale), round(image.height * scale)
    data = jpeg_bytes(image.resize(size), quality=quality)
    return Image.open(io.BytesIO(data)).convert("RGB")


@pytest.mark.parametrize(("scale", "quality"), [(1.0, 90), (0.5, 80), (1.28, 85)])
@pytest.mark.parametrize("name", SCENES)
def test_objects_are_found(scenes, name, scale, quality):
    """All that was drawn is found, nothing else, and each box overlaps the truth by 0.8."""
    found = list(detector.look(recompressed(scenes[name].image, scale, quality)).objects)
    for truth in scenes[name].truth:
        same = [one for one in found if one.kind.name == truth.name]
        best = max(same, key=lambda one: overlap(one.box, truth.box))
        found.remove(best)

        assert overlap(best.box, truth.box) >= 0.8

    assert not found


@pytest.mark.parametrize("turn", [Image.Transpose.FLIP_LEFT_RIGHT])
def test_mirrored_is_found(scenes, turn):
    """The mirror image of a scene contains as much as the scene."""
    names = sorted(
        one.kind.name for one in detector.look(scenes["crowd"].image.transpose(turn)).objects
    )

    assert names == sorted(truth.name for truth in scenes["crowd"].truth)


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("park", {"Grass", "Park", "Tree"}),
        ("street", {"Street", "Road", "City"}),
        ("beach", {"Beach", "Sea"}),
        ("kitchen", {"Kitchen", "Indoors", "Table"}),
        ("harbour", {"Sea"}),
        ("abstract", set()),
    ],
)
def test_backgrounds_are_named(scenes, name, labels):
    """A scene is known by its background; shapes in no reserved colour are nothing."""
    view = detector.look(recompressed(scenes[name].image, 0.5, 80))
    named = {label for ground, _ in view.grounds for label, _ in ground.labels}

    assert labels <= named
    assert bool(labels) == bool(named)


def test_confidence_spreads(scenes):
    """Objects are 80 to 99.9 % sure, larger ones surer; what is guessed stays below 80 %."""
    views = [detector.look(scene.image) for scene in scenes.values()]
    sure = [one.confidence_percent for view in views for one in view.objects]
    dog = max(detector.look(scenes["park"].image).objects, key=lambda one: one.kind.name == "Dog")
    guesses = [
        one.confidence_percent
        for view in views
        for one in view.sightings()
        if one.name in {"Puppy", "Kitten", "Sedan", "Cycling", "Adult"}
    ]

    assert 80 <= min(sure) < 87
    assert 95 < max(sure) <= 99.9
    assert dog.confidence_percent > 93
    assert guesses
    assert max(guesses) < 80


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_photographs_hold_none(name):
    """A photograph contains no scene object by an accident of colour."""
    with Image.open(io.BytesIO(photograph_bytes(name))) as photograph:
        view = detector.look(photograph.convert("RGB"))

    assert not view.sightings()


def test_drawing_repeats_itself():
    """A scene is the same bytes each time it is drawn."""
    assert scene_jpeg("kitchen") == scene_jpeg("kitchen")


def test_sizes_vary(scenes):
    """There are wide scenes, an upright one and a panorama, and one with twelve things or more."""
    ratios = {scene.image.width / scene.image.height for scene in scenes.values()}

    assert min(ratios) < 0.8
    assert max(ratios) > 2.5
    assert max(len(scene.truth) for scene in scenes.values()) >= 12


def test_reserved_colors_differ():
    """No two reserved colours can be mistaken for each other."""
    colors = [color for kind in KINDS.values() for color in kind.colors]
    colors += [ground.color for ground in GROUNDS]
    nearest = min(
        max(abs(a - b) for a, b in zip(one, other, strict=True))
        for one, other in itertools.combinations(colors, 2)
    )

    assert nearest > 2 * 14


def test_vocabulary_is_closed():
    """Every name in use is in the vocabulary, and ancestors of ancestors are ancestors."""
    used = {*KINDS} | {name for kind in KINDS.values() for name, _ in kind.guesses}
    used |= {name for ground in GROUNDS for name, _ in ground.labels}
    used |= {one.name for photograph in PHOTOGRAPHS.values() for one in photograph.sightings}

    assert used <= set(FACTS)
    for facts in FACTS.values():
        assert list(facts.parents) == sorted(facts.parents)
        assert all(set(FACTS[parent].parents) <= set(facts.parents) for parent in facts.parents)
