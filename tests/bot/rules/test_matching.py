import pytest
from hypothesis import given

from bot.model import Analysis, Label
from bot.rules import Posted, Rule, names_of, parse_rule
from tests.generated_rules import analyses, few_terms, trees

SITE = Analysis((Label("Person", 99.0), Label("Outdoors", 90.0), Label("Helmet", 70.0)))
"""A person outdoors, with what is perhaps a helmet."""


@pytest.mark.parametrize(
    ("text", "fired"),
    [
        ("person and outdoors", True),
        ("person and dog", False),
        ("dog and person", False),
        ("dog or person", True),
        ("dog or cat", False),
        ("person and not dog", True),
        ("person and not outdoors", False),
        ("helmet missing where person", True),
        ("helmet over 60% missing where person", False),
        ("helmet missing where dog", False),
        ("outdoors missing where person", False),
        ("person and not (dog or cat)", True),
        ("person and not (dog or outdoors)", False),
        ("person and not (dog and outdoors)", True),
        ("person and not (person and outdoors)", False),
        ("(dog or person) and (outdoors or cat)", True),
        ("dog or person and outdoors", True),
        ("(dog or person) and cat", False),
        ("(person or helmet) over 65%", True),
        ("(person and helmet) over 65%", True),
        ("(person and helmet) over 75%", False),
    ],
)
def test_labels_joined(text, fired):
    """And, or, not and absence hold as one reads them; what is too unsure is absent."""
    assert parse_rule(text).explain(SITE).fired is fired


@pytest.mark.parametrize(
    ("text", "matched", "why"),
    [
        (
            "outdoors and person",
            ["Outdoors", "Person"],
            "Outdoors (90 %). Person (99 %).",
        ),
        ("dog or person", ["Person"], "Person (99 %)."),
        (
            "helmet missing where person",
            ["Person"],
            "Not sure enough, below 80 %: Helmet (70 %). Person (99 %).",
        ),
        ("person and dog and cat", [], "No “dog” was seen."),
        (
            "dog or cat",
            [],
            "No “dog” was seen. No “cat” was seen.",
        ),
        (
            "person and not outdoors",
            [],
            "Should not be there, but is: Outdoors (90 %).",
        ),
        ("person and person over 5%", ["Person"], None),
    ],
)
def test_verdict_says_why(text, matched, why):
    """A verdict names what was met, each label once, or the first condition that failed."""
    verdict = parse_rule(text).explain(SITE)

    assert [label.name for label in verdict.matched] == matched
    assert why in {None, verdict.why}


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("dog missing where person", ("dog",)),
        ("(dog or cat) missing where person", ("dog or cat",)),
        ("(person and dog over 90%) missing where outdoors", ("person and dog over 90%",)),
        ("(Dog missing where person) or (cat missing where person)", ("Dog", "cat")),
        ("(dog missing where cat) or person", ()),
        ("person and not dog", ()),
        ("person missing where outdoors", ()),
    ],
)
def test_what_is_missing(text, missing):
    """What is missing where something is, is told apart from what is merely ruled out."""
    assert parse_rule(text).explain(SITE).missing == missing


def test_scope_comes_first():
    """Where a picture is none of a rule's, that is why, whatever it shows."""
    verdict = parse_rule("person in <#C2>").explain(SITE, posted=Posted("C1", "U1"))

    assert (verdict.fired, verdict.matched) == (False, ())
    assert verdict.why == "Posted in none of its channels."


@given(analyses, trees(few_terms))
def test_index_keys_miss_nothing(analysis, query):
    """A rule fires only where one of its index keys is among the picture's names."""
    rule = Rule(query)

    assert rule.index_keys
    assert not rule.explain(analysis).fired or rule.index_keys & names_of(analysis)


@given(analyses, trees(few_terms))
def test_same_key_same_verdict(analysis, query):
    """Two rules that count as the same fire for the same pictures."""
    rule = Rule(query)

    assert parse_rule(rule.key).key == rule.key
    assert parse_rule(rule.key).explain(analysis).fired is rule.explain(analysis).fired


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Dog", {"dog"}),
        ("dog or cat", {"dog", "cat"}),
        ("(dog or cat) and bird", {"bird"}),
        ("helmet missing where person", {"person"}),
        ("category:'Animals and Pets'", {"category:animals and pets"}),
        ("category:sports and dog", {"dog"}),
        ("dog or category:sports and cat", {"dog", "cat"}),
    ],
)
def test_cheapest_keys(text, keys):
    """A rule is found by the fewest names that one of which must be there."""
    assert parse_rule(text).index_keys == keys


def test_names_are_keys():
    """The names of a picture are its labels, parents, aliases and categories, case-folded."""
    phone = Label(
        "Mobile Phone",
        92.0,
        parents=("Phone",),
        aliases=("Cell Phone",),
        categories=("Technology and Computing",),
    )

    assert names_of(Analysis((phone,))) == {
        "mobile phone",
        "phone",
        "cell phone",
        "category:technology and computing",
    }
