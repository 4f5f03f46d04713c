"""What is taken away: each request marks what it is about, and stores the job that forgets it.

From the mark on no job works on it. The messages of a person, a channel or a team are marked by
that job, because they may be many. Runs on the web side too, so it needs the database, and Slack
only to know who is an admin. The mark is written before anybody looks for what it is about: a
message that comes in at that very moment either is found, or finds the mark.
"""

from __future__ import annotations

import logging
import secrets
from typing import Any

import sqlalchemy as sa

from bot.access import Access
from bot.adapters.job_intake import JobIntake
from bot.adapters.message_records import MessageRecords
from bot.adapters.removal_records import Held, RemovalRecords
from bot.model import MessageRef

log = logging.getLogger(__name__)


class Removing:
    """Takes in what people delete, refuse or withdraw."""

    def __init__(
        self, jobs: JobIntake, messages: MessageRecords, removals: RemovalRecords, access: Access
    ) -> None:
        """Take the job intake, the records on its database, and who is an admin."""
        self._jobs = jobs
        self._messages = messages
        self._removals = removals
        self._access = access

    def take_away(self, message: MessageRef, *, also_unknown: bool) -> None:
        """Have a message forgotten; `also_unknown` keeps one away that has not arrived yet.

        Raises: errors.RecordsUnavailable, so that Slack delivers again.
        """
        with self._jobs.database.begin() as connection:
            key = self._removals.mark(connection, message, also_unknown=also_unknown)
            if key:
                self._enqueue_forget(connection, key)
        if key:
            log.info("message_taken_away", extra={"job": message.id})

    def withdraw(self, message: MessageRef, *, person: str, author: str) -> bool:
        """Have a message forgotten because its poster says so; False for everybody else.

        `author` is who wrote it in Slack; where the bot did, on request, the asker is the poster.
        Raises: errors.RecordsUnavailable.
        """
        accepted = self._messages.accepted(message)
        if person != ((accepted and accepted.poster) or author):
            return False
        self.take_away(message, also_unknown=True)
        return True

    def delete(self, message: MessageRef, *, person: str) -> bool:
        """Have a message forgotten if this person may ask that: its poster, and admins.

        Raises: errors.RecordsUnavailable.
        """
        accepted = self._messages.accepted(message)
        is_poster = accepted is not None and accepted.poster == person
        if not is_poster and not self._access.is_admin(person):
            return False
        self.take_away(message, also_unknown=False)
        return True

    def file_deleted(self, team: str, file_id: str, *, again: str = "") -> None:
        """Have a file forgotten wherever it was posted; `again` tells a later try apart.

        Raises: errors.RecordsUnavailable.
        """
        self._removals.mark_file(team, file_id)
        with self._jobs.database.begin() as connection:
            for held in self._removals.holders(connection, team, file_id):
                self._take_picture_away(connection, held, again)

    def _take_picture_away(self, connection: sa.Connection, held: Held, again: str) -> None:
        if held.has_others:
            self._enqueue_forget(connection, held.key, position=held.position, again=again)
        else:
            self._removals.mark(connection, held.message, also_unknown=False)
            self._enqueue_forget(connection, held.key, again=again)
        log.info("picture_taken_away", extra={"job": held.message.id})

    def opt_out(self, team: str, person: str) -> None:
        """Leave a person's pictures alone from now on, and forget those that are kept.

        Raises: errors.RecordsUnavailable.
        """
        self._removals.mark_person(team, person)
        self._take_all_away(team, about="poster", value=person)

    def opt_in(self, team: str, person: str) -> None:
        """Take a person's pictures in again from now on.

        Raises: errors.RecordsUnavailable.
        """
        self._removals.unmark_person(team, person)

    def channel_deleted(self, team: str, channel: str) -> None:
        """Have everything of a channel forgotten, and what told it paused.

        Raises: errors.RecordsUnavailable.
        """
        self._take_all_away(team, about="channel", value=channel)
        with self._jobs.database.begin() as connection:
            self._jobs.enqueue(
                connection,
                "Alerting.pause_target",
                job_id=f"{team}/paused/{channel}",
                queue="sweeping",
                args={"team": team, "channel": channel},
            )

    def uninstalled(self, team: str) -> None:
        """Have everything of a team forgotten; what stands in its Slack is out of reach.

        Raises: errors.RecordsUnavailable.
        """
        self._take_all_away(team, about="team", value=team, job="purge_team")

    def _take_all_away(
        self, team: str, *, about: str, value: str, job: str = "forget_marked"
    ) -> None:
        """Only store it: how many messages that are may take longer than Slack waits."""
        with self._jobs.database.begin() as connection:
            self._removals.ask_for_all(connection, team, about=about, value=value)
            args = {"team": team} if job == "purge_team" else {}
            self._enqueue(
                connection, job, f"{job}/{secrets.token_urlsafe(16)}", args, queue="sweeping"
            )

    def mark_next(self, *, at_most: int) -> bool:
        """Mark some of the messages that go as a whole; whether there may be more.

        Raises: errors.RecordsUnavailable.
        """
        return self._removals.mark_next(at_most=at_most)

    def forget_next(self, *, after: str, again: str, at_most: int = 100) -> str:
        """Store the jobs for the next marked messages after a key; the last key, or nothing.

        Raises: errors.RecordsUnavailable.
        """
        with self._jobs.database.begin() as connection:
            keys = self._removals.left(connection, after=after, at_most=at_most)
            for key in keys:
                self._enqueue_forget(connection, key, again=again)
        return keys[-1] if keys else ""

    def _enqueue_forget(
        self, connection: sa.Connection, key: str, *, position: int | None = None, again: str = ""
    ) -> None:
        """The key stands for the message, in the job's name too: it stays there for a week."""
        parts = ("forget", key, *(() if position is None else (str(position),)), again)
        self._enqueue(
            connection,
            "forget",
            "/".join(filter(None, parts)),
            {"key": key, "position": position},
            queue="forgetting",
        )

    def _enqueue(
        self, connection: sa.Connection, job: str, job_id: str, args: dict[str, Any], *, queue: str
    ) -> None:
        self._jobs.enqueue(connection, f"Library.{job}", job_id=job_id, queue=queue, args=args)
