"""The workspace as it is: who and what is there, and who may see it.

State and questions only, in memory; the bytes of files lie in a folder of their own.
What people and bots do to it stands in `workspace.py`, how Slack writes it down in `shapes.py`.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from bot.sandbox.ledger import Ledger
from bot.sandbox.slack.nouns import (
    BOT_USER,
    TEAM,
    Channel,
    File,
    Message,
    Person,
    first_channels,
    first_people,
)

_Thing = TypeVar("_Thing")


class NotThere(LookupError):
    """No such person, channel, message or file in this workspace."""


class World:
    """Everything there is. Read and change it while holding `changed`, the sandbox's one lock."""

    def __init__(self, ledger: Ledger) -> None:
        self.changed = ledger.changed
        self.url = ""
        """Where this Slack is served, without a slash at the end."""
        self.version = 0
        """Grows with every change that somebody may see."""
        self.is_installed = True
        """Whether the app is: without it, no token of its works."""
        self.people = {person.id: person for person in first_people()}
        self.channels = {channel.id: channel for channel in first_channels()}
        self.files: dict[str, File] = {}
        self.ephemerals: list[Message] = []
        self.views: dict[str, list[dict[str, Any]]] = {}
        """Per person the stack of open modals, the visible one last."""
        self.homes: dict[str, dict[str, Any]] = {}
        self._folder = tempfile.TemporaryDirectory(prefix="sandbox-slack-")
        self._last_ts_us = 0
        self._last_id = 0

    def close(self) -> None:
        """Remove the bytes of the files."""
        self._folder.cleanup()

    def touch(self) -> None:
        """Something visible has changed: ring for those who wait."""
        with self.changed:
            self.version += 1
            self.changed.notify_all()

    def next_ts(self) -> str:
        """A message ts that is later than every other one."""
        with self.changed:
            self._last_ts_us = max(self._last_ts_us + 1, time.time_ns() // 1000)
            return f"{self._last_ts_us // 1_000_000}.{self._last_ts_us % 1_000_000:06d}"

    def next_id(self, prefix: str) -> str:
        """A new id such as F0000000001: the prefix says of what."""
        with self.changed:
            self._last_id += 1
            return f"{prefix}{self._last_id:010d}"

    def path_for(self, file_id: str) -> Path:
        """Where the bytes of a file lie."""
        return Path(self._folder.name) / file_id

    def person(self, name: str) -> Person:
        """The person of this id or name.

        Raises:
            NotThere: nobody is called so.
        """
        return _find(self.people, name)

    def channel(self, name: str) -> Channel:
        """The channel of this id or name, with or without the leading #.

        Raises:
            NotThere: no channel is called so.
        """
        return _find(self.channels, name.removeprefix("#"))

    def direct(self, person_id: str) -> Channel:
        """The direct message between this person and the bot.

        Raises:
            NotThere: it cannot be, as with another bot.
        """
        for channel in self.channels.values():
            if channel.kind == "im" and set(channel.members) == {person_id, BOT_USER}:
                return channel
        raise NotThere(person_id)

    def message(self, channel_id: str, ts: str) -> Message:
        """The message with this ts, ephemeral ones included.

        Raises:
            NotThere: there is none (any more).
        """
        found = self.channels[channel_id].messages.get(ts) if channel_id in self.channels else None
        for other in self.ephemerals:
            if (other.channel, other.ts) == (channel_id, ts):
                found = other
        if found is None:
            raise NotThere(ts)
        return found

    def file(self, file_id: str) -> File:
        """The file of this id, deleted or not.

        Raises:
            NotThere: no upload was ever begun under this id.
        """
        if file_id not in self.files:
            raise NotThere(file_id)
        return self.files[file_id]

    def may_see(self, user_id: str, channel: Channel) -> bool:
        """Whether the channel is there for this user: members, and for public ones full members."""
        if user_id in channel.members:
            return True
        person = self.people[user_id]
        return channel.kind == "public" and not person.is_restricted and person.team == TEAM

    def may_see_file(self, user_id: str, file: File) -> bool:
        """Whether the bytes are there for this user: own, shared, or shown in a block they see.

        A bot sees the files of the channels that it is in, also where people see all public ones.
        """
        if not file.completed or file.deleted:
            return False
        if file.user == user_id:
            return True
        shared_in = (self.channels[channel] for channel, _ in file.shares)
        if any(self._reads(user_id, channel) for channel in shared_in):
            return True
        return any(
            file.id in message.named_files() - message.broken_files
            for message in self._messages_seen_by(user_id)
        )

    def _reads(self, user_id: str, channel: Channel) -> bool:
        if self.people[user_id].is_bot:
            return user_id in channel.members
        return self.may_see(user_id, channel)

    def _messages_seen_by(self, user_id: str) -> Iterator[Message]:
        for channel in self.channels.values():
            if self._reads(user_id, channel):
                yield from reversed(channel.messages.values())
        yield from (message for message in self.ephemerals if message.only_for == user_id)


def _find(things: dict[str, _Thing], name: str) -> _Thing:
    if name in things:
        return things[name]
    for thing in things.values():
        if name and name == getattr(thing, "name", ""):
            return thing
    raise NotThere(name)
