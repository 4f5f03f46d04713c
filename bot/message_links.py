"""The S3 links in a Slack message: in its words, and in those of a message forwarded in it.

What Slack or another app shows of a link by itself (an unfurl) is nobody's words, and is not read.
Sources: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block and
https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.errors import LinkTypeNotRead
from bot.links import S3Link, find_s3_links, find_unread_links

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "%7C", "\n": None})


def links_of(message: Mapping[str, Any]) -> list[S3Link]:
    """Every S3 object that a message names, in order, once each."""
    return list(dict.fromkeys(link for text in _texts(message) for link in find_s3_links(text)))


def unread_links_of(message: Mapping[str, Any]) -> list[LinkTypeNotRead]:
    """Why some of what a message names in S3 is not read: once for each kind."""
    found = [reason for text in _texts(message) for reason in find_unread_links(text)]
    return list({reason.facts["kind"]: reason for reason in reversed(found)}.values())[::-1]


def _texts(message: Mapping[str, Any]) -> Iterator[str]:
    yield message.get("text") or ""
    # Here the address stands as it was typed, also where the text shows other words for it.
    for url in _rich_links(message.get("blocks")):
        yield f"<{url.translate(_ESCAPES)}>"
    for attachment in message.get("attachments") or ():
        if attachment.get("is_share"):
            yield attachment.get("text") or ""


def _rich_links(part: Any) -> Iterator[str]:
    """The addresses of the links in rich text, however deep they stand."""
    if isinstance(part, list):
        for item in part:
            yield from _rich_links(item)
    elif isinstance(part, dict):
        if part.get("type") == "link" and isinstance(part.get("url"), str):
            yield part["url"]
        elif str(part.get("type")).startswith("rich_text"):
            yield from _rich_links(part.get("elements"))
