"""Reads the options of a rule, in any order: `in`, `not from`, `every`, `tell` and so on."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.rules.cursor import Cursor, Stumble
from bot.rules.options import EVERY_LEAST_S, EVERY_MOST_S, UNITS_S
from bot.rules.words import BOTS, ME, Word, join_words, shown

_CHANNEL = re.compile(r"<#([A-Z0-9]+)(?:\|[^>]*)?>")
_PERSON = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_S3 = re.compile(r"<?s3://([a-z0-9][a-z0-9._-]*)(/[^|>]*?)?/*(?:\|[^>]*)?>?", re.IGNORECASE)
_DURATION = re.compile(r"(\d{1,7})?([a-z]*)", re.IGNORECASE)
_WORDS_S = {"sec": 1, "second": 1, "min": 60, "minute": 60, "hour": 3_600, "day": 86_400}
_UNITS_S = UNITS_S | _WORDS_S | {"w": 604_800, "week": 604_800}

Found = dict[str, Any]
Entry = tuple[str, str]


def read_options(cursor: Cursor, before: Mapping[str, Any] | None = None) -> Found:
    """All options that stand here, beside those found before, by their names in `Options`.

    Raises: Stumble.
    """
    reader = _OptionReader(cursor, dict(before or {}))
    while reader.reads_one():
        pass
    return reader.found


class _OptionReader:
    def __init__(self, cursor: Cursor, found: Found) -> None:
        self.found = found
        self._cursor = cursor
        self._labels = cursor.before()
        self._readers: dict[str, Callable[[], None]] = {
            "in": lambda: self._read_all("in", _place),
            "from": lambda: self._read_all("from", _person),
            "every": self._read_every,
            "tell": self._read_tell,
            "always": lambda: self._set("always", True),
        }

    def reads_one(self) -> bool:
        """Read one option, if one is next."""
        joint = 1 if self._cursor.is_at("and") else 0
        if not self._cursor.is_at_option(joint):
            return False
        if joint:
            self._cursor.take()
        is_not = self._cursor.takes("not")
        keyword = next(each for each in self._readers if self._cursor.takes(each))
        if is_not:
            self._read_all(f"not {keyword}", _place if keyword == "in" else _person)
        else:
            self._readers[keyword]()
        if self.found.get("always") and "every_s" in self.found:
            problem = "“always” tells each time, “every” does not: say one of them."
            raise Stumble(problem, f"{self._labels} always")
        return True

    def _set(self, name: str, value: Any) -> None:
        if self.found.setdefault(name, value) != value:
            typed = self._cursor.before()[len(self._labels) :].strip()
            raise Stumble(f"{shown(typed)} says two things.", self._labels)

    # -- in and from

    def _read_all(self, keyword: str, read: Callable[[Word], Entry | None]) -> None:
        word, fields, listed = self._cursor.take(), set[str](), ""
        if word is None:
            raise self._unknown(keyword, None)
        while word:
            entry = read(word)
            if entry is None:
                raise self._unknown(keyword, word)
            field, value = entry
            fields.add(field)
            if keyword == "in" and len(fields) > 1:
                raise _mixed(listed, word)
            name = f"not_{field}" if keyword.startswith("not") else field
            self.found[name] = tuple(dict.fromkeys((*self.found.get(name, ()), value)))
            listed, word = self._cursor.before(), self._another(read)

    def _another(self, read: Callable[[Word], Entry | None]) -> Word | None:
        """The next of a list, with a comma, a joint or nothing before it."""
        joint = 1 if self._cursor.is_at(",", "and", "or") else 0
        word = self._cursor.ahead(joint)
        if word is None or not (word.names_place or read(word)):
            return None
        if joint:
            self._cursor.take()
        return self._cursor.take()

    def _unknown(self, keyword: str, word: Word | None) -> Stumble:
        if keyword.endswith("in"):
            what, hint = "a channel", "type # and pick it from Slack's list, or name a place in S3"
            meant = "<#C012AB3CD|photos>"
        else:
            what, hint = "a person", "type @ and pick them from Slack's list, or say “me” or “bots”"
            meant = "<@U012AB3CD|ana>"
        said = f"{shown(word.text)} is not {what} to me" if word else f"“{keyword}” needs {what}"
        return Stumble(f"{said}: {hint}.", f"{self._labels} {keyword} {meant}")

    # -- every and tell

    def _read_every(self) -> None:
        word, example = self._cursor.take(), f"{self._labels} every 1h"
        said = f", not {shown(word.text)}" if word else ""
        wrong = Stumble(f"“every” takes a time such as 30m, 1h or 2d{said}.", example)
        found = _DURATION.fullmatch(word.bare) if word else None
        if found is None:
            raise wrong
        unit = found[2] or self._take_unit()
        unit_s = _unit_s(unit)
        if unit_s is None:
            raise wrong
        every_s = int(found[1] or 1) * unit_s
        if not EVERY_LEAST_S <= every_s <= EVERY_MOST_S:
            raise Stumble(f"“every” takes a minute at least and 30 days at most{said}.", example)
        self._set("every_s", every_s)

    def _take_unit(self) -> str:
        word = self._cursor.next
        if word is None or _unit_s(word.bare) is None:
            return ""
        self._cursor.take()
        return word.bare

    def _read_tell(self) -> None:
        word = self._cursor.take()
        if word and word.is_any({ME}):
            self._set("tell", None)
        elif word and (channel := _CHANNEL.fullmatch(word.text)):
            self._set("tell", channel[1])
        elif word and word.text.startswith(("<@", "@")):
            problem = f"{shown(word.text)} has to ask for that: a watch tells you, or a channel."
            raise Stumble(problem, f"{self._labels} tell me")
        else:
            said = (
                f"{shown(word.text)} is not a channel to me" if word else "“tell” needs a channel"
            )
            problem = f"{said}: type # and pick it from Slack's list, or say “me”."
            raise Stumble(problem, f"{self._labels} tell <#C012AB3CD|alerts>")


def _mixed(listed: str, word: Word) -> Stumble:
    """One of a list is enough, but a channel and a place in S3 can both be asked for."""
    problem = "Channels and places in S3 do not go in one list. With “in” before each, both count."
    return Stumble(problem, f"{listed} in {join_words([word])}")


def _unit_s(unit: str) -> int | None:
    unit = unit.casefold()
    return _UNITS_S.get(unit) or _UNITS_S.get(unit.removesuffix("s"))


def _place(word: Word) -> Entry | None:
    if channel := _CHANNEL.fullmatch(word.text):
        return "in_channels", channel[1]
    if place := _S3.fullmatch(word.text):
        return "s3_prefixes", f"s3://{place[1].casefold()}{(place[2] or '').rstrip('/')}"
    return None


def _person(word: Word) -> Entry | None:
    if person := _PERSON.fullmatch(word.text):
        return "from_people", person[1]
    if word.is_any({ME, BOTS}):
        return "from_people", word.text.casefold()
    return None
