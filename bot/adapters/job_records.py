"""What the job library keeps of jobs: which are not done yet, and how their records go.

Called inside a step, so that what is found here is not kept as a step's result of its own.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from dbos import DBOS

from bot.adapters.database import Database
from bot.adapters.tables import TAKEOVERS
from bot.model import MessageRef

_UNFINISHED = ["ENQUEUED", "DELAYED", "PENDING"]
_FINISHED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]


class JobRecords:
    """Reads and removes the records of jobs."""

    def __init__(self, database: Database) -> None:
        """Keep the database that the jobs are in too."""
        self._database = database

    def are_at_work(self, messages: list[MessageRef], *, job_ids: Iterable[str] = ()) -> bool:
        """Whether a job of one of these messages, all of one team, or of these is not done yet."""
        unfinished = _ids(status=_UNFINISHED, workflow_id_prefix=f"{messages[0].team}/")
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

    def remove_of_team(self, team: str) -> None:
        """Remove the records of all jobs of a team that are done."""
        self._remove(_ids(status=_FINISHED, workflow_id_prefix=f"{team}/"))

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
