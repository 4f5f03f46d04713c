import pytest

from bot.model import Analysis, Instance, Label, RatioBox
from bot.rules import parse_rule

BOX = RatioBox(0.1, 0.1, 0.2, 0.2)
STREET = Analysis(
    (
        Label("Vehicle", 99.0),
        Label("Car", 98.6, (Instance(BOX, 98.6),), parents=("Vehicle", "Transportation")),
        Label("Sedan", 85.0, parents=("Car", "Vehicle", "Transportation")),
        Label("Mobile Phone", 92.0, parents=("Phone",), aliases=("Cell Phone",)),
        Label("Dog", 79.6, (Instance(BOX, 79.6),), parents=("Animal",)),
        Label("Caño Cristales", 60.0),
    )
)


@pytest.mark.parametrize(
    ("text", "matched", "why"),
    [
        ("car", ["Car"], "Car (99 %)."),
        ("SEDAN", ["Sedan"], "Sedan (85 %)."),
        (
            "vehicle",
            ["Vehicle", "Car"],
            "Vehicle (99 %), Car (99 %, a kind of Vehicle).",
        ),
        (
            "transportation",
            ["Car"],
            "Car (99 %, a kind of Transportation).",
        ),
        (
            "cell phone",
            ["Mobile Phone"],
            "Mobile Phone (92 %, also called Cell Phone).",
        ),
        ("phone over 92%", ["Mobile Phone"], None),
        ("dog over 79%", ["Dog"], "Dog (80 %)."),
        ("can\u0303o cristales over 60", ["Caño Cristales"], None),
    ],
)
def test_rule_fires(text, matched, why):
    """A rule fires by name, alias or parent, case aside, and names what was seen how surely."""
    verdict = parse_rule(text).explain(STREET)

    assert verdict.fired
    assert [label.name for label in verdict.matched] == matched
    assert why in {None, verdict.why}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("dog", "Not sure enough, below 80 %: Dog (79 %)."),
        ("animal", "Not sure enough, below 80 %: Dog (79 %, a kind of Animal)."),
        ("car over 98.7%", "Not sure enough, below 98.7 %: Car (98 %)."),
        ("cat", "No “cat” was seen."),
        ("phon", "No “phon” was seen."),
    ],
)
def test_rule_does_not_fire(text, why):
    """A rule that does not fire says why, with the values."""
    verdict = parse_rule(text).explain(STREET)

    assert not verdict.fired
    assert verdict.matched == ()
    assert verdict.why == why


@pytest.mark.parametrize(
    ("text", "threshold", "fired"),
    [
        ("dog", 79.6, True),
        ("dog", 79.7, False),
        ("dog over 79.6%", 99.0, True),
        ("dog over 79.61%", 50.0, False),
    ],
)
def test_limits_include_themselves(text, threshold, fired):
    """A rule's own percentage wins over the threshold, and both include themselves."""
    assert parse_rule(text).explain(STREET, threshold_percent=threshold).fired is fired


def test_boxless_kinds_are_no_news():
    """Who watches Person is not told of a Smile, though Rekognition calls it a kind of Person."""
    person = Label("Person", 99.0, (Instance(BOX, 99.0),))
    smile = Label("Smile", 98.0, parents=("Person",))

    verdict = parse_rule("person").explain(Analysis((smile, person)))

    assert verdict.matched == (person,)


def test_why_names_three():
    """However many labels were too unsure, the three surest are named."""
    kinds = [Label(f"Kind {n}", 60.0 + n, parents=("Thing",)) for n in range(9)]

    why = parse_rule("thing").explain(Analysis(tuple(kinds))).why

    assert [f"Kind {n} " in why for n in range(9)] == [False] * 6 + [True] * 3


def seen(name, *boxes, percent=99.0, **facts):
    """A label with boxes of so much of the picture's width, from top to bottom, side by side."""
    found, left = [], 0.0
    for width in boxes:
        found.append(Instance(RatioBox(left, 0.0, width, 1.0), percent))
        left += width
    return Label(name, percent, tuple(found), **facts)


CROWD = Analysis((seen("Person", 0.25, 0.1, 0.05), seen("Beach"), seen("Ball", 0.5, percent=60.0)))
TRAFFIC = Analysis(
    (
        seen("Vehicle"),
        seen("Car", 0.3, 0.2, parents=("Vehicle",)),
        seen("Sedan", 0.3, parents=("Car", "Vehicle")),
        Label("Bus", 90.0, (Instance(RatioBox(0.9, 0.5, 0.6, 0.9), 90.0),), parents=("Vehicle",)),
    )
)


