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
    names = wanted.labels
    if names and wanted == Rule(Term(names[0])):
        return rule.labels != () and {*map(_key, rule.labels)} == {_key(names[0])}
    return rule.key == wanted.key


def _key(label: str) -> str:
    return Term(label).key
