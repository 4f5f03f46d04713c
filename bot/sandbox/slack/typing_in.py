"""What Slack's client makes of what a person types: mentions, links and escaped characters.

https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re
import secrets
from typing import Any

from bot.sandbox.slack.world import NotThere, World

_WORDS = re.compile(r"(?P<url>https?://[^\s<>]+)|(?P<user>@[\w.-]+)|(?P<channel>#[\w-]+)")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def typed_text(world: World, user: str, text: str) -> str:
    """The text as the bot gets it: `<@U0BEN>`, `<#C0PHOTOS|photos>`, `<https://...>`."""
    found, end = "", 0
    for match in _WORDS.finditer(text):
        found += text[end : match.start()].translate(_ESCAPES) + _linked(world, user, match)
        end = match.end()
    return found + text[end:].translate(_ESCAPES)


def rich_text(text: str) -> list[dict[str, Any]]:
    """The block that Slack's client sends along with typed text; empty for no text."""
    if not text:
        return []
    elements, end = [], 0
    for match in _WORDS.finditer(text):
        if match["url"]:
            elements += [*_words(text[end : match.start()]), {"type": "link", "url": match["url"]}]
            end = match.end()
    section = {"type": "rich_text_section", "elements": [*elements, *_words(text[end:])]}
    return [{"type": "rich_text", "block_id": secrets.token_hex(3), "elements": [section]}]


def _words(text: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": text}] if text else []


def _linked(world: World, user: str, match: re.Match[str]) -> str:
    word = match[0]
    if match["url"]:
        return f"<{word.translate(_ESCAPES)}>"
    try:
        if match["user"]:
            return f"<@{_person_id(world, word[1:])}>"
        channel = world.channel(word[1:])
    except NotThere:
        return word
    if not world.may_see(user, channel):
        return word
    return f"<#{channel.id}|{channel.name if channel.kind == 'public' else ''}>"


def _person_id(world: World, name: str) -> str:
    wanted = name.lower()
    for person in world.people.values():
        if wanted in (person.name, person.real_name.lower()):
            return person.id
    raise NotThere(name)
