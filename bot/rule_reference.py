"""Which of the rules that are there somebody means by what they type. No Slack, no database."""

from __future__ import annotations

from bot.rules import Rule, Term


def is_meant(rule: Rule, wanted: Rule) -> bool:
    """A label alone stands for every rule about just that label; anything more for that very rule.

    >>> from bot.rules import parse_rule
    >>> is_meant(parse_rule("dog over 90%"), parse_rule("Dog"))
    True
    >>> is_meant(parse_rule("dog or cat"), parse_rule("dog"))
    False
    """
    if wanted == Rule(wanted.terms[0]) and wanted.terms[0] == Term(wanted.terms[0].label):
        return {term.key for term in rule.terms} == {wanted.terms[0].key}
    return rule.key == wanted.key
