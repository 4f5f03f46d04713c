"""What the job library keeps of jobs: which are not done yet, and how their records go.

Called inside a step, so that what is found here is not kept as a step's result of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import sqlalchemy as sa
from dbos import DBOS

from bot.adapters.database import Database
from bot.adapters.jobs import UNFINISHED
from bot.adapters.tables import TAKEOVERS
from bot.model import MessageRef

_SWEEP = "sweep"
"""The daily job. One that is removed on its own day is done once more, which changes nothing."""
_FINISHED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]


class JobRecords:
    """Reads and removes the records of jobs."""

    def __init__(self, database: Database) -> None:
        """Keep the database that the jobs are in too."""
        self._database = database

    def are_at_work(self, messages: list[MessageRef], *, job_ids: Iterable[str] = ()) -> bool:
        """Whether a job of one of these messages, all of one team, or of these is not done yet."""
        unfinished = _ids(status=UNFINISHED, workflow_id_prefix=f"{messages[0].team}/")
        begins = tuple(f"{message.id}/" for message in messages)
        return any(job_id.startswith(begins) or job_id in {*job_ids} for job_id in unfinished)

    def remove(
        self, message: MessageRef, sha256s: set[str], *, job_ids: Iterable[str] = ()
    ) -> None:
        """Remove the records of a message's jobs that are done, and of these.

        Those of the calls made for its pictures go too. What is not done yet stays: somebody may
        have asked for something in the meantime, which is owed an answer.
        """
        ids = _ids(status=_FINISHED, workflow_id_prefix=f"{message.id}/")
        known = list(job_ids)
        ids += _ids(status=_FINISHED, workflow_ids=known) if known else []
        ids += [job_id for sha256 in sha256s for job_id in _calls(message, sha256)]
        self._remove(ids)

    def remove_of_purged(self, purge_id: str) -> bool:
        """Remove the records of a purged team's jobs that are done; that of the purge goes last.

        It names the team, and so do the sweeps, by the channels that they look at. False while one
        of them all is not done yet. What came after the purge is of a team that is back, and stays.
        """
        purge = next(iter(DBOS.list_workflows(workflow_ids=[purge_id], load_output=False)), None)
        if purge is None or purge.input is None:
            return True
        if purge.completed_at is None:
            return False
        purged_at = datetime.fromtimestamp(purge.completed_at / 1000, tz=UTC).isoformat()
        of_team = {
            "workflow_id_prefix": f"{purge.input['args'][0]['team']}/",
            "end_time": purged_at,
        }
        unfinished = _ids(status=UNFINISHED, **of_team) + _ids(status="PENDING", name=_SWEEP)
        self._remove(_ids(status=_FINISHED, **of_team) + _ids(status=_FINISHED, name=_SWEEP))
        if not unfinished:
            self._remove([purge_id])
        return not unfinished

    def _remove(self, ids: list[str]) -> None:
        if ids:
            DBOS.delete_workflows(ids)
            with self._database.begin() as connection:
                connection.execute(sa.delete(TAKEOVERS).where(TAKEOVERS.c.workflow_id.in_(ids)))


def _ids(**where: object) -> list[str]:
    found = DBOS.list_workflows(**where, load_input=False, load_output=False)  # type: ignore[arg-type]
    return [job.workflow_id for job in found]


def _calls(message: MessageRef, sha256: str) -> list[str]:
    """The jobs that asked for a picture's labels by this message's copy of it."""
    prefix = f"{message.team}/look/{sha256}/"
    found = DBOS.list_workflows(status=_FINISHED, workflow_id_prefix=prefix, load_output=False)
    return [
        job.workflow_id for job in found if job.input and _is_about(job.input["args"][0], message)
    ]


def _is_about(args: dict[str, str], message: MessageRef) -> bool:
    return MessageRef(args["team"], args["channel"], args["ts"]) == message
