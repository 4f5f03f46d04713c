"""What gets in: a posted message becomes a stored job before Slack is told that it arrived.

Runs on the web side too, so it needs nothing but the database.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.adapters.jobs import JobIntake
from bot.adapters.message_records import Accepted, MessageRecords, PictureRecord
from bot.adapters.watch_records import WatchRecords
from bot.errors import describe
from bot.model import MessageRef

_IMAGE_ENDINGS = tuple(
    f".{ending}"
    for ending in (
        *("jpg", "jpeg", "jpe", "png", "gif", "webp", "heic", "heif", "avif", "tif", "tiff", "bmp"),
        *("jfif", "mpo", "apng", "hif", "dib"),
        # Not read, and their posters are told so.
        *("svg", "psd", "jp2", "j2k", "jxl", "ico", "eps", "xcf", "exr", "hdr"),
        *("raw", "dng", "cr2", "cr3", "nef", "arw", "orf", "raf", "rw2", "pef"),
    )
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Post:
    """A message with files, as far as Slack promises its fields."""

    message: MessageRef
    thread_ts: str
    poster: str
    is_from_bot: bool
    files: tuple[dict[str, Any], ...]

    @classmethod
    def from_event(cls, event: Mapping[str, Any], team: str) -> Post:
        """Read a `message` event of subtype `file_share`, with or without text."""
        return cls(
            message=MessageRef(team, event["channel"], event["ts"]),
            thread_ts=event.get("thread_ts") or event["ts"],
            poster=event.get("user") or event.get("bot_id") or "",
            is_from_bot=bool(event.get("bot_id")),
            files=tuple(file_facts(file) for file in event.get("files") or ()),
        )


def file_facts(file: Mapping[str, Any]) -> dict[str, Any]:
    """What a job keeps of a file: what it takes to fetch and to name it."""
    return {
        "id": file["id"],
        "name": file.get("name") or file.get("title") or "",
        "url_private": file.get("url_private_download") or file.get("url_private") or "",
        "size_bytes": file.get("size"),
        "mimetype": file.get("mimetype") or "",
        "mode": file.get("mode") or "",
        "is_external": bool(file.get("is_external")),
        "needs_info": _is_withheld(file),
    }


def _is_withheld(file: Mapping[str, Any]) -> bool:
    """Whether the event does not say what the file is: `files.info` does, or says why not."""
    shown = file.get("file_access") in {None, "visible"}
    return not shown or file.get("mode") in {"hidden_by_limit", "file_access"}


def may_be_picture(file: Mapping[str, Any]) -> bool:
    """Whether a file is worth fetching: by Slack's type, else by its name; its bytes decide."""
    if file["mode"] == "tombstone":
        return False
    if file["needs_info"]:
        return True
    if file["mimetype"]:
        return str(file["mimetype"]).startswith("image/") or _is_named_like_picture(file)
    return _is_named_like_picture(file)


def _is_named_like_picture(file: Mapping[str, Any]) -> bool:
    return str(file["name"]).lower().endswith(_IMAGE_ENDINGS)


class Intake:
    """Accepts posts and people's requests to try again."""

    def __init__(self, jobs: JobIntake, messages: MessageRecords, watches: WatchRecords) -> None:
        """Take the job intake and the records on its database."""
        self._jobs = jobs
        self._messages = messages
        self._watches = watches

    def accept(self, post: Post) -> bool:
        """Store a job for a post with pictures; False when there is nothing to do.

        Slack delivers a message up to four times; the job is stored once.
        Raises: errors.RecordsUnavailable, so that Slack delivers again.
        """
        pictures = [file for file in post.files if may_be_picture(file)]
        if not pictures or not self._is_wanted(post):
            return False
        with self._jobs.database.begin() as connection:
            accepted = Accepted(post.message, post.thread_ts, post.poster)
            file_ids = [file["id"] for file in pictures]
            fresh = self._messages.accept(connection, accepted, file_ids=file_ids)
            if fresh:
                self._enqueue(connection, accepted, pictures, attempt=1)
        log.info("message_accepted" if fresh else "message_known", extra={"job": post.message.id})
        return fresh

    def _is_wanted(self, post: Post) -> bool:
        settings = self._watches.channel(post.message.team, post.message.channel)
        return settings.mode == "auto" and (settings.bots_on or not post.is_from_bot)

    def _enqueue(
        self,
        connection: Any,
        accepted: Accepted,
        files: list[dict[str, Any]],
        *,
        attempt: int,
    ) -> None:
        self._jobs.enqueue(
            connection,
            "Labelling.label_message",
            job_id=f"{accepted.message.id}/{attempt}",
            queue="messages",
            args={
                **accepted.message.columns(),
                "thread_ts": accepted.thread_ts,
                "poster": accepted.poster,
                "attempt": attempt,
                "files": files,
            },
        )

    def try_again(self, message: MessageRef, *, after: int) -> bool:
        """Open the next attempt for the pictures that failed; False when that is under way.

        Raises: errors.RecordsUnavailable.
        """
        accepted = self._messages.accepted(message)
        failed = [
            {**_NO_FACTS, "id": picture.file_id, "name": (picture.outcome or {}).get("name", "")}
            for picture in self._messages.pictures(message)
            if _may_pass(picture)
        ]
        if not failed or accepted is None:
            return False
        with self._jobs.database.begin() as connection:
            fresh = self._messages.next_attempt(connection, message, after=after)
            if fresh:
                self._enqueue(connection, accepted, failed, attempt=after + 1)
        return fresh


_NO_FACTS = {
    "name": "",
    "url_private": "",
    "size_bytes": None,
    "mimetype": "",
    "mode": "",
    "is_external": False,
    "needs_info": True,
    "is_asked": True,
}


def _may_pass(picture: PictureRecord) -> bool:
    return picture.outcome is not None and describe(picture.outcome).can_pass
