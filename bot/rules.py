"""The watch language: read a rule, print it, say whether a picture meets it and why.

A rule is one label, then options: `LABEL [over N%]`. Words that join or scope labels are refused
outside quotes rather than read as part of a name, so that no stored rule changes its meaning when
the language grows. No Slack, no database.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from bot.errors import CommandError
from bot.model import PERCENT_SHOWN_FROM, Analysis, Label
from bot.summary import percent_text

LABEL_MAX_CHARS = 100

_KEYWORDS = frozenset(
    {"and", "or", "not", "at", "bigger", "missing", "where", "every", "always", "tell"}
)
_NO_LABEL_CHARS = frozenset('<>%,:;#@"')
_TRAILING = ",;.!?"
_STRAIGHT = str.maketrans(  # what phones, word processors and Slack's own `code` make of quotes
    dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"')
    | dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u0060\u00b4", "'")
)
_WORD = re.compile(
    r"""
    "(?P<double>[^"]*)"                             # "mac and cheese"
    | (?<!\S) '(?P<single>[^"]+?)' (?=[\s,]|$)      # 'mac and cheese', but not the ' of Rubik's
    | (?P<bare>[^\s"]+)
    """,
    re.VERBOSE,
)
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?) ?(?:%|percent)?", re.IGNORECASE)
_CLOSE_RATIO = 0.75


@dataclass(frozen=True)
class Rule:
    """What to look for; `parse_rule` makes it and `str` prints what `parse_rule` reads.

    `label` keeps the spelling that was typed. `over_percent` is above 0 and at most 100, with at
    most two decimals; None means the usual threshold. Both hold "or more": 90 fires at 90.0.
    """

    label: str
    over_percent: float | None = None

    def __str__(self) -> str:
        """Print the rule, with quotes only around a name that needs them."""
        name = self.label if _reads_bare(self.label) else f'"{self.label}"'
        return name if self.over_percent is None else f"{name} over {self.over_percent:g}%"

    @property
    def label_key(self) -> str:
        """The label as it is compared and indexed."""
        return label_key(self.label)

    @property
    def index_keys(self) -> frozenset[str]:
        """The rule can fire only for a picture whose `names_of` hold at least one of these."""
        return frozenset({self.label_key})

    def same_as(self, other: Rule) -> bool:
        """Whether both ask for the same, however they are spelt."""
        return (self.label_key, self.over_percent) == (other.label_key, other.over_percent)

    def explain(
        self, analysis: Analysis, *, threshold_percent: float = PERCENT_SHOWN_FROM
    ) -> Verdict:
        """Whether the rule fires for a picture, for which labels, and why or why not.

        Where the rule has no `over`, what holds for showing a label counts: its own threshold, or
        else `threshold_percent`. A label matches by its name, its aliases and its parents, case
        aside.
        """
        found = [label for label in analysis.labels if self.label_key in _keys(label)]
        found.sort(key=lambda label: -label.confidence_percent)
        if reaching := [label for label in found if self._reaches(label, threshold_percent)]:
            matched = tuple(self._most_telling(reaching, threshold_percent))
            limit = self._limit(matched[0], threshold_percent)
            why = f"Seen at {limit:g} % or more: {self._say(matched, limit)}."
            return Verdict(fired=True, matched=matched, why=why)
        if found:
            closest = self._own(found) or found[:3]
            limit = self._limit(closest[0], threshold_percent)
            why = f"Seen, but below {limit:g} %: {self._say(closest, limit)}."
        else:
            why = f"{shown(self.label)} was not seen in this picture."
        return Verdict(fired=False, matched=(), why=why)

    def _limit(self, label: Label, threshold_percent: float) -> float:
        return (
            label.limit_percent(threshold_percent)
            if self.over_percent is None
            else self.over_percent
        )

    def _reaches(self, label: Label, threshold_percent: float) -> bool:
        return label.confidence_percent >= self._limit(label, threshold_percent)

    def _own(self, labels: list[Label]) -> list[Label]:
        return [label for label in labels if self.label_key in _own_keys(label)]

    def _most_telling(self, labels: list[Label], threshold_percent: float) -> list[Label]:
        """The label itself, then the located kinds of it: Vehicle, and the Car in it.

        Kinds without a box are told only where there is nothing else: a Smile is a kind of Person
        to Rekognition, and no news to who watches Person.
        """
        own = self._own(labels)
        located = [
            label
            for label in labels
            if label not in own and self._is_located(label, threshold_percent)
        ]
        kinds = located if own or located else labels
        implied = {name for label in kinds for name in label.parents}
        return own + ([label for label in kinds if label.name not in implied] or kinds)

    def _is_located(self, label: Label, threshold_percent: float) -> bool:
        limit = self._limit(label, threshold_percent)
        return any(box.confidence_percent >= limit for box in label.instances)

    def _say(self, labels: Iterable[Label], limit: float) -> str:
        return ", ".join(
            f"{label.name} ({percent_text(label.confidence_percent, limit_percent=limit)} %"
            f"{self._relation(label)})"
            for label in labels
        )

    def _relation(self, label: Label) -> str:
        """Why a label of another name matches."""
        for names, words in ((label.aliases, "also called"), (label.parents, "a kind of")):
            for name in names:
                if label_key(name) == self.label_key != label_key(label.name):
                    return f", {words} {name}"
        return ""


@dataclass(frozen=True)
class Verdict:
    """What a rule says to one picture.

    `matched` are the labels worth telling, the watched one itself first; empty when it did not
    fire. `why` is one sentence with the values.
    """

    fired: bool
    matched: tuple[Label, ...]
    why: str


def label_key(name: str) -> str:
    """A label's name as it is compared: case, quotes' shape and spaces aside."""
    return unicodedata.normalize("NFC", tidy(name).casefold())


def names_of(analysis: Analysis) -> frozenset[str]:
    """The keys of everything a rule can match in a picture: names, aliases and parents."""
    return frozenset(key for label in analysis.labels for key in _keys(label))


def _keys(label: Label) -> set[str]:
    return _own_keys(label) | {label_key(name) for name in label.parents}


def _own_keys(label: Label) -> set[str]:
    return {label_key(name) for name in (label.name, *label.aliases)}


def suggest(label: str, known: Iterable[str]) -> str | None:
    """The known label that was probably meant; None when it is known, or nothing is close."""
    by_key = {label_key(name): name for name in known}
    key = label_key(label)
    if key in by_key:
        return None
    # In a short name two swapped letters (dgo) differ more than one other letter (cat, car) does.
    swapped = [known for known in by_key if sorted(known) == sorted(key)]
    close = swapped or difflib.get_close_matches(key, by_key, n=1, cutoff=_CLOSE_RATIO)
    return by_key[close[0]] if close else None


def tidy(text: str) -> str:
    """Typed text with single spaces, straight quotes, and nothing invisible."""
    visible = "".join(
        char for char in " ".join(text.split()) if not unicodedata.category(char).startswith("C")
    )
    return " ".join(unicodedata.normalize("NFC", visible).translate(_STRAIGHT).split())


class _Word(NamedTuple):
    text: str
    quoted: bool


def parse_rule(text: str) -> Rule:
    """Read a rule as a person types it.

    Raises: CommandError, which names the word that it stumbled over and gives a correct example.
    """
    words = _words(text)
    end = next((at for at, word in enumerate(words) if _is(word, "over")), len(words))
    label, options = _label(words[:end]), words[end:]
    return Rule(label, _over_percent(label, options[1:]) if options else None)


def _words(text: str) -> list[_Word]:
    """The words and the quoted names; a quote that never closes is not there."""
    text = tidy(text)
    if text.count('"') % 2:
        before, _, after = text.rpartition('"')
        text = f"{before} {after}"
    return [_word(match) for match in _WORD.finditer(text)]


def _word(match: re.Match[str]) -> _Word:
    quoted = match["bare"] is None
    return _Word(" ".join((match[match.lastgroup or 0]).split()), quoted)


def _is(word: _Word, keyword: str) -> bool:
    return not word.quoted and word.text.casefold() == keyword


def _label(words: list[_Word]) -> str:
    if words and not words[-1].quoted:
        words = [*words[:-1], _Word(words[-1].text.rstrip(_TRAILING), quoted=False)]
    label = " ".join(word.text for word in words if word.text)
    if not label:
        raise _error("Which label?", "dog over 90%")
    if len(label) > LABEL_MAX_CHARS:
        raise _error(f"A label has at most {LABEL_MAX_CHARS} characters.", "mobile phone")
    for at, word in enumerate(words):
        if not word.quoted:
            _check(word.text, before=" ".join(before.text for before in words[:at]), label=label)
    return label


def _check(word: str, *, before: str, label: str) -> None:
    """Refuse a bare word that means more than a name, now or when the language grows."""
    if word.casefold() in _KEYWORDS or word.endswith(","):
        example = f"{before} {word.rstrip(_TRAILING)}".strip() if word.endswith(",") else before
        raise _error(
            f"{shown(word)} is more than a name: one label at a time,"
            f' or put one whole name in quotes ("{label}").',
            example or "dog",
        )
    if not _NO_LABEL_CHARS.isdisjoint(word) or (word.startswith("(") and not before):
        raise _error(f"{shown(word)} cannot be part of a label's name.", "mobile phone")


def _over_percent(label: str, words: list[_Word]) -> float:
    typed = " ".join(word.text for word in words).rstrip(_TRAILING)
    name = Rule(label)
    if not typed:
        raise _error("“over” needs a percentage.", f"{name} over 90%")
    number = _PERCENT.match(typed)
    if number is None:
        raise _error(f"{shown(typed)} is not a percentage.", f"{name} over 90%")
    if rest := typed[number.end() :].strip():
        raise _error(f"{shown(rest)} has no meaning after the percentage.", f"{name} over 90%")
    percent = round(float(number[1].replace(",", ".")), 2)
    if not 0 < percent <= 100:
        raise _error(
            f"{shown(typed)} is out of range: above 0 %, at most 100 %.", f"{name} over 90%"
        )
    return percent


def _reads_bare(label: str) -> bool:
    """Whether a name is safe without quotes; brackets read well today, but may group one day."""
    try:
        return "(" not in label and parse_rule(label) == Rule(label)
    except CommandError:
        return False


def _error(problem: str, example: str) -> CommandError:
    return CommandError(problem=problem, example=f"/labels watch {example}")


def shown(typed: str) -> str:
    """Typed words for an error: short, in quotes, channels and people by name."""
    named = re.sub(r"<([#@])[^|>]*\|([^>]+)>", r"\1\2", typed)
    return f"“{named if len(named) <= 40 else named[:39] + '…'}”"
