"""What the job library keeps of jobs: which are not done yet, and how their records go.

Called inside a step, so that what is found here is not kept as a step's result of its own.
"""

from __future__ import annotations

import sqlalchemy as sa
from dbos import DBOS

from bot.adapters.database import Database
from bot.adapters.tables import TAKEOVERS
from bot.model import MessageRef

_UNFINISHED = ["ENQUEUED", "DELAYED", "PENDING"]


class JobRecords:
    """Reads and removes the records of jobs."""

    def __init__(self, database: Database) -> None:
        """Keep the database that the jobs are in too."""
        self._database = database

    def are_at_work(self, messages: list[MessageRef]) -> bool:
        """Whether a job of one of these messages, all of one team, is not done yet."""
        unfinished = DBOS.list_workflows(
            status=_UNFINISHED,
            workflow_id_prefix=f"{messages[0].team}/",
            load_input=False,
            load_output=False,
        )
        begins = tuple(f"{message.id}/" for message in messages)
        return any(job.workflow_id.startswith(begins) for job in unfinished)

    def remove(self, message: MessageRef, sha256s: set[str]) -> None:
        """Remove the records of a message's jobs, and of the calls made for its pictures."""
        own = DBOS.list_workflows(
            workflow_id_prefix=f"{message.id}/", load_input=False, load_output=False
        )
        ids = [job.workflow_id for job in own]
        ids += [job_id for sha256 in sha256s for job_id in self._calls(message, sha256)]
        if ids:
            DBOS.delete_workflows(ids)
            with self._database.begin() as connection:
                connection.execute(sa.delete(TAKEOVERS).where(TAKEOVERS.c.workflow_id.in_(ids)))

    def _calls(self, message: MessageRef, sha256: str) -> list[str]:
        """The jobs that asked for a picture's labels by this message's copy of it."""
        prefix = f"{message.team}/look/{sha256}/"
        found = DBOS.list_workflows(workflow_id_prefix=prefix, load_output=False)
        return [
            job.workflow_id
            for job in found
            if job.input and _is_about(job.input["args"][0], message)
        ]


def _is_about(args: dict[str, str], message: MessageRef) -> bool:
    return MessageRef(args["team"], args["channel"], args["ts"]) == message
