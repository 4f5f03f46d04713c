"""The words of the watch language: what was typed becomes words, whatever the quotes and commas."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

CONDITIONS = frozenset({"over", "at", "bigger"})
JOINTS = frozenset({"and", "or", "not", "missing", "where"})
KEYWORDS = CONDITIONS | JOINTS | {"every", "always", "tell", "exact:", "category:"}
_PLACE_KEYWORDS = frozenset({"in", "from"})
ME, BOTS = "me", "bots"
"""Stand among people: the owner of the watch, and everything that is posted by a program."""
_MARKS = frozenset("(),")
_NO_LABEL_CHARS = frozenset('<>%,:;#@"')
_TRAILING = ";.!?"
_STRAIGHT = str.maketrans(  # what phones, word processors and Slack's own `code` make of quotes
    dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"')
    | dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u0060\u00b4", "'")
)
_WORD = re.compile(
    r"""
    "(?P<double>[^"]*)"                                 # "mac and cheese"
    | (?<![^\s(:,]) '(?P<single>[^"]+?)' (?=[\s,)]|$)   # 'mac and cheese', but not Rubik's cube
    | (?P<mention> <[^<>"]*>)                           # <#C012AB3CD|photos>
    | (?P<s3> s3://[^\s"]*[^\s",;])                     # s3://bucket/prefix, brackets and all
    | (?P<prefix> (?<![^\s(,:]) (?:exact|category):)
    | (?P<mark> [()] | ,(?!\d))                         # 90,5 is a number
    | (?P<bare> (?:[^\s"(),] | ,(?=\d))+)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NAMES_REMEMBERED = 8_192
"""Rekognition has some three thousand, and a picture's are asked for by every watch."""


class Word(NamedTuple):
    """One word, one quoted name, one mark, or one `<mention>`."""

    text: str
    is_quoted: bool = False

    def is_any(self, keywords: Iterable[str]) -> bool:
        """Whether this is one of the keywords, case aside; nothing in quotes is."""
        return not self.is_quoted and self.text.casefold() in keywords

    @property
    def is_mark(self) -> bool:
        """Whether this is a bracket or a comma."""
        return not self.is_quoted and self.text in _MARKS

    @property
    def is_prefix(self) -> bool:
        """Whether this is `exact:` or `category:`."""
        return self.is_any({"exact:", "category:"})

    @property
    def names_place(self) -> bool:
        """Whether this can only be a channel, a person or a place in S3."""
        return self.text.casefold().startswith(("<#", "<@", "#", "@", "s3://", "<s3://"))

    @property
    def fits_name(self) -> bool:
        """Whether this can be part of a label's name as it stands."""
        return self.is_quoted or _NO_LABEL_CHARS.isdisjoint(self.text)

    @property
    def bare(self) -> str:
        """The word without what ends a sentence."""
        return self.text if self.is_quoted else self.text.rstrip(_TRAILING)


def split_words(text: str) -> list[Word]:
    """The words and the quoted names of typed text; a quote that never closes is not there."""
    text = tidy(text)
    if text.count('"') % 2:
        before, _, after = text.rpartition('"')
        text = f"{before} {after}"
    return [_word(found) for found in _WORD.finditer(text)]


def _word(found: re.Match[str]) -> Word:
    kind = found.lastgroup or ""
    return Word(" ".join(found[kind].split()), is_quoted=kind in {"double", "single"})


def join_words(words: Iterable[Word]) -> str:
    """The words as they could be typed again."""
    typed = " ".join(f'"{word.text}"' if word.is_quoted else word.text for word in words)
    for loose, tight in (("( ", "("), (" )", ")"), (" ,", ","), (": ", ":")):
        typed = typed.replace(loose, tight)
    return typed


def find_keywords(words: Sequence[Word]) -> list[bool]:
    """For each word, whether it is more than a part of a name.

    `in` and `from` are, unless two words of a name follow: a channel is one word, so that
    "Cabin In The Woods" is a label, and "dog in photos" a mistake that can be told.
    """
    ends_name = [True, True]  # Seen from behind, where there are no more words.
    found: list[bool] = []
    for word in reversed(words):
        means_more = word.is_any(KEYWORDS)
        if word.is_any(_PLACE_KEYWORDS):
            means_more = ends_name[-1] or ends_name[-2]
        found.append(means_more)
        is_value = word.is_mark or word.names_place or word.is_any({ME, BOTS})
        ends_name.append(means_more or is_value)
    return found[::-1]


def is_plain(word: Word) -> bool:
    """Whether a word that is no keyword can stand in a name as it is."""
    return not (word.is_quoted or word.is_mark or word.text.startswith("'")) and word.fits_name


def reads_bare(name: str) -> bool:
    """Whether a name can be written without quotes anywhere in a rule."""
    words = split_words(name)
    return (
        all(map(is_plain, words))
        and not any(find_keywords(words))
        and " ".join(word.text for word in words) == name
        and words[-1:] == [Word(word.bare) for word in words[-1:]]
    )


@functools.lru_cache(maxsize=_NAMES_REMEMBERED)
def label_key(name: str) -> str:
    """A label's name as it is compared: case, quotes' shape and spaces aside."""
    return unicodedata.normalize("NFC", tidy(name).casefold())


def tidy(text: str) -> str:
    """Typed text with single spaces, straight quotes, and nothing invisible."""
    visible = "".join(
        char for char in " ".join(text.split()) if not unicodedata.category(char).startswith("C")
    )
    return " ".join(unicodedata.normalize("NFC", visible).translate(_STRAIGHT).split())


def shown(typed: str) -> str:
    """Typed words for an error: short, in quotes, channels and people by name."""
    named = re.sub(r"<([#@])[^|>]*\|([^>]+)>", r"\1\2", typed)
    return f"“{named if len(named) <= 40 else named[:39] + '…'}”"
