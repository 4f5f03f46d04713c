"""Slack's links to messages: which channel, and which message in it; read and made.

Source: https://docs.slack.dev/reference/methods/chat.getPermalink
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.model import MessageRef

_LINK = re.compile(
    r"https?://[^/\s]+/archives/(?P<channel>[CDG][A-Z0-9]+)/p(?P<seconds>\d{1,12})(?P<micros>\d{6})"
    r"(?:[?#]\S*)?"
)


@dataclass(frozen=True)
class Permalink:
    """A message that a link names; whether it is there, and for whom, is another question."""

    channel: str
    ts: str


def permalink(site_url: str, message: MessageRef, thread_ts: str) -> str | None:
    """A message's address, as chat.getPermalink gives it, without a call; None without a site.

    >>> permalink("https://our.slack.com/", MessageRef("T1", "C1", "17.000100"), "17.000100")
    'https://our.slack.com/archives/C1/p17000100'
    """
    if not site_url:
        return None
    channel, ts = message.channel, message.ts
    thread = f"?thread_ts={thread_ts}&cid={channel}" if thread_ts != ts else ""
    return f"{site_url.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}{thread}"


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
    return Permalink(found["channel"], f"{found['seconds']}.{found['micros']}")
