"""What gets in: a posted message, or a joining, is a stored job before Slack gets its 200.

Runs on the web side too, so it needs nothing but the database.
"""

from __future__ import annotations

import logging
from typing import Any

from bot.adapters.database import on_one_connection
from bot.adapters.job_intake import JobIntake
from bot.adapters.message_records import Accepted, MessageRecords, PictureRecord
from bot.adapters.watch_records import WatchRecords
from bot.errors import describe
from bot.model import MessageRef
from bot.posts import Edit, Post, at_most_ten, may_be_picture

log = logging.getLogger(__name__)


class Intake:
    """Accepts posts, people's requests to try again, and the bot's own joining of a channel."""

    def __init__(
        self,
        jobs: JobIntake,
        messages: MessageRecords,
        watches: WatchRecords,
        *,
        reads_links: bool = False,
    ) -> None:
        """Take the job intake and the records on its database, and whether links count at all."""
        self._reads_links = reads_links
        self._jobs = jobs
        self._messages = messages
        self._watches = watches

    def accept(self, post: Post) -> bool:
        """Store a job for a post with pictures; False when there is nothing to do.

        Slack delivers a message up to four times; the job is stored once.
        Raises: errors.RecordsUnavailable, so that Slack delivers again.
        """
        pictures = self._pictures(post)
        if not pictures:
            return False
        with on_one_connection():
            pictures = self._without_deleted(post, pictures) if self._is_wanted(post) else []
        if not pictures:
            return False
        with self._jobs.database.begin() as connection:
            fresh = self._accept(connection, _accepted(post), at_most_ten(pictures))
        log.info("message_accepted" if fresh else "message_known", extra={"job": post.message.id})
        return fresh

    def accept_edit(self, edit: Edit) -> bool:
        """Store a job for the pictures that an edit added; False when there is nothing to do.

        They are the next attempt at a message that is known. One that is not, because the edit
        came first or the message had no pictures, is accepted as it is now.
        Raises: errors.RecordsUnavailable, so that Slack delivers again.
        """
        post = edit.post
        pictures = self._pictures(post)
        new = [file for file in pictures if file["id"] in edit.new_ids]
        if not new or not self._is_wanted(post):
            return False
        with self._jobs.database.begin() as connection:
            fresh = self._accept(connection, _accepted(post), at_most_ten(pictures))
            fresh = fresh or self._add(connection, _accepted(post), at_most_ten(new))
        log.info("edit_accepted" if fresh else "message_known", extra={"job": post.message.id})
        return fresh

    def _pictures(self, post: Post) -> list[dict[str, Any]]:
        """What counts of a message that nobody asked about: links of bots never do."""
        if post.is_from_bot or not self._reads_links:
            post = post.without_links()
        return pictures_of(post)

    def _accept(self, connection: Any, accepted: Accepted, files: list[dict[str, Any]]) -> bool:
        fresh = self._messages.accept(connection, accepted, files=files)
        if fresh:
            self._enqueue(connection, accepted, files, attempt=1)
        return fresh

    def _add(self, connection: Any, accepted: Accepted, files: list[dict[str, Any]]) -> bool:
        message = accepted.message
        attempt = self._messages.live_attempt(connection, message)
        if attempt is None:
            return False
        added = self._messages.add_pictures(connection, message, files)
        if added and self._messages.next_attempt(connection, message, after=attempt):
            self._enqueue(connection, accepted, added, attempt=attempt + 1)
        return bool(added)

    def accept_asked(self, post: Post, pictures: list[dict[str, Any]], *, after: int) -> bool:
        """Store a job for pictures of a post that a person asked for; False: another was faster.

        `after` is the attempt that left nothing behind; 0 for a post that was never taken in.
        Raises: errors.RecordsUnavailable.
        """
        accepted = _accepted(post)
        files = at_most_ten([{**file, "is_asked": True} for file in pictures])
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
        if self._messages.is_opted_out(post.message.team, post.poster):
            return False
        settings = self._watches.channel(post.message.team, post.message.channel)
        return settings.mode == "auto" and (settings.bots_on or not post.is_from_bot)

    def _without_deleted(self, post: Post, files: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Without the files whose deletion arrived before their message."""
        ids = [file["id"] for file in files]
        deleted = self._messages.deleted_among(post.message.team, ids)
        return [file for file in files if file["id"] not in deleted]

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

    def owe_welcome(self, team: str, channel: str, *, at: str) -> None:
        """Store that the bot has joined a channel, `at` this moment, and owes it a welcome.

        Raises: errors.RecordsUnavailable.
        """
        job_id = f"{team}/{channel}/welcome/{at}"
        with self._jobs.database.begin() as connection:
            self._jobs.enqueue(
                connection,
                "Labelling.welcome",
                job_id=job_id,
                queue="posts",
                args={"team": team, "channel": channel},
                partition=channel,
            )
        log.info("request_stored", extra={"job": job_id})

    def try_again(self, message: MessageRef, *, after: int) -> bool:
        """Open the next attempt for what failed in attempt `after`; False when that is under way.

        Edits open attempts too, so `after` need not be the last one.
        Raises: errors.RecordsUnavailable.
        """
        accepted = self._messages.accepted(message)
        # Read before the pictures: whoever opens an attempt meanwhile makes this one fail below.
        with self._jobs.database.begin() as connection:
            last = self._messages.live_attempt(connection, message)
        failed = [p for p in self._messages.pictures(message) if _failed_in(p, after)]
        if not failed or accepted is None or last is None:
            return False
        with self._jobs.database.begin() as connection:
            return self._open_next(connection, accepted, failed, after=last)

    def resume(self, message: MessageRef) -> int:
        """Open the next attempt for what waits for the month's limit; how many pictures that is.

        None where another process was faster, or nothing of the message is left. A message whose
        reasons are about to be said keeps its place in the line until they are.
        Raises: errors.RecordsUnavailable.
        """
        accepted = self._messages.accepted(message)
        with self._jobs.database.begin() as connection:
            last = self._messages.live_attempt(connection, message)
        replies = self._messages.replies(message)
        being_said = {one.attempt for one in replies if one.state in {"new", "sending"}}
        waiting = [p for p in self._messages.pictures(message) if _waits(p)]
        ready = [p for p in waiting if (p.outcome or {}).get("attempt") not in being_said]
        with self._jobs.database.begin() as connection:
            is_early = bool(waiting) and not ready
            if self._messages.live_attempt(connection, message) != last or is_early:
                return 0
            mine = self._messages.stop_waiting(connection, message)
            if not mine or not ready or accepted is None or last is None:
                return 0
            self._open_next(connection, accepted, ready, after=last)
        return len(ready)

    def _open_next(
        self, connection: Any, accepted: Accepted, pictures: list[PictureRecord], *, after: int
    ) -> bool:
        message = accepted.message
        fresh = self._messages.next_attempt(connection, message, after=after)
        if fresh:
            self._messages.hand_over(connection, message, pictures, to_attempt=after + 1)
            files = [_once_more(picture) for picture in pictures]
            self._enqueue(connection, accepted, files, attempt=after + 1)
        return fresh


def _accepted(post: Post) -> Accepted:
    return Accepted(post.message, post.thread_ts, post.poster, post.is_from_bot)


def _failed_in(picture: PictureRecord, attempt: int) -> bool:
    outcome = picture.outcome
    return (
        outcome is not None
        and outcome.get("attempt", attempt) == attempt
        and describe(outcome).can_pass
    )


def _waits(picture: PictureRecord) -> bool:
    return describe(picture.outcome or {}).waits


def _once_more(picture: PictureRecord) -> dict[str, Any]:
    """What a job needs to fetch a picture anew; all else was not kept."""
    known = {"id": picture.file_id, "name": (picture.outcome or {}).get("name", "")}
    if picture.link:
        return {**known, "link": picture.link, "is_asked": True}
    return {**_NO_FACTS, **known}


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
