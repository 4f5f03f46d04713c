"""Slack's links to messages: which channel, and which message in it.

Source: https://docs.slack.dev/reference/methods/chat.getPermalink
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINK = re.compile(
    r"https?://[^/\s]+/archives/(?P<channel>[CDG][A-Z0-9]+)/p(?P<seconds>\d{1,12})(?P<micros>\d{6})"
    r"(?:[?#]\S*)?"
)
_THREAD = re.compile(r"[?&]thread_ts=(\d{1,12}\.\d{6})(?![^&#])")


@dataclass(frozen=True)
class Permalink:
    """A message that a link names; whether it is there, and for whom, is another question.

    `thread_ts` is the message that its thread stands under, where it is a reply in one.
    """

    channel: str
    ts: str
    thread_ts: str | None = None


def parse_permalink(text: str) -> Permalink | None:
    """The message behind a link, also as Slack writes links in what people type.

    >>> parse_permalink("<https://our.slack.com/archives/C012AB3CD/p1700000000000100|that one>")
    Permalink(channel='C012AB3CD', ts='1700000000.000100')
    >>> parse_permalink("https://our.slack.com/archives/C012AB3CD")
    """
    bare = text.removeprefix("<").partition("|")[0].removesuffix(">")
    found = _LINK.fullmatch(bare)
    if found is None:
        return None
    thread = _THREAD.search(bare)
    ts = f"{found['seconds']}.{found['micros']}"
    return Permalink(found["channel"], ts, thread[1] if thread else None)
