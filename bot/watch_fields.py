"""The long form of a watch: what stands in its fields, and the line that says the same.

Both ways, so that a watch can be changed in the fields that it was made in. No Slack, no database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.errors import CommandError
from bot.rules import And, Not, Or, Query, Rule, Term, parse_rule, print_duration, print_term

ANY = "or"
ALL = "and"
ALWAYS = "always"
"""In the place of a cool-down: told each time, whatever is snoozed."""


@dataclass(frozen=True)
class WatchFields:
    """What is typed and chosen; an empty field asks for nothing.

    `labels` and `without` are names as rules print them. `over`, `at_least` and `bigger` are
    numbers as they are typed. `every` is a cool-down such as 1h, or ALWAYS. `tell` is a channel.
    """

    labels: tuple[str, ...] = ()
    joined_by: str = ANY
    without: tuple[str, ...] = ()
    over: str = ""
    at_least: str = ""
    bigger: str = ""
    channels: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    every: str = ""
    tell: str = ""

    def __str__(self) -> str:
        """The same as one line, which `bot.rules.parse_rule` reads."""
        return " ".join(filter(None, (self._query(), *self._options())))

    def _query(self) -> str:
        conditions = (
            self.over and f"over {self.over}%",
            self.at_least and f"at least {self.at_least}",
            self.bigger and f"bigger than {self.bigger}%",
        )
        labels = f" {self.joined_by} ".join(self.labels)
        group = f"({labels})" if len(self.labels) > 1 else labels
        without = " and ".join(f"not {name}" for name in self.without)
        query = " ".join(filter(None, (group, *conditions)))
        return " and ".join(filter(None, (query, without)))

    def _options(self) -> Iterable[str]:
        if self.channels:
            yield "in " + ", ".join(f"<#{channel}>" for channel in self.channels)
        if self.people:
            yield "from " + ", ".join(f"<@{person}>" for person in self.people)
        if self.every:
            yield self.every if self.every == ALWAYS else f"every {self.every}"
        if self.tell:
            yield f"tell <#{self.tell}>"


def fields_of(rule: Rule) -> WatchFields | None:
    """The fields that say the same as a rule; None where it asks for more than they hold."""
    wanted, absent = _split(rule.query)
    joined_by, terms = _joined(wanted)
    if not terms:
        return None
    fields = WatchFields(
        labels=tuple(map(_name, terms)),
        joined_by=joined_by,
        without=tuple(map(_name, absent)),
        over=_number(terms[0].over_percent),
        at_least=_number(terms[0].at_least),
        bigger=_number(terms[0].bigger_than_percent),
        channels=rule.in_channels,
        people=rule.from_people,
        every=_rhythm(rule),
        tell=rule.tell or "",
    )
    return fields if _says_the_same(fields, rule) else None


def _says_the_same(fields: WatchFields, rule: Rule) -> bool:
    try:
        return parse_rule(str(fields)).key == rule.key
    except CommandError:
        return False


def _split(query: Query) -> tuple[tuple[Query, ...], list[Term]]:
    """What must be there, and the labels that must not."""
    parts = query.operands if isinstance(query, And) else (query,)
    absent = [
        part.operand for part in parts if isinstance(part, Not) and isinstance(part.operand, Term)
    ]
    return tuple(part for part in parts if not isinstance(part, Not)), absent


def _joined(wanted: tuple[Query, ...]) -> tuple[str, list[Term]]:
    """How the labels that must be there are joined, and which they are; none where they nest."""
    joined_by = ALL
    if len(wanted) == 1:
        (only,) = wanted
        joined_by, wanted = ANY, only.operands if isinstance(only, Or) else wanted
    terms = [part for part in wanted if isinstance(part, Term)]
    return joined_by, terms if len(terms) == len(wanted) else []


def _name(term: Term) -> str:
    """A label without its conditions."""
    return print_term(Term(term.label, exact=term.exact, is_category=term.is_category))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _rhythm(rule: Rule) -> str:
    if rule.always:
        return ALWAYS
    return "" if rule.every_s is None else print_duration(rule.every_s)
