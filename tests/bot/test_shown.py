"""This is long because what is shown is decided here alone: each rule is a fact of its own."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import summary
from bot.alt_text import alt_text
from bot.model import Analysis, Correction, Instance, Label, RatioBox, ShowSettings
from bot.rules import names_of, parse_rule
from bot.shown import Shown, settings_from_json, settings_to_json, show
from bot.withheld import GROUPS, HARMLESS, PERSON, Withholding

HERE, THERE = RatioBox(0.1, 0.1, 0.2, 0.6), RatioBox(0.6, 0.1, 0.2, 0.6)
LIKE_WOMAN = ("Adult", "Female", "Person")
DEFAULTS = ShowSettings()
ALL_WITHHELD = sorted(name for names in GROUPS.values() for name in names)


def label(name, percent=95.0, *boxes, parents=(), **more):
    """A label with a box per place, each as sure as the label."""
    instances = tuple(Instance(box, percent) for box in boxes)
    return Label(name, percent, instances, tuple(parents), **more)


def seen(*labels, settings=DEFAULTS, withholding=None, corrections=()):
    """What is shown of these labels."""
    shown = show(
        Analysis(tuple(labels), response={"Labels": "all of it"}),
        settings=settings,
        withholding=withholding or Withholding(),
        corrections=corrections,
    )
    return Shown(shown, settings)


def counts(shown):
    """How many things bear which name."""
    return {one.name: len(one.boxes) for one in shown.summary().objects}


def names(shown):
    """Every name that is shown, of things and of scenes."""
    chosen = shown.summary()
    return {one.name for one in (*chosen.objects, *chosen.scenes)}


DOG = label("Dog", 95.0, HERE, parents=("Animal", "Canine", "Mammal", "Pet"))
DOG_AND_KINDS = (DOG, *(label(name) for name in DOG.parents), label("Grass"))


# -- thresholds


@pytest.mark.parametrize(
    ("settings", "limit"),
    [
        (ShowSettings(), 80.0),
        (ShowSettings(threshold_percent=70.0), 70.0),
        (ShowSettings(threshold_percent=90.0), 90.0),
        (ShowSettings(by_label={"Dog": 60.0}), 60.0),
        (ShowSettings(by_label={"dog": 95.0}), 95.0),
        (ShowSettings(threshold_percent=90.0, by_label={"Dog": 60.0}), 60.0),
        (ShowSettings(threshold_percent=60.0, by_label={"DOG": 95.0}), 95.0),
        (ShowSettings(threshold_percent=70.0, by_label={"Cat": 95.0}), 70.0),
        (ShowSettings(by_label={"Doggy": 65.0}), 65.0),
    ],
)
@pytest.mark.parametrize("away", [-0.01, 0.0, 0.01])
def test_threshold_precedence(settings, limit, away):
    """The label's threshold comes before the channel's, that before the default; each includes."""
    dog = label("Dog", limit + away, HERE, aliases=("Doggy",))
    scene = label("Dog", limit + away, aliases=("Doggy",))
    expected = {"Dog"} if away >= 0 else set()

    assert names(seen(dog, settings=settings)) == expected
    assert names(seen(scene, settings=settings)) == expected


@pytest.mark.parametrize(("percent", "boxes"), [(89.99, 1), (90.0, 2), (90.01, 2)])
def test_threshold_of_boxes(percent, boxes):
    """A label's own threshold holds for each of its boxes."""
    sure, other = Instance(HERE, 99.0), Instance(THERE, percent)
    dog = Label("Dog", 99.0, (sure, other))

    assert counts(seen(dog, settings=ShowSettings(by_label={"Dog": 90.0}))) == {"Dog": boxes}


@pytest.mark.parametrize(("percent", "fires"), [(89.99, False), (90.0, True), (90.01, True)])
def test_watch_by_own_threshold(percent, fires):
    """A watch fires for what is shown: a label's own threshold counts for it too."""
    settings = ShowSettings(threshold_percent=60.0, by_label={"Dog": 90.0})
    analysis = seen(label("Dog", percent, HERE), settings=settings).analysis

    assert parse_rule("dog").explain(analysis, threshold_percent=60.0).fired == fires
    assert parse_rule("dog over 70%").explain(analysis, threshold_percent=60.0).fired


def test_words_name_no_wrong_threshold():
    """Where labels have thresholds of their own, what is left out names no other one."""
    settings = ShowSettings(by_label={"Dog": 99.0})
    own = seen(label("Dog", 95.0), settings=settings).summary()
    usual = seen(label("Cat", 70.0), settings=settings).summary()

    assert summary.headline(own) == "Nothing found at the thresholds set here."
    assert summary.left_out(own) == "1 label below the thresholds set here"
    assert summary.headline(usual) == "Nothing found at 80 % or more."


@pytest.mark.parametrize(("given_labels", "told"), [(None, 8), (3, 3), (12, 10)])
def test_most_labels(given_labels, told):
    """A channel shows at most eight names, or as many as it has set."""
    many = [label(f"Thing {at}") for at in range(10)]

    assert len(names(seen(*many, settings=ShowSettings(max_labels=given_labels)))) == told


