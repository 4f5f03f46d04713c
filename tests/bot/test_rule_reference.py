import pytest

from bot.rule_reference import is_meant
from bot.rules import parse_rule


@pytest.mark.parametrize(
    ("rule", "wanted", "expected"),
    [
        ("dog", "DOG", True),
        ("dog over 90% every 1h", "dog", True),
        ("dog or cat", "dog", False),
        ("dog over 90% or dog at least 2", "dog", True),
        ("exact:dog", "dog", True),
        ("dog", "exact:dog", False),
        ("dog over 90%", "dog over 90%", True),
        ("dog over 90%", "dog over 80%", False),
        ("cat or dog", "dog or cat", True),
        ('category:"dog"', "dog", False),
        ("dog", 'category:"dog"', False),
        ('dog and category:"pets"', "dog", False),
        ("cat and not dog", "cat", False),
    ],
)
def test_what_is_meant(rule, wanted, expected):
    """A label alone stands for every rule about just that label, and more for that very rule."""
    assert is_meant(parse_rule(rule), parse_rule(wanted)) is expected
