"""A message's reply is to be rendered again: stored as a job, without a question to Rekognition.

Runs on the web side too, so it needs nothing but the database. The job is `bot.rendering`'s.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from bot.adapters.job_intake import JobIntake
from bot.adapters.render_records import RenderRecords
from bot.model import MessageRef

_OUTLIVED_AT_ONCE = 100
"""A day's share; the rest has its turn the day after."""

log = logging.getLogger(__name__)


class RenderRequests:
    """Takes in what changes how a picture is shown: a correction, a style, more labels."""

    def __init__(self, jobs: JobIntake, renders: RenderRecords) -> None:
        """Take the job intake and the records on its database."""
        self._jobs = jobs
        self._renders = renders

    def ask(
        self,
        connection: sa.Connection,
        message: MessageRef,
        options: Mapping[str, Any],
        *,
        after: int | None = None,
    ) -> bool:
        """Store the job in the caller's transaction; False where no reply stands yet.

        `options` are those of `bot.show_options`. They come on top of all that was chosen for this
        message before. With `after`, an attempt, False also where a later one renders.
        """
        opened = self._renders.open(connection, message, options=options, after=after)
        if opened is None:
            return False
        self._jobs.enqueue(
            connection,
            "Rerendering.render_again",
            job_id=f"{message.id}/{opened.attempt}",
            queue="messages",
            args={
                **message.columns(),
                "thread_ts": opened.thread_ts,
                "attempt": opened.attempt,
                "options": opened.options,
            },
        )
        log.info("render_asked", extra={"job": message.id})
        return True

    def retire_outlived(self, *, again: str) -> None:
        """Store jobs that take back what no retiring could; `again` tells a later try apart.

        Raises: errors.RecordsUnavailable.
        """
        for message in self._renders.outlived(at_most=_OUTLIVED_AT_ONCE):
            with self._jobs.database.begin() as connection:
                self._jobs.enqueue(
                    connection,
                    "Rerendering.retire_outlived",
                    job_id=f"{message.id}/retire/{again}",
                    queue="messages",
                    args=message.columns(),
                )