percents = st.none() | st.floats(55, 100)


@given(
    percents,
    st.none() | st.integers(1, 30),
    st.dictionaries(st.text(min_size=1), st.floats(55, 100)),
)
def test_settings_come_back(threshold, most, by_label):
    """Settings that were written are read as they were."""
    settings = ShowSettings(threshold, most, by_label)

    assert settings_from_json(settings_to_json(settings)) == settings


# -- withheld labels


@pytest.mark.parametrize("name", ALL_WITHHELD)
def test_withheld_by_default(name):
    """A label about what a person is shows nowhere: no name, no parent, no alias, no answer."""
    labels = (
        label(name, 99.0, HERE, parents=("Person",)),
        label("Portrait", 99.0, parents=(name, "Person"), aliases=(name,)),
        label("Person", 99.0, HERE),
    )
    shown = seen(*labels)
    words = summary.headline(shown.summary()) + alt_text(shown.summary())

    assert name not in words.replace("(", " ").split()
    assert name.casefold() not in names_of(shown.analysis)
    assert not parse_rule(f'"{name}"').explain(shown.analysis).fired
    assert shown.analysis.response == {}


def test_people_stay_counted():
    """Two people, told as woman and man, are two people when neither is said."""
    woman = label("Woman", 98.0, HERE, parents=LIKE_WOMAN)
    man = label("Man", 97.0, THERE, parents=("Adult", "Male", "Person"))
    adult = label("Adult", 98.0, HERE, THERE, parents=("Person",))
    person = label("Person", 98.0, HERE, THERE)

    assert counts(seen(woman, man, adult, person)) == {"Person": 2}


@pytest.mark.parametrize("person", [(), (label("Person", 98.0, HERE),), (label("Person", 98.0),)])
def test_people_without_own_box(person):
    """Whom only withheld names locate is counted as a Person, once however many they are."""
    woman = label("Woman", 98.0, HERE, THERE, parents=LIKE_WOMAN)
    female = label("Female", 98.0, HERE, THERE, parents=("Person",))

    assert counts(seen(woman, female, *person)) == {"Person": 2}


def test_person_that_nothing_locates():
    """A withheld name without a box still says that there is a Person."""
    assert names(seen(label("Girl", 97.0, parents=("Female", "Person")))) == {"Person"}


def test_person_can_be_withheld():
    """Where an admin withholds Person too, nobody is counted."""
    woman = label("Woman", 98.0, HERE, parents=LIKE_WOMAN)

    assert names(seen(woman, withholding=Withholding({"person": True}))) == set()


def test_admin_shows_label():
    """What an admin shows is shown, under its name."""
    woman = label("Woman", 98.0, HERE, parents=LIKE_WOMAN)
    shown = seen(woman, label("Person", 98.0, HERE), withholding=Withholding({"woman": False}))

    assert counts(shown) == {"Woman": 1}
    assert names_of(shown.analysis) == {"woman", "person"}


def test_admin_withholds_label():
    """What an admin withholds is gone, with no trace in the parents of others."""
    dalmatian = label("Dalmatian", 95.0, HERE, parents=("Animal", "Dog"))
    shown = seen(DOG, dalmatian, withholding=Withholding({"dog": True}))

    assert names(shown) == {"Dalmatian"}
    assert "dog" not in names_of(shown.analysis)


@pytest.mark.parametrize(
    ("name", "category", "is_shown"),
    [
        ("Wizard", "Person Description", False),
        ("Cleric", "Religion", False),
        ("Wizard", "Profession", True),
        ("Wizard", None, True),
        ("Face", "Person Description", True),
        ("Temple", "Religion", True),
    ],
)
def test_unknown_personal_label_waits(name, category, is_shown):
    """A label of a personal category that nobody has decided about is withheld, and says so."""
    one = label(name, 95.0, categories=(category,) if category else ())

    assert names(seen(one)) == ({name} if is_shown else set())
    assert Withholding().is_waiting(one) != is_shown
    assert not Withholding({name.casefold(): False}).is_waiting(one)


def test_lists_do_not_overlap():
    """No label is on both lists, and none on one of them twice."""
    both = [*ALL_WITHHELD, *HARMLESS]

    assert len(set(both)) == len(both)
    assert PERSON in HARMLESS


# -- corrections


def said(kind, name, to=None):
    """A correction."""
    return Correction(kind, name, to)


@pytest.mark.parametrize(
    ("corrections", "expected"),
    [
        ([], {"Dog", "Grass"}),
        ([said("wrong", "dog")], {"Grass"}),
        ([said("wrong", "DOG"), said("wrong", "grass")], set()),
        ([said("wrong", "cat")], {"Dog", "Grass"}),
        ([said("add", "Cat")], {"Cat", "Dog", "Grass"}),
        ([said("add", "dog")], {"Dog", "Grass"}),
        ([said("rename", "dog", "Wolf")], {"Wolf", "Grass"}),
        ([said("rename", "cat", "Wolf")], {"Wolf", "Dog", "Grass"}),
        ([said("wrong", "dog"), said("add", "Dog")], {"Dog", "Grass"}),
        ([said("add", "Dog"), said("wrong", "dog")], {"Grass"}),
        ([said("rename", "dog", "Wolf"), said("wrong", "wolf")], {"Grass"}),
        ([said("rename", "dog", "Grass")], {"Grass"}),
    ],
)
def test_corrections(corrections, expected):
    """Corrections apply in their order, and what was said only because of a label goes with it."""
    assert names(seen(*DOG_AND_KINDS, corrections=corrections)) == expected


