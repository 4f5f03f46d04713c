import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import CommandError
from bot.model import Analysis, Instance, Label, RatioBox
from bot.rules import Rule, Term, label_key, names_of, parse_rule, tidy

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


def refused(text):
    """Read a rule that cannot be followed and hand back why."""
    with pytest.raises(CommandError) as caught:
        parse_rule(text)
    return caught.value.facts


def read(text):
    """Read a rule as far as it can be read."""
    try:
        return parse_rule(text)
    except CommandError:
        return None


@pytest.mark.parametrize(
    ("text", "label", "over_percent", "printed"),
    [
        ("dog", "dog", None, "dog"),
        ("Dog", "Dog", None, "Dog"),
        ("  mobile \t phone ", "mobile phone", None, "mobile phone"),
        ("mobile\u00a0phone", "mobile phone", None, "mobile phone"),
        ("zero\u200bwidth", "zerowidth", None, "zerowidth"),
        ('"mobile phone"', "mobile phone", None, "mobile phone"),
        ("“mobile  phone”", "mobile phone", None, "mobile phone"),
        ("'mobile phone'", "mobile phone", None, "mobile phone"),
        ("\u2018mobile phone\u2019, over 90", "mobile phone", 90.0, "mobile phone over 90%"),
        ("`dog`", "dog", None, "dog"),
        ('"dog', "dog", None, "dog"),
        ("dog.", "dog", None, "dog"),
        ("farmer\u2019s market", "farmer's market", None, "farmer's market"),
        ("'farmer's market'", "farmer's market", None, "farmer's market"),
        ("St. Peter's Basilica", "St. Peter's Basilica", None, "St. Peter's Basilica"),
        ("18-wheeler truck", "18-wheeler truck", None, "18-wheeler truck"),
        ("can\u0303o", "caño", None, "caño"),
        ("dog over 90%", "dog", 90.0, "dog over 90%"),
        ("dog OVER 90 %", "dog", 90.0, "dog over 90%"),
        ("dog, over 90 percent.", "dog", 90.0, "dog over 90%"),
        ("dog over 90", "dog", 90.0, "dog over 90%"),
        ("dog over 85,5%", "dog", 85.5, "dog over 85.5%"),
        ("dog over 0.01", "dog", 0.01, "dog over 0.01%"),
        ("dog over 100%", "dog", 100.0, "dog over 100%"),
        ('"Mac and Cheese"', "Mac and Cheese", None, '"Mac and Cheese"'),
        ('mac "and" cheese over 90', "mac and cheese", 90.0, '"mac and cheese" over 90%'),
        ('"game over"', "game over", None, '"game over"'),
        ('"over"', "over", None, '"over"'),
        ('"wow!"', "wow!", None, '"wow!"'),
        ("Bun (Hairstyle)", "Bun (Hairstyle)", None, '"Bun (Hairstyle)"'),
        ("Cabin In The Woods", "Cabin In The Woods", None, "Cabin In The Woods"),
    ],
)
def test_rule_reads_and_prints(text, label, over_percent, printed):
    """A rule is read forgivingly, keeps the spelling that was typed, and prints tidily."""
    rule = parse_rule(text)

    assert rule == Rule(Term(label, over_percent=over_percent))
    assert str(rule) == printed


PIECES = st.sampled_from(
    ["dog", "Mac", "and", "over", "90%", "(x)", '"', "“", "'", "\u2019", ",", ".", " ", "é"]
)
TEXTS = st.text(max_size=40) | st.lists(PIECES, max_size=12).map(" ".join)


@given(TEXTS | TEXTS.map(lambda text: f'"{text}" over 5'))
@example('A"\u0300')
@example("\u1fef\u1fef")
@example("\"x 'a' y\" over 1.005")
def test_print_inverts_parse(text):
    """Whatever can be read prints as something that reads back as the same rule."""
    rule = read(text)

    assert rule is None or parse_rule(str(rule)) == rule


@given(st.text(max_size=40).map(lambda text: text.replace('"', "")))
def test_any_quoted_name_reads(text):
    """Every visible name of a tidy spelling can be watched when it stands in quotes."""
    name = tidy(text).replace('"', "")
    rule = read(f'"{name}"')

    assert rule == (Rule(Term(tidy(name))) if name.strip() else None)