@pytest.mark.parametrize(
    ("text", "analysis", "fired"),
    [
        ("person over 99%", CROWD, True),
        ("person over 99.5%", CROWD, False),
        ("person at least 3", CROWD, True),
        ("person at least 4", CROWD, False),
        ("person at most 3", CROWD, True),
        ("person at most 2", CROWD, False),
        ("person at least 2 at most 3", CROWD, True),
        ("person at least 1 at most 2", CROWD, False),
        ("dog at most 3", CROWD, False),
        ("person bigger than 25%", CROWD, True),
        ("person bigger than 25.01%", CROWD, False),
        ("person bigger than 10% at least 2", CROWD, True),
        ("person bigger than 10% at least 3", CROWD, False),
        ("person bigger than 10% at most 2", CROWD, True),
        ("beach at least 1", CROWD, True),
        ("beach at most 1", CROWD, True),
        ("beach at least 2", CROWD, False),
        ("beach bigger than 1%", CROWD, False),
        ("ball bigger than 1%", CROWD, False),
        ("ball over 60% bigger than 50%", CROWD, True),
        ("ball over 60% at least 1", CROWD, True),
        ("vehicle at least 3", TRAFFIC, True),
        ("vehicle at least 4", TRAFFIC, False),
        ("car at least 2", TRAFFIC, True),
        ("car at least 3", TRAFFIC, False),
        ("vehicle over 95% at least 3", TRAFFIC, False),
        ("bus bigger than 5%", TRAFFIC, True),
        ("bus bigger than 6%", TRAFFIC, False),
        ("exact:vehicle", TRAFFIC, True),
        ("exact:vehicle at least 2", TRAFFIC, False),
    ],
)
def test_condition_holds(text, analysis, fired):
    """Confidence, number and size hold for the boxes that reach them, each thing once."""
    assert parse_rule(text).explain(analysis).fired is fired


@pytest.mark.parametrize(
    ("text", "fired"),
    [
        ("transportation", True),
        ("exact:transportation", False),
        ("exact:car", True),
        ("exact:cell phone", True),
        ("exact:phone", False),
        ("category:transportation", False),
        ("category:vehicles and automotive", False),
        ('category:"vehicles and automotive"', True),
        ('category:"Vehicles and Automotive" over 99.5%', False),
        ('"vehicles and automotive"', False),
    ],
)
def test_exact_and_category(text, fired):
    """Parents count unless a label is exact; a category is met by what is in it, and only so."""
    car = Label("Car", 99.0, parents=("Transportation",), categories=("Vehicles and Automotive",))
    phone = Label("Mobile Phone", 92.0, parents=("Phone",), aliases=("Cell Phone",))

    assert parse_rule(text).explain(Analysis((car, phone))).fired is fired


@pytest.mark.parametrize(
    ("text", "analysis", "why"),
    [
        ("person at least 4", CROWD, "Too few: “person” was seen 3 times, at least 4 wanted."),
        ("person at most 2", CROWD, "Too many: “person” was seen 3 times, at most 2 wanted."),
        ("beach at least 2", CROWD, "Too few: “beach” was seen once, at least 2 wanted."),
        (
            "person bigger than 30%",
            CROWD,
            "Too small: “person” covers 25 % of the picture, at least 30 % wanted.",
        ),
        ("beach bigger than 1%", CROWD, "No size is known of “beach”."),
        ("ball bigger than 1%", CROWD, "Not sure enough, below 80 %: Ball (60 %)."),
        ("person at least 3", CROWD, "Person (99 %), 3 times."),
        (
            "person bigger than 10% over 90%",
            CROWD,
            "Person (99 %), covers 25 % of the picture.",
        ),
        ('category:"fun"', Analysis(()), "Nothing of the category “fun” was seen."),
        (
            "category:fun",
            Analysis((Label("Ball", 90.0, categories=("Fun",)),)),
            "Ball (90 %, in fun).",
        ),
    ],
)
def test_why_has_values(text, analysis, why):
    """Why a condition holds or fails is said with the values."""
    assert parse_rule(text).explain(analysis).why == why


def test_faces_are_not_counted():
    """A label that is located itself counts its own boxes, and not those of its parts."""
    face = seen("Face", 0.05, 0.04, parents=("Person",))

    assert not parse_rule("person at least 2").explain(Analysis((seen("Person", 0.3), face))).fired
