"""Somebody asks for labels as a file: the request becomes a job. `delivering` does the rest."""

from __future__ import annotations

import dataclasses
import datetime as dt
import secrets

from bot import errors
from bot.access import Access
from bot.adapters.job_intake import JobIntake
from bot.adapters.library_records import LibraryRecords
from bot.answering import UNKNOWN_LINK, Answers, Asker
from bot.export_command import Export
from bot.exports import Scope
from bot.permalinks import Permalink

_NAMES = {"json": "JSON", "csv": "CSV", "coco": "COCO"}
_EXAMPLE = "/labels export csv in #photos"


class Exporting:
    """Takes requests for exports; runs on the web side, so it needs Slack and the database."""

    def __init__(self, access: Access, jobs: JobIntake, library: LibraryRecords) -> None:
        """Take who may see what, where jobs go, and what is kept."""
        self._access = access
        self._jobs = jobs
        self._library = library
        self.answers: Answers = {Export: self.answer}

    def request(
        self, asker: Asker, scope: Scope, *, file_format: str, key: str | None = None
    ) -> None:
        """Store the job that sends the asker a file; who may see what is decided again by it.

        What is requested twice with the same `key` is one file.
        Raises: errors.ChannelNotSeen when the asker may see none of the channels;
        errors.SlackBusy, errors.SlackUnknown, errors.RecordsUnavailable.
        """
        if not any(self._access.visible(asker.person, scope.channels)):
            raise errors.ChannelNotSeen
        with self._jobs.database.begin() as connection:
            self._jobs.enqueue(
                connection,
                "Exports.export_pictures",
                job_id=f"{asker.team}/export/{asker.person}/{key or secrets.token_hex(8)}",
                queue="exports",
                args={
                    "team": asker.team,
                    "person": asker.person,
                    "format": file_format,
                    "scope": dataclasses.asdict(scope),
                },
            )

    def answer(self, asker: Asker, command: Export) -> str:
        """What is said to `/labels export`.

        Raises: errors.CommandError, and what `request` raises but for that.
        """
        since_s = _since_s(command.since)
        if command.thread:
            return self._answer_about_thread(asker, command, command.thread, since_s=since_s)
        channel = command.channel or asker.channel
        try:
            self.request(asker, Scope((channel,), since_s=since_s), file_format=command.file_format)
        except errors.ChannelNotSeen as exc:
            raise errors.CommandError(problem=str(exc), example=_EXAMPLE) from exc
        return _promise(
            command, "posted here" if channel == asker.channel else f"posted in <#{channel}>"
        )

    def _answer_about_thread(
        self, asker: Asker, command: Export, link: Permalink, *, since_s: float | None
    ) -> str:
        """Whether there is such a thread is not said to who may not see it."""
        whole = Scope.thread(link.channel, link.thread_ts or link.ts)
        sees = self._access.may_see(asker.person, link.channel)
        if not sees or not self._library.has_pictures(asker.team, whole):
            return UNKNOWN_LINK
        scope = dataclasses.replace(whole, since_s=since_s)
        self.request(asker, scope, file_format=command.file_format)
        return _promise(command, "of that thread")


def _promise(command: Export, which: str) -> str:
    return (
        f"I put the labels of the pictures {which}{_period(command.since)} into a "
        f"{_NAMES[command.file_format]} file, and send it to you in a direct message."
    )


def _since_s(since: dt.timedelta | dt.date | None) -> float | None:
    now = dt.datetime.now(tz=dt.UTC)
    if since is None:
        return None
    if isinstance(since, dt.timedelta):
        return (now - since).timestamp()
    if since > now.date():
        raise errors.CommandError(
            problem="That day is still to come.", example="/labels export csv since 7d"
        )
    return max(0.0, dt.datetime.combine(since, dt.time(), tzinfo=dt.UTC).timestamp())


def _period(since: dt.timedelta | dt.date | None) -> str:
    if since is None:
        return ""
    if isinstance(since, dt.timedelta):
        hours = since // dt.timedelta(hours=1)
        number, unit = (hours, "hour") if hours % 24 else (hours // 24, "day")
        return f" in the last {number} {unit}s" if number > 1 else f" in the last {unit}"
    return f" since {since} (UTC)"
