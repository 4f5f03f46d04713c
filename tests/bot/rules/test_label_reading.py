import pytest

from bot.errors import CommandError
from bot.rules import And, Not, Or, Term, parse_rule

A, B, C = map(Term, "abc")


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("a and b", And((A, B))),
        ("a or b and c", Or((A, And((B, C))))),
        ("(a or b) and c", And((Or((A, B)), C))),
        ("a and not b or c", Or((And((A, Not(B))), C))),
        ("a and not (b or c)", And((A, Not(Or((B, C)))))),
        ("a missing where b", And((Not(A), B))),
        ("a missing where b and c", And((Not(A), B, C))),
        ("a missing where b or c", And((Not(A), Or((B, C))))),
        ("(a or b) missing where c", And((Not(Or((A, B))), C))),
        ("not a missing where b", And((A, B))),
        ("(a missing where b) or c", Or((And((Not(A), B)), C))),
        ("((a)) or (b or (c))", Or((A, B, C))),
        ("a and not not b", And((A, B))),
        ("a or A or “a”", A),
        ("a and b over 5%", And((A, Term("b", over_percent=5.0)))),
        (
            "(a or b over 9%) over 5% at least 2",
            Or((Term("a", over_percent=5.0, at_least=2), Term("b", over_percent=9.0, at_least=2))),
        ),
        ("exact:a or category: b", Or((Term("a", exact=True), Term("b", is_category=True)))),
        ("exact:a b or (category:'c')", Or((Term("a b", exact=True), Term("c", is_category=True)))),
        ("bun (hairstyle) or (b)", Or((Term("bun (hairstyle)"), B))),
        ("cabin in the woods and b", And((Term("cabin in the woods"), B))),
    ],
)
def test_labels_are_joined(text, query):
    """Not binds tightest, then and, then or; "missing where" has all that follows on its right."""
    assert parse_rule(text).query == query


@pytest.mark.parametrize(
    ("text", "problem", "example"),
    [
        ("x" * 101, "at most 100 characters", "mobile phone"),
        ("dog > 90", "“>” cannot be part of a label's name", "mobile phone"),
        ("label:dog", "“label:dog” cannot be part", "mobile phone"),
        ("dog or", "“or” needs a label behind it", "dog or cat"),
        ("dog and not", "“not” needs a label behind it", "dog and not cat"),
        ("exact:", "“exact:” needs a label behind it", "exact:cat"),
        ("()", "“(” needs a label behind it", "( cat )"),
        ("or dog", "“or” needs a label before it", "dog"),
        ("dog and or cat", "“or” needs a label before it", "dog and cat"),
        ("dog, cat", "“cat” cannot stand here", "dog or cat"),
        ('dog over 90% "mobile phone"', "“mobile phone” cannot", 'dog over 90% or "mobile phone"'),
        ("dog (cat or bird)", "“(” cannot stand here", "dog or (cat or bird)"),
        ("dog not indoors", "“not” needs “and” before it", "dog and not indoors"),
        ("dog where cat", "“where” belongs behind “missing”", "dog missing where cat"),
        ("dog missing", "“missing” goes on with “where”", "dog missing where person"),
        ("dog missing cat", "“missing” goes on with “where”", "dog missing where cat"),
        ("a or b missing where c", "What is missing stands first", "(a or b) missing where c"),
        ("(dog or cat", "A bracket is not closed", "(dog or cat)"),
        ("(dog in <#C1>)", "cannot stand in brackets", "(dog) in <#C1>"),
        ("dog or cat)", "“)” closes no bracket", "dog or cat"),
        ("exact:category:dog", "do not go together", "exact:vehicle"),
        ("dog <#C1|photos>", "“#photos” needs “in” before it", "dog in <#C1|photos>"),
        ("dog <@U1|ana> every 1h", "“@ana” needs “from” before", "dog from <@U1|ana> every 1h"),
    ],
)
def test_refusal_points_at_word(text, problem, example):
    """A refusal names the word that it stumbled over, and puts right what was typed."""
    with pytest.raises(CommandError) as caught:
        parse_rule(text)

    assert problem in caught.value.facts["problem"]
    assert caught.value.facts["example"] == f"/labels watch {example}"
