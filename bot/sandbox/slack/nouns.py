"""The nouns of the workspace: people, channels, messages, files; and who is there at first."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

TEAM = "T0SANDBOX"
TEAM_NAME = "Sandbox"
TEAM_DOMAIN = "spotter-sandbox"
APP = "A0SPOTTER"
BOT_USER = "U0SPOTTER"
BOT = "B0SPOTTER"

Kind = Literal["public", "private", "im"]

SLACK_CONNECT_STUB: Mapping[str, Any] = {
    "mode": "file_access",
    "file_access": "check_file_info",
    "created": 0,
    "timestamp": 0,
    "user": "",
}
"""What an event holds for a file of a Slack Connect channel: `files.info` gives the whole."""
TOMBSTONE_STUB: Mapping[str, Any] = {"mode": "tombstone"}
HIDDEN_STUB: Mapping[str, Any] = {"mode": "hidden_by_limit"}
DENIED_STUB: Mapping[str, Any] = {"file_access": "access_denied"}


def external_stub(name: str, mimetype: str, external_type: str) -> Mapping[str, Any]:
    """What stands for a file that lies with somebody else, such as `gdrive` or `dropbox`.

    Slack knows its address there and keeps none of its bytes.
    """
    address = f"https://{external_type}.example.com/{name}"
    said = {"name": name, "title": name, "mimetype": mimetype, "filetype": external_type}
    said |= {"mode": "external", "external_type": external_type, "url_private": address}
    return {**said, "is_external": True, "size": 0, "file_access": "visible"}


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
    team: str = TEAM
    """Another one for somebody from outside, who is in a Slack Connect channel."""
    is_deactivated: bool = False
    tz: str = "Europe/Berlin"

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
    ticket: str = ""
    """The secret end of its upload address."""
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
    exif_rotation: int = 1
    stub: Mapping[str, Any] | None = None
    """What messages show in its place: one of the stubs above, or an external one."""

    @property
    def is_withheld(self) -> bool:
        """Whether the bot does not get it even when it asks for it by id."""
        return self.stub is not None and self.stub.get("file_access") != "check_file_info"

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
    _replies: dict[str, list[Message]] = field(default_factory=dict)

    def add(self, message: Message) -> None:
        """Put the message at the end, and into its thread."""
        self.messages[message.ts] = message
        if message.is_reply:
            self._replies.setdefault(str(message.thread_ts), []).append(message)

    def remove(self, message: Message) -> None:
        """Take the message out."""
        del self.messages[message.ts]
        if message.is_reply:
            self._replies[str(message.thread_ts)].remove(message)

    def replies(self, ts: str) -> list[Message]:
        """The replies under this message, oldest first."""
        return list(self._replies.get(ts, ()))


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


def first_people() -> list[Person]:
    """Who is in the workspace when it starts."""
    return [
        Person("U0ANA", "ana", "Ana", is_admin=True),
        Person("U0BEN", "ben", "Ben"),
        Person("U0GUEST", "guest", "Guest", is_restricted=True),
        Person(BOT_USER, "spotter", "Spotter", bot_id=BOT, app_id=APP),
        Person("U0CAMERA", "camera", "Door camera", bot_id="B0CAMERA", app_id="A0CAMERA"),
    ]


def first_channels() -> list[Channel]:
    """Which conversations there are when it starts, and who is in them."""
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
