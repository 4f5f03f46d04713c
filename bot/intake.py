"""What gets in: a posted message becomes a stored job before Slack is told that it arrived.

Runs on the web side too, so it needs nothing but the database.
"""

from __future__ import annotations

import logging
from typing import Any

from bot.adapters.jobs import JobIntake
from bot.adapters.message_records import Accepted, MessageRecords, PictureRecord
from bot.adapters.watch_records import WatchRecords
from bot.errors import describe
from bot.model import MessageRef
from bot.posts import Post, may_be_picture

log = logging.getLogger(__name__)


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
        pictures = pictures_of(post)
        if not pictures or not self._is_wanted(post):
            return False
        with self._jobs.database.begin() as connection:
            accepted = Accepted(post.message, post.thread_ts, post.poster)
            fresh = self._messages.accept(connection, accepted, files=pictures)
            if fresh:
                self._enqueue(connection, accepted, pictures, attempt=1)
        log.info("message_accepted" if fresh else "message_known", extra={"job": post.message.id})
        return fresh

    def accept_asked(self, post: Post, pictures: list[dict[str, Any]], *, after: int) -> bool:
        """Store a job for pictures of a post that a person asked for; False: another was faster.

        `after` is the attempt that left nothing behind; 0 for a post that was never taken in.
        Raises: errors.RecordsUnavailable.
        """
        accepted = Accepted(post.message, post.thread_ts, post.poster)
        files = [{**file, "is_asked": True} for file in pictures]
        records = self._messages
        with self._jobs.database.begin() as connection:
            if after:
                fresh = records.reopen(connection, accepted, after=after, files=files)
            else:
                fresh = records.accept(connection, accepted, files=files)
            if fresh:
                self._enqueue(connection, accepted, files, attempt=after + 1)
        log.info("message_asked_for", extra={"job": post.message.id})
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


def pictures_of(post: Post) -> list[dict[str, Any]]:
    """The files of a post that are worth fetching, in order."""
    return [file for file in post.files if may_be_picture(file)]


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
