"""How a durable job gets into the database, from a process that need not do any."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from dbos import DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions

from bot.adapters.database import Database

APPLICATION = "spotter"
APPLICATION_VERSION = "1"
"""Constant, so that a deploy finishes the jobs that the release before it accepted."""

# The portable serializer writes plain JSON. The default one pickles, and would put a vendor's error
# with the bot token inside it into the database.
SERIALIZER = DBOSPortableJSONSerializer()


class JobIntake:
    """Puts jobs into the database; needs no DBOS launch, so the web side has nothing else."""

    def __init__(self, database: Database) -> None:
        """Use the caller's database, with its short time-out.

        The client must not wait for a database that is away: Slack waits three seconds, then asks
        again, and that is the retry.
        """
        self.database = database
        self._client = DBOSClient(
            system_database_engine=database.engine,
            serializer=SERIALIZER,
            retry_connection_errors=False,
            application_name=APPLICATION,
            lazy=True,
        )

    def enqueue(
        self,
        connection: sa.Connection,
        name: str,
        *,
        job_id: str,
        queue: str,
        args: dict[str, Any],
        partition: str | None = None,
    ) -> None:
        """Add a job in the caller's transaction; an id that is known already adds nothing."""
        class_name, _, workflow_name = name.partition(".")
        options: EnqueueOptions = {
            "workflow_name": workflow_name,
            "class_name": class_name,
            "instance_name": class_name.lower(),
            "queue_name": queue,
            "workflow_id": job_id,
            "app_version": APPLICATION_VERSION,
        }
        if partition:
            options["queue_partition_key"] = partition
        self._client.enqueue_in_transaction(connection, options, args)
