import pytest

from bot.rules import parse_rule


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("((a)) and (b and c)", "a and b and c"),
        ("(a and b) or c", "a and b or c"),
        ("a and (b or c)", "a and (b or c)"),
        ("a and not (b and c)", "a and not (b and c)"),
        ("not a and b", "a missing where b"),
        ("b and not a", "b and not a"),
        ("a missing where b or c", "a missing where b or c"),
        ("a missing where (b or c) and d", "a missing where (b or c) and d"),
        ("(not a and b) or c", "not a and b or c"),
        ("(a or b) over 5%", "a over 5% or b over 5%"),
        ("exact:'x' OR category:y z", "exact:x or category:y z"),
        ("'Mac AND cheese' and St. Peter's.", '"Mac AND cheese" and St. Peter\'s'),
        ("bun (hairstyle)", '"bun (hairstyle)"'),
        ('"in" and "hat in" and "in the hat"', '"in" and "hat in" and in the hat'),
        ("a bigger than 5 at most 3 at least 2 over 1", None),
    ],
)
def test_rule_prints(text, printed):
    """A rule prints with brackets and quotes only where it would be another one without them."""
    in_order = "a over 1% at least 2 at most 3 bigger than 5%"

    assert str(parse_rule(text)) == (printed or in_order)
