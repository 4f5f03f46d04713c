"""Durable jobs on DBOS: how a job gets in, and how it runs its steps and other jobs.

What the jobs do is in the use cases; what keeps them going is in `job_runner`.
"""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer, SetEnqueueOptions, SetWorkflowID

from bot import errors
from bot.adapters.database import Database

APPLICATION = "spotter"
APPLICATION_VERSION = "1"
"""Constant, so that a deploy finishes the jobs that the release before it accepted."""

POLL_S = 0.05
STEP_TRIES = 7

# The portable serializer writes plain JSON. The default one pickles, and would put a vendor's error
# with the bot token inside it into the database.
SERIALIZER = DBOSPortableJSONSerializer()


def rate_limit(per_second: float) -> dict[str, Any]:
    """A limiter that holds at this rate: the smallest burst that one polling round can start.

    A burst of 5 per 1 s would let 10 through around the border of two seconds.

    >>> rate_limit(5)
    {'limit': 1, 'period': 0.2}
    >>> rate_limit(50)
    {'limit': 3, 'period': 0.06}
    """
    burst = max(1, -int(-per_second * POLL_S // 1))
    return {"limit": burst, "period": round(burst / per_second, 6)}


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
        self, connection: sa.Connection, name: str, *, job_id: str, queue: str, args: dict[str, Any]
    ) -> None:
        """Add a job in the caller's transaction; an id that is known already adds nothing."""
        class_name, _, workflow_name = name.partition(".")
        self._client.enqueue_in_transaction(
            connection,
            {
                "workflow_name": workflow_name,
                "class_name": class_name,
                "instance_name": class_name.lower(),
                "queue_name": queue,
                "workflow_id": job_id,
                "app_version": APPLICATION_VERSION,
            },
            args,
        )


def run_job(
    queue: str, job: Any, args: dict[str, Any], *, job_id: str, partition: str | None = None
) -> Any:
    """From inside a job: run another one through its queue and wait for its result."""
    with SetWorkflowID(job_id), SetEnqueueOptions(queue_partition_key=partition):
        handle = DBOS.enqueue_workflow(queue, job, args)
    return handle.get_result(polling_interval_sec=POLL_S)


def start_job(queue: str, job: Any, args: dict[str, Any], *, job_id: str) -> None:
    """From inside a job: hand another one to its queue without waiting."""
    with SetWorkflowID(job_id):
        DBOS.enqueue_workflow(queue, job, args)


def pause_job(seconds: float) -> None:
    """From inside a job: sleep in a way that a restart does not start over."""
    DBOS.sleep(seconds)


def run_step(name: str, work: Callable[..., dict[str, Any]], *args: Any) -> dict[str, Any]:
    """Run one step of a job; an expected failure is its result, as `to_outcome()` writes it."""
    return _run_reserved(DBOS.reserve_step(), name, work, args)


def run_steps(
    name: str, work: Callable[[Any], dict[str, Any]], items: list[Any]
) -> list[dict[str, Any]]:
    """Run one step per item side by side; the results in the items' order."""
    reserved = [DBOS.reserve_step() for _ in items]
    if len(items) == 1:
        return [_run_reserved(reserved[0], name, work, (items[0],))]
    with ThreadPoolExecutor(max_workers=min(4, len(items) or 1)) as side_by_side:
        running = [
            side_by_side.submit(
                contextvars.copy_context().run, _run_reserved, place, name, work, (item,)
            )
            for place, item in zip(reserved, items, strict=True)
        ]
        return [one.result() for one in running]


def _run_reserved(
    place: Any, name: str, work: Callable[..., Any], args: tuple[Any, ...]
) -> dict[str, Any]:
    options = {
        "name": name,
        "retries_allowed": True,
        "max_attempts": STEP_TRIES,
        "interval_seconds": 0.25,
        "backoff_rate": 2.0,
        "should_retry": lambda exc: isinstance(exc, errors.SpotterError) and exc.passes_by_itself,
    }
    outcome: dict[str, Any] = place.run(options, _ending_in_outcome, work, args)
    return outcome


def _ending_in_outcome(work: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """Raise only what the job library should try again; everything else we know is a result."""
    try:
        return work(*args)
    except errors.SpotterError as exc:
        status = DBOS.step_status
        tried = (status.current_attempt or 0) + 1 if status else STEP_TRIES
        if exc.passes_by_itself and tried < STEP_TRIES:
            raise
        return exc.to_outcome()