def test_rename_keeps_boxes():
    """What was renamed stays where it was, and is said by a person."""
    shown = seen(*DOG_AND_KINDS, corrections=[said("rename", "dog", "Wolf")])
    wolf = next(one for one in shown.analysis.labels if one.name == "Wolf")

    assert wolf.instances == DOG.instances
    assert wolf.origin == "human"
    assert {one.origin for one in shown.analysis.labels if one is not wolf} == {"machine"}
    assert summary.headline(shown.summary()) == "1 Wolf (corrected) · Grass"


def test_correction_is_said():
    """A label that a person added says so in place of a percentage, in every kind of words."""
    shown = seen(label("Beach"), corrections=[said("add", "Kite")]).summary()

    assert summary.headline(shown) == "Kite (corrected), Beach"
    assert alt_text(shown) == "Picture showing Kite (corrected), Beach."


@pytest.mark.parametrize(
    "newer",
    [
        (label("Cat", 99.9, HERE),),
        (label("Cat", 99.9, HERE, THERE), label("Animal", 99.0)),
        (label("Feline", 99.9, HERE, aliases=("Cat",)),),
        (),
    ],
)
def test_correction_outlives_models(newer):
    """What is wrong stays wrong, and what was added stays, whatever a newer model says."""
    corrections = [said("wrong", "Cat"), said("add", "Fox")]
    shown = seen(*newer, corrections=corrections)

    assert "Fox" in names(shown)
    assert "cat" not in names_of(shown.analysis)


def test_no_kind_of_what_is_wrong():
    """A watch for what is wrong does not fire for a kind of it either."""
    kitten = label("Kitten", 99.0, HERE, parents=("Animal", "Cat"))
    shown = seen(kitten, label("Cat", 99.0, HERE), corrections=[said("wrong", "cat")])

    assert names(shown) == {"Kitten"}
    assert not parse_rule("cat").explain(shown.analysis).fired


def test_added_withheld_label():
    """A person's word does not bring a withheld label back either."""
    corrections = [said("add", "Woman"), said("rename", "Dog", "Girl")]

    assert names(seen(*DOG_AND_KINDS, corrections=corrections)) == {"Grass"}


@pytest.mark.parametrize("name", ["Wizard", "Two Girls", "Bride And Groom"])
def test_other_words_for_withheld(name):
    """Neither a label that waits for an admin nor words around a withheld one come back."""
    wizard = label("Wizard", 95.0, categories=("Person Description",))

    assert names(seen(wizard, corrections=[said("add", name)])) == set()


def test_wrong_person_stays_gone():
    """When there is no person after all, no withheld name brings one back."""
    woman = label("Woman", 98.0, HERE, parents=LIKE_WOMAN)
    shown = seen(woman, label("Person", 98.0, HERE), corrections=[said("wrong", "person")])

    assert shown.analysis.labels == ()


def test_no_threshold_for_people():
    """What a person says is shown under any threshold."""
    settings = ShowSettings(threshold_percent=99.0, by_label={"Cat": 100.0})
    shown = seen(label("Cat", 60.0), settings=settings, corrections=[said("add", "cat")])

    assert names(shown) == {"Cat"}


labels = st.builds(
    Label,
    name=st.sampled_from(["Dog", "Cat", "Person", "Woman", "Man", "Adult", "Grass"]),
    confidence_percent=st.floats(55, 100),
    instances=st.lists(
        st.builds(Instance, st.sampled_from([HERE, THERE]), st.floats(55, 100)), max_size=2
    ).map(tuple),
    parents=st.lists(
        st.sampled_from(["Person", "Adult", "Woman", "Dog", "Animal"]), unique=True
    ).map(tuple),
)
corrections = st.builds(
    Correction,
    kind=st.sampled_from(["wrong", "add", "rename"]),
    label=st.sampled_from(["Dog", "Cat", "Person", "Woman"]),
    to=st.sampled_from(["Wolf", "Woman", "Dog"]),
)


@given(st.lists(labels, max_size=6), st.lists(corrections, max_size=4))
def test_nothing_withheld_is_ever_shown(found, said_since):
    """No answer and no corrections ever let a withheld name through; the input is left alone."""
    analysis = Analysis(tuple(found))
    before = dataclasses.replace(analysis)
    shown = show(analysis, settings=DEFAULTS, withholding=Withholding(), corrections=said_since)

    assert names_of(shown).isdisjoint({"woman", "man", "adult"})
    assert analysis == before