@pytest.mark.parametrize(
    ("text", "problem", "example"),
    [
        ("", "Which label?", "dog over 90%"),
        ('""', "Which label?", "dog over 90%"),
        ("over 90%", "Which label?", "dog over 90%"),
        ("...", "Which label?", "dog over 90%"),
        ("x" * 101, "at most 100 characters", "mobile phone"),
        ("dog over", "“over” needs a percentage", "dog over 90%"),
        ("dog over nine", "“nine” is not a percentage", "dog over 90%"),
        ("dog over -5", "“-5” is not a percentage", "dog over 90%"),
        ("dog over 0%", "“0%” is out of range", "dog over 90%"),
        ("dog over 0.001%", "“0.001%” is out of range", "dog over 90%"),
        ("dog over 100.5", "“100.5” is out of range", "dog over 90%"),
        (f"dog over {'9' * 400}", "is out of range", "dog over 90%"),
        ("dog over 90% cat", "“cat” cannot stand here", "dog over 90% or cat"),
        ("dog over 90% over 80%", "“over 80%” contradicts", "dog over 90%"),
        ('"mac and cheese" over x', "“x” is not a percentage", '"mac and cheese" over 90%'),
        ("dog > 90", "“>” cannot be part", "mobile phone"),
    ],
)
def test_refusal_points_at_word(text, problem, example):
    """A refusal names the word that it stumbled over and gives an example that works."""
    facts = refused(text)

    assert problem in facts["problem"]
    assert facts["example"] == f"/labels watch {example}"
    assert parse_rule(example)


def test_refusals_stay_short():
    """However much was typed, a refusal quotes little of it."""
    assert len(refused("dog over " + "9" * 5000)["problem"]) < 120


@pytest.mark.parametrize(
    ("text", "matched", "why"),
    [
        ("car", ["Car"], "Seen at 80 % or more: Car (99 %)."),
        ("SEDAN", ["Sedan"], "Seen at 80 % or more: Sedan (85 %)."),
        (
            "vehicle",
            ["Vehicle", "Car"],
            "Seen at 80 % or more: Vehicle (99 %), Car (99 %, a kind of Vehicle).",
        ),
        (
            "transportation",
            ["Car"],
            "Seen at 80 % or more: Car (99 %, a kind of Transportation).",
        ),
        (
            "cell phone",
            ["Mobile Phone"],
            "Seen at 80 % or more: Mobile Phone (92 %, also called Cell Phone).",
        ),
        ("phone over 92%", ["Mobile Phone"], None),
        ("dog over 79%", ["Dog"], "Seen at 79 % or more: Dog (80 %)."),
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
        ("dog", "Seen, but below 80 %: Dog (79 %)."),
        ("animal", "Seen, but below 80 %: Dog (79 %, a kind of Animal)."),
        ("car over 98.7%", "Seen, but below 98.7 %: Car (98 %)."),
        ("cat", "“cat” was not seen in this picture."),
        ("phon", "“phon” was not seen in this picture."),
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


@given(
    st.sampled_from(["Car", "vehicle", "cell phone", "dog", "cat", "PHONE", "Animal"]),
    st.floats(1, 100),
)
def test_index_keys_miss_nothing(label, percent):
    """A rule fires only where one of its index keys is among the picture's names."""
    rule = Rule(Term(label, over_percent=percent))

    assert not rule.explain(STREET).fired or rule.index_keys & names_of(STREET)


def test_names_are_keys():
    """The names of a picture are its labels, parents and aliases, case-folded."""
    names = names_of(Analysis((STREET.labels[3],)))

    assert names == {"mobile phone", "phone", "cell phone"}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("dog", "Dog", True),
        ("“Mobile  Phone” over 90", "mobile phone over 90.0%", True),
        ("dog", "dog over 80%", False),
        ("dog", "cat", False),
    ],
)
def test_same_rule_despite_spelling(one, other, same):
    """Two rules are the same when they ask for the same, however they are spelt."""
    assert (parse_rule(one).key == parse_rule(other).key) is same


def test_keys_forgive_spelling():
    """Labels are compared without regard to case, quotes' shape, spaces and composition."""
    assert label_key("FARMER\u2019S  MARKET") == label_key("Farmer's Market")
    assert label_key("CAN\u0303O") == label_key("caño")
