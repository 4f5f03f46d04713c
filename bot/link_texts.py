"""Cut a Slack message text into what may be links, each as the person meant it.

Slack writes a link as `<url|shown>` and escapes &, < and > everywhere; most of what is not http it
leaves as it was typed. Such a bare link ends at the next space, but code spans and quotes right
around it say where it ends, so that it may hold spaces.
Source: https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_LINK = r"(?:s3[an]?://|https?://|arn:aws)"
_QUOTES = (
    ('"', '"'),
    ("'", "'"),
    ("\u201c", "\u201d"),
    ("\u201e", "\u201c"),
    ("\u2018", "\u2019"),
    ("\u00ab", "\u00bb"),
    ("&lt;", "&gt;"),
)


def _quoted(number: int, opening: str, closing: str) -> str:
    """A link between quotes on one line.

    It stops where the next quoted link opens: this keeps the time linear.
    """
    inside = rf"(?:(?!{opening}{_LINK}|{closing}(?!\w))[^\n`])*+"
    return rf"{opening}(?={_LINK})(?P<quote{number}>{inside}){closing}"


# Any URL is taken whole, so that a link inside another site's URL is not found. Before it stands
# nothing that would make its scheme longer. The limits on repetition keep the time linear.
_BARE = (
    r"(?<![a-z0-9_/@])(?<![a-z0-9][+.-])(?P<marks>[*_~]{0,3})"
    r"(?P<bare>(?:[a-z][a-z0-9+.-]{0,30}+://|arn:aws)[^\s<>`]*+)"
)
_PIECE = re.compile(
    "|".join(
        (
            r"```(?P<block>[\s\S]*?)```",
            r"`(?P<code>[^`\n]+)`",
            r"<(?P<angle>[^<>\n]*)>",
            *(_quoted(number, *pair) for number, pair in enumerate(_QUOTES)),
            _BARE,
        )
    ),
    re.IGNORECASE,
)
_ANGLE = re.compile(r"<([^<>\n]*)>")
_STARTS = re.compile(_LINK, re.IGNORECASE)
_ANOTHER = re.compile(rf"\s\W{{0,3}}{_LINK}", re.IGNORECASE)
_BRACKETS = {")": "(", "]": "[", "}": "{", ">": "<"}
_PUNCTUATION = ".,;:!?'\"\u2019\u201d\u201c\u00bb\u2026"
_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}


def link_texts(text: str) -> Iterator[str]:
    """Everything in a message text that may be a link, in order, without Slack's mangling."""
    for piece in _PIECE.finditer(text):
        kind = str(piece.lastgroup)
        if kind == "angle":
            yield _target(piece["angle"])
        elif kind == "bare":
            yield _trimmed(_unescaped(piece["bare"]), piece["marks"])
        elif kind == "block":
            for line in piece["block"].splitlines():
                yield from _spans(line)
        else:
            yield from _spans(piece[kind])


def plain_link(text: str) -> str:
    """One link without space around it, and out of Slack's `<url|shown>` when it stands in one."""
    link = text.strip()
    angle = _ANGLE.fullmatch(link)
    return _target(angle[1]) if angle else link


def _spans(text: str) -> Iterator[str]:
    """A code span, or what stands in quotes: one link from end to end, or words with links."""
    flat = _ANGLE.sub(lambda angle: angle[1].partition("|")[0], text).strip()
    if _STARTS.match(flat) and not _ANOTHER.search(flat):
        yield _unescaped(flat)
    else:
        yield from link_texts(text)


def _target(angle: str) -> str:
    return _unescaped(angle.partition("|")[0])


def _unescaped(text: str) -> str:
    return re.sub("&(?:amp|lt|gt);", lambda entity: _ENTITIES[entity[0]], text)


def _trimmed(link: str, marks: str) -> str:
    """Cut what belongs to the sentence: punctuation, closing brackets that were not opened, marks.

    Marks are the signs of bold and italic that stood before the link.
    """
    surplus = {close: link.count(close) - link.count(_BRACKETS[close]) for close in _BRACKETS}
    end = len(link)
    while end and (link[end - 1] in _PUNCTUATION + marks or surplus.get(link[end - 1], 0) > 0):
        surplus[link[end - 1]] = surplus.get(link[end - 1], 0) - 1
        end -= 1
    return link[:end]
