import dataclasses

import pytest

from bot.rules import parse_rule


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("dog", "Dog", True),
        ("“Mobile  Phone” over 90", "mobile phone over 90.0%", True),
        ("dog", "dog over 80%", False),
        ("dog", "cat", False),
        ("dog", "exact:dog", False),
        ("dog", "category:dog", False),
        ("dog or cat", "Cat or Dog or cat", True),
        ("dog and cat", "dog or cat", False),
        ("helmet missing where person", "person and not helmet", True),
        ("(dog or cat) over 90%", "cat over 90% or dog over 90%", True),
        ("dog in <#C1>, <#C2>", "dog in <#C2> in <#C1|photos>", True),
        ("dog in <#C1>", "dog not in <#C1>", False),
        ("dog every 1h", "dog every 60m", True),
        ("dog tell me", "dog", True),
        ("dog tell <#C1>", "dog", False),
        ("dog in s3://b/K", "dog in s3://B/K/", True),
        ("dog in s3://b/K", "dog in s3://b/k", False),
    ],
)
def test_same_rule_despite_spelling(one, other, same):
    """Two rules are the same when they ask for the same, however they are spelt."""
    assert (parse_rule(one).key == parse_rule(other).key) is same


def test_rule_hands_out_labels():
    """A rule tells which labels it is about, and takes others in their place."""
    rule = parse_rule("Hat missing where category:sports and Dog over 90% in <#C1>")
    other = rule.with_terms(lambda term: dataclasses.replace(term, label=term.label.upper()))

    assert rule.labels == ("Hat", "Dog")
    assert [term.label for term in rule.terms] == ["Hat", "sports", "Dog"]
    assert str(other) == "HAT missing where category:SPORTS and DOG over 90% in <#C1>"
