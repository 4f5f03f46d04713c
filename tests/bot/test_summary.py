"""This is long because each way of choosing and folding has a picture of its own."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Analysis, Instance, Label, RatioBox
from bot.summary import (
    SeenLabel,
    counted,
    headline,
    left_out,
    percent_text,
    summarise,
)

TIMES = "\N{MULTIPLICATION SIGN}"
PERSON = ("Adult", "Female", "Person")


def box(left, top=0.4, width=0.1, height=0.2):
    """Build a box in ratios."""
    return RatioBox(left, top, width, height)


def label(name, percent=95.0, *boxes, parents=(), aliases=()):
    """Build a label; a box may be a pair of a box and its confidence."""
    instances = tuple(
        Instance(*each) if isinstance(each, tuple) else Instance(each, percent) for each in boxes
    )
    return Label(name, percent, instances, tuple(parents), tuple(aliases))


def told(*labels, **choices):
    """Word the headline of some labels."""
    return headline(summarise(Analysis(labels), **choices))


def counts(*labels):
    """Count the shown boxes of some labels by name."""
    return {seen.name: len(seen.boxes) for seen in summarise(Analysis(labels)).objects}


def test_headline_counts_and_ranges():
    """The headline counts objects, gives the range of confidence, and ends with the scene."""
    persons = [(box(0.1), 99.2), (box(0.4), 92.0), (box(0.7), 86.9)]
    labels = (label("Person", 99.2, *persons), label("Dog", 95.0, box(0.5)), label("Beach", 90.0))

    assert told(*labels) == f"3 {TIMES} Person (99\N{EN DASH}87 %), 1 Dog (95 %) · Beach"


def test_scenes_stand_alone():
    """Without objects the headline is the scenes, most confident first."""
    assert told(label("Sea", 90.0), label("Beach", 97.0)) == "Beach, Sea"


def test_equal_percents_print_once():
    """Boxes whose percents print alike get one number instead of a range."""
    assert told(label("Dog", 95.2, (box(0.1), 95.2), (box(0.5), 94.8))) == f"2 {TIMES} Dog (95 %)"


@pytest.mark.parametrize(
    ("labels", "threshold", "text"),
    [
        ((), 80.0, "Nothing found at 80 % or more."),
        ((label("Dog", 79.9),), 80.0, "Nothing found at 80 % or more."),
        ((label("Dog", 62.0),), 62.5, "Nothing found at 62.5 % or more."),
    ],
)
def test_nothing_names_the_threshold(labels, threshold, text):
    """A picture without a shown label is said to have none, with the threshold that was used."""
    assert told(*labels, threshold_percent=threshold) == text


@pytest.mark.parametrize(
    ("percent", "text"), [(79.999, "Nothing found at 80 % or more."), (80.0, "1 Dog (80 %)")]
)
def test_threshold_includes_itself(percent, text):
    """A label exactly at the threshold is shown, one just under it is not."""
    assert told(label("Dog", percent, box(0.1))) == text


def test_unsure_boxes_are_left_out():
    """A shown label counts only its boxes at the threshold or above."""
    dogs = label("Dog", 95.0, (box(0.1), 70.0), (box(0.4), 88.0), (box(0.7), 95.0))

    summary = summarise(Analysis((dogs,)))

    assert [found.confidence_percent for found in summary.objects[0].boxes] == [95.0, 88.0]


def test_label_without_sure_box():
    """A sure label whose boxes are all unsure is told like a scene."""
    assert told(label("Cat", 90.5, (box(0.1), 73.2))) == "Cat"


@pytest.mark.parametrize(
    ("value", "limit", "text"),
    [
        (87.4, 80, "87"),
        (87.5, 80, "88"),
        (79.6, 80, "79"),
        (80.0, 80, "80"),
        (99.96, 80, "99"),
        (100.0, 80, "100"),
        (100, 80, "100"),
        (99.6, 100, "99"),
        (85.4, 85.3, "85.4"),
        (85.31, 85.3, "85.3"),
        (85.26, 85.3, "85"),
        (0.2, 0.1, "0.2"),
    ],
)
def test_percents_keep_their_side(value, limit, text):
    """A percent is rounded, but never across the limit and never up to 100."""
    assert percent_text(value, limit_percent=limit) == text


@given(st.floats(0, 100), st.floats(0, 100))
def test_percents_never_contradict(value, limit):
    """Whatever the numbers, the printed percent and the limit say the same as the real ones."""
    printed = float(percent_text(value, limit_percent=limit))

    assert (printed >= limit) == (value >= limit) or abs(printed - value) < 1e-4
    assert printed < 100 or value > 99.9999


def test_one_person_one_name():
    """A person that Rekognition names four times is counted once, by the most specific name."""
    here = box(0.3)
    labels = [label(name, 97.0, here, parents=("Person",)) for name in ("Adult", "Female")]
    woman = label("Woman", 97.0, here, parents=PERSON)

    assert counts(*labels, label("Person", 97.0, here), woman) == {"Woman": 1}


def test_parent_keeps_uncovered_boxes():
    """Three persons of whom one is a woman and one a man are one woman, one man, one person."""
    person = label("Person", 99.0, box(0.1), box(0.4), box(0.7))
    woman = label("Woman", 98.0, box(0.1), parents=("Person",))
    man = label("Man", 97.0, box(0.4), parents=("Person",))

    assert counts(person, woman, man) == {"Person": 1, "Woman": 1, "Man": 1}


@pytest.mark.parametrize(
    ("shift", "expected"), [(0.005, {"Woman": 1}), (0.006, {"Person": 1, "Woman": 1})]
)
def test_same_box_needs_overlap(shift, expected):
    """Boxes of related labels are one thing from an overlap of 90 % on, and two below it."""
    person = label("Person", 99.0, box(0.1))

    assert counts(person, label("Woman", 98.0, box(0.1 + shift), parents=("Person",))) == expected


def test_siblings_share_one_box():
    """Two labels with an ancestor in common and the same box are one thing."""
    girl = label("Girl", 99.0, box(0.1), parents=("Female", "Person"))
    teen = label("Teen", 99.5, box(0.1), parents=("Person",))

    assert counts(teen, girl) == {"Girl": 1}


def test_strangers_keep_same_box():
    """Labels that have nothing in common stay two things, even in the same box."""
    person, coat = label("Person", 99.0, box(0.1)), label("Coat", 91.0, box(0.1))

    assert counts(person, coat) == {"Person": 1, "Coat": 1}


def test_twins_are_never_merged():
    """Two boxes of one and the same label are two things, however they overlap."""
    assert counts(label("Person", 99.0, box(0.1), box(0.1))) == {"Person": 2}


def test_unsure_child_folds_nothing():
    """A child under the threshold takes no box from its parent."""
    woman = label("Woman", 79.0, box(0.1), parents=("Person",))

    assert counts(label("Person", 99.0, box(0.1)), woman) == {"Person": 1}


def test_child_without_box():
    """A kind that Rekognition does not locate is told beside the located parent."""
    dog, hound = label("Dog", 95.0, box(0.1)), label("Hound", 95.0, parents=("Dog",))

    assert told(dog, hound) == "1 Dog (95 %) · Hound"


@pytest.mark.parametrize(
    ("labels", "text"),
    [
        ((label("Car", 99.0, parents=("Vehicle",)), label("Vehicle", 99.0)), "Car"),
        ((label("Mobile Phone", aliases=("Cell Phone",)), label("Cell Phone")), "Mobile Phone"),
        ((label("A", aliases=("B",)), label("B", aliases=("A",))), "A, B"),
    ],
)
def test_implied_names_are_folded(labels, text):
    """An ancestor or alias of a shown label is not told, but two never fold each other away."""
    assert told(*labels) == text


def test_prominent_objects_come_first():
    """Objects are sorted by whole percent, then by size, so that 99.8 does not beat 99.6."""
    wheel = label("Wheel", 99.8, box(0.1, width=0.05))
    car = label("Car", 99.6, box(0.1, width=0.6))
    dog = label("Dog", 98.9, box(0.1, width=0.9))

    assert list(counts(dog, wheel, car)) == ["Car", "Wheel", "Dog"]


def test_limit_counts_names():
    """At most the given number of names is shown, objects before scenes, the rest is counted."""
    labels = (label("Sky", 99.0), label("Dog", 90.0, box(0.1)), label("Sea", 98.0))

    summary = summarise(Analysis(labels), max_labels=2)

    assert headline(summary) == "1 Dog (90 %) · Sky"
    assert summary.beyond_limit == 1


@pytest.mark.parametrize(
    ("sure", "unsure", "text"),
    [
        (1, 0, ""),
        (8, 0, ""),
        (11, 0, "and 3 more"),
        (1, 7, "and 7 more below 80 %"),
        (9, 1, "and 1 more, and 1 more below 80 %"),
        (0, 0, ""),
        (0, 1, "1 label below 80 %"),
        (0, 7, "7 labels below 80 %"),
    ],
)
def test_left_out_is_counted(sure, unsure, text):
    """What is not shown is counted, by whether the limit or the threshold left it out."""
    labels = [label(f"Sure {n}", 90.0) for n in range(sure)]
    labels += [label(f"Unsure {n}", 60.0) for n in range(unsure)]

    assert left_out(summarise(Analysis(tuple(labels)))) == text


NAMES = ("Thing", "Animal", "Dog", "Hound", "Cat")
PARENTS = {"Animal": ("Thing",), "Dog": ("Animal", "Thing"), "Cat": ("Animal", "Thing")}
PARENTS["Hound"] = ("Dog", *PARENTS["Dog"])
PERCENTS = st.floats(50, 100)
SPOTS = st.builds(box, st.sampled_from([0.0, 0.002, 0.3, 0.6]))
LABELS = st.lists(st.sampled_from(NAMES), unique=True).flatmap(
    lambda names: st.tuples(
        *(
            st.builds(
                Label,
                st.just(name),
                PERCENTS,
                st.lists(st.builds(Instance, SPOTS, PERCENTS), max_size=3).map(tuple),
                st.just(PARENTS.get(name, ())),
            )
            for name in names
        )
    )
)


def names(summary):
    """All that a summary shows."""
    return [seen.name for seen in (*summary.objects, *summary.scenes)]


def spots(found):
    """Name the distinct places of boxes; 0.000 and 0.002 are the same one."""
    return {round(each.box.left_ratio, 1) for each in found}


@given(LABELS)
def test_nothing_lost_nothing_doubled(labels):
    """Every sure box is shown under some name, and no place under two names."""
    summary = summarise(Analysis(labels))

    sure = [x for x in labels if x.confidence_percent >= 80]
    boxes = [box for x in sure for box in x.instances if box.confidence_percent >= 80]
    places = [spots(seen.boxes) for seen in summary.objects]
    assert set().union(*places) == spots(boxes)
    assert sum(len(place) for place in places) == len(spots(boxes))


@given(LABELS, st.integers(50, 100))
def test_counts_add_up(labels, threshold):
    """What is shown, and what a threshold keeps back, are as many names at any threshold.

    Unless one that is kept back, but would be folded into it, lets a more general name be shown.
    """
    everything = len(names(summarise(Analysis(labels), threshold_percent=0, max_labels=100)))
    summary = summarise(Analysis(labels), threshold_percent=threshold, max_labels=100)

    assert summary.below_threshold == max(0, everything - len(names(summary)))


@given(LABELS, st.integers(1, 4))
def test_limit_only_cuts(labels, limit):
    """A smaller limit shows the beginning of what a larger one shows, and counts the rest."""
    full = summarise(Analysis(labels), max_labels=100)
    cut = summarise(Analysis(labels), max_labels=limit)

    everything = full.objects + full.scenes
    assert cut.objects + cut.scenes == everything[:limit]
    assert cut.beyond_limit == len(everything) - len(everything[:limit])


def test_summary_is_frozen():
    """A summary cannot be changed by who words it."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        SeenLabel("Dog", (), 95.0).name = "Cat"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((1, "label"), "1 label"),
        ((0, "label"), "0 labels"),
        ((1_200, "box", "boxes"), "1,200 boxes"),
    ],
)
def test_counted(words, said):
    """A number stands before its noun in the right number."""
    assert counted(*words) == said
