"""The workspace as it is: people, channels, messages, files, and who may see them.

State and questions only, in memory; the bytes of files lie in a folder of their own.
What people and bots do to it stands in `workspace.py`, how Slack writes it down in `shapes.py`.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

from bot.sandbox.ledger import Ledger

TEAM = "T0SANDBOX"
TEAM_NAME = "Sandbox"
TEAM_DOMAIN = "spotter-sandbox"
APP = "A0SPOTTER"
BOT_USER = "U0SPOTTER"
BOT = "B0SPOTTER"

Kind = Literal["public", "private", "im"]
_Thing = TypeVar("_Thing")


class NotThere(LookupError):
    """No such person, channel, message or file in this workspace."""


@dataclass
class Person:
    """A person, or the user that stands for a bot (then `bot_id` and `app_id` are set)."""

    id: str
    name: str
    real_name: str
    is_admin: bool = False
    is_restricted: bool = False
    bot_id: str = ""
    app_id: str = ""

    @property
    def is_bot(self) -> bool:
        """Whether this is a bot's user."""
        return bool(self.bot_id)


@dataclass
class File:
    """An uploaded file. `processed_at_s` is when Slack is done with it (`time.monotonic`)."""

    id: str
    name: str
    title: str
    user: str
    size_bytes: int
    path: Path
    created_s: int
    alt_text: str = ""
    uploaded: bool = False
    """Its bytes have arrived."""
    completed: bool = False
    """The upload was completed, so it exists for others."""
    deleted: bool = False
    processed_at_s: float = float("inf")
    mimetype: str = ""
    size_px: tuple[int, int] | None = None
    shares: list[tuple[str, str]] = field(default_factory=list)
    """(channel, ts) of every message that carries it as a file."""
    stub: dict[str, Any] | None = None
    """What messages show in its place: Slack Connect, tombstone, hidden by the plan's limit."""

    @property
    def is_processed(self) -> bool:
        """Whether Slack has looked at it: before that, its type is empty and no block shows it."""
        return self.uploaded and time.monotonic() >= self.processed_at_s


@dataclass
class Message:
    """One message. `only_for` makes it ephemeral; `thread_ts` is the parent's ts, also on it."""

    channel: str
    ts: str
    user: str
    text: str = ""
    thread_ts: str | None = None
    subtype: str | None = None
    bot_id: str = ""
    app_id: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    metadata: dict[str, Any] | None = None
    files: list[str] = field(default_factory=list)
    broken_files: set[str] = field(default_factory=set)
    """Files that a later `chat.update` named first: people see "file not found"."""
    reactions: dict[str, list[str]] = field(default_factory=dict)
    edited: dict[str, str] | None = None
    only_for: str | None = None
    client_msg_id: str = ""

    @property
    def is_reply(self) -> bool:
        """Whether it stands in a thread under another message."""
        return self.thread_ts not in (None, self.ts)

    def named_files(self) -> set[str]:
        """The ids of the files that its blocks show."""
        return set(find_slack_files(self.blocks))


@dataclass
class Channel:
    """A channel or a direct message, with its messages in the order of their ts."""

    id: str
    name: str
    kind: Kind
    members: list[str]
    created_s: int
    is_archived: bool = False
    is_ext_shared: bool = False
    messages: dict[str, Message] = field(default_factory=dict)

    def thread(self, ts: str) -> list[Message]:
        """The parent (where it still stands) and its replies, oldest first."""
        return [m for m in self.messages.values() if ts in (m.ts, m.thread_ts)]


class World:
    """Everything there is. Read and change it while holding `changed`, the sandbox's one lock."""

    def __init__(self, ledger: Ledger) -> None:
        self.changed = ledger.changed
        self.url = ""
        """Where this Slack is served, without a slash at the end."""
        self.version = 0
        """Grows with every change that somebody may see."""
        self.people = {person.id: person for person in _people()}
        self.channels = {channel.id: channel for channel in _channels()}
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
        return channel.kind == "public" and not self.people[user_id].is_restricted

    def may_see_file(self, user_id: str, file: File) -> bool:
        """Whether the bytes are there for this user: own, shared, or shown in a block they see."""
        if not file.completed or file.deleted:
            return False
        if file.user == user_id:
            return True
        channels = (self.channels[channel] for channel, _ in file.shares)
        if any(self.may_see(user_id, channel) for channel in channels):
            return True
        return any(
            file.id in message.named_files() - message.broken_files
            for message in self._messages_seen_by(user_id)
        )

    def _messages_seen_by(self, user_id: str) -> Iterator[Message]:
        for channel in self.channels.values():
            if self.may_see(user_id, channel):
                yield from reversed(channel.messages.values())
        yield from (message for message in self.ephemerals if message.only_for == user_id)


def find_slack_files(part: Any) -> Iterator[str]:
    """The file ids named by `slack_file` anywhere in blocks; for `url` the id inside it."""
    if isinstance(part, list):
        for item in part:
            yield from find_slack_files(item)
    elif isinstance(part, dict):
        named = part.get("slack_file")
        if isinstance(named, dict):
            yield str(named.get("id") or _id_in_url(str(named.get("url", ""))))
        for item in part.values():
            yield from find_slack_files(item)


def _id_in_url(url: str) -> str:
    """`.../files-pri/T0SANDBOX-F0000000001/cat.png` -> F0000000001; the permalink likewise."""
    for part in url.split("/"):
        if part.removeprefix(f"{TEAM}-").startswith("F0"):
            return part.removeprefix(f"{TEAM}-")
    return ""


def _find(things: dict[str, _Thing], name: str) -> _Thing:
    if name in things:
        return things[name]
    for thing in things.values():
        if name and name == getattr(thing, "name", ""):
            return thing
    raise NotThere(name)


def _people() -> list[Person]:
    return [
        Person("U0ANA", "ana", "Ana", is_admin=True),
        Person("U0BEN", "ben", "Ben"),
        Person("U0GUEST", "guest", "Guest", is_restricted=True),
        Person(BOT_USER, "spotter", "Spotter", bot_id=BOT, app_id=APP),
        Person("U0CAMERA", "camera", "Door camera", bot_id="B0CAMERA", app_id="A0CAMERA"),
    ]


def _channels() -> list[Channel]:
    now_s = int(time.time())
    full = ["U0ANA", "U0BEN"]
    rows: list[tuple[str, str, Kind, list[str]]] = [
        ("C0PHOTOS", "photos", "public", [*full, "U0GUEST", BOT_USER, "U0CAMERA"]),
        ("C0ALERTS", "alerts", "public", [*full, BOT_USER]),
        ("C0LAB", "lab", "private", ["U0ANA", BOT_USER]),
        ("C0RANDOM", "random", "public", full.copy()),
        *((f"D0{name}", "", "im", [f"U0{name}", BOT_USER]) for name in ("ANA", "BEN", "GUEST")),
    ]
    return [Channel(*row, created_s=now_s) for row in rows]
