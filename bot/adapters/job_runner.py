"""Runs the jobs of this process on DBOS, and keeps the fleet's jobs from being forgotten.

The only module that launches DBOS. DBOS alone takes nothing over from a process that died: every
process beats in the `workers` table, and the jobs of a silent one are resumed by whoever wins.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from dbos import DBOS

from bot.adapters.database import Database
from bot.adapters.fleet import BEAT_S, LEFT_S, SILENT_S, Fleet
from bot.adapters.job_intake import APPLICATION, APPLICATION_VERSION, SERIALIZER, JobIntake
from bot.adapters.jobs import LEFT_BEHIND
from bot.adapters.sqlite_file import open_sqlite

TAKEOVERS_AT_MOST = 5
_POLL_S = 0.1
"""How often each queue is looked at: what an idle bot costs, and what a picture waits for."""
_BUSY_AT_MOST_S = 60.0
_CONNECTIONS = 20
_MESSAGES_AT_ONCE = 32
"""At Slack's cap of 8.3 events a second, each under way for two seconds, half of that is used."""
_QUEUES_WITH_PICTURES = {"messages", LEFT_BEHIND, "rekognition"}
"""Jobs that can kill a process. The others wait, for Slack above all, and outlive many restarts.

The last queue is of the release before: its databases keep it, with its limit, for its workers.
"""
_KEEP_FINISHED_S = 7 * 24 * 3600
_MESSAGE_JOB = "label_message"
_REPLY_JOB = "post_reply"
_REPLY_SUFFIX = "/reply"
"""The job that owes a message its reply; the jobs that it starts report to it."""

log = logging.getLogger(__name__)


def migrate_jobs(database: Database) -> None:
    """Bring the job library's tables to its shape."""
    DBOS.migrate(database.url.render_as_string(hide_password=False))


def _engine_of_jobs(database: Database) -> sa.Engine | None:
    """What the job library works with, where its writers must take turns with ours."""
    if not database.is_sqlite:
        return None
    return open_sqlite(database.url, timeout_s=_BUSY_AT_MOST_S, pool_size=_CONNECTIONS)


class JobRunner:
    """Runs jobs in this process, and keeps the fleet's jobs from being forgotten."""

    def __init__(
        self,
        database: Database,
        *,
        alone: bool,
        has_thread: Callable[[str], bool] = lambda _: True,
        daily_job: str | None = None,
    ) -> None:
        """Prepare DBOS.

        `alone` says that no other process can be doing jobs on this database; `has_thread` tells
        by its id whether a job is being done in this process; `daily_job` is what one process of
        all starts each day.
        """
        self._database = database
        self._alone = alone
        self._executor_id = uuid.uuid4().hex
        self._fleet = Fleet(database, self._executor_id)
        self._stop = threading.Event()
        self._has_thread = has_thread
        self._daily_job = daily_job
        self._stranded: set[str] = set()
        self._chores: Sequence[Callable[[], None]] = ()
        self._keeper = threading.Thread(target=self._keep, name="job-keeper", daemon=True)
        self._engine = _engine_of_jobs(database)
        DBOS(
            config={
                "name": APPLICATION,
                "system_database_url": database.url.render_as_string(hide_password=False),
                "system_database_engine": self._engine,
                "serializer": SERIALIZER,
                "application_version": APPLICATION_VERSION,
                "executor_id": self._executor_id,
                "log_level": "WARNING",
                "run_migrations": False,
            }
        )

    def launch(self, jobs: JobIntake, *, chores: Sequence[Callable[[], None]] = ()) -> None:
        """Start doing jobs; `jobs` takes the last words about those that cannot go on.

        `chores` are done every few seconds, in every process that does jobs.
        """
        self._jobs = jobs
        self._chores = chores
        self._fleet.beat()
        DBOS.launch()
        for name, limits in self._queues().items():
            DBOS.register_queue(
                name, **({"polling_interval_sec": _POLL_S} | limits), on_conflict="always_update"
            )
        if self._alone:
            self._take_over_from(self._fleet.silent(silent_s=0.0))
        self._keeper.start()

    def _queues(self) -> dict[str, dict[str, Any]]:
        # https://docs.slack.dev/apis/web-api/rate-limits: one post per second and channel.
        posts = {"limit": 1, "period": 1.1}
        return {
            "messages": {"worker_concurrency": _MESSAGES_AT_ONCE},
            LEFT_BEHIND: {"polling_interval_sec": 1.0},
            "posts": {"partition_limiter": posts},
            "alerts": {"worker_concurrency": 8, "polling_interval_sec": 1.0},
            # Each on its own, so that what waits for Slack does not hold up what need not.
            "forgetting": {"worker_concurrency": 16, "polling_interval_sec": 1.0},
            "clearing": {"worker_concurrency": 32, "polling_interval_sec": 1.0},
            "sweeping": {"worker_concurrency": 2, "polling_interval_sec": 1.0},
            # A few at a time: an export may read for minutes, and pictures should not wait for it.
            "exports": {"worker_concurrency": 3, "polling_interval_sec": 1.0},
        }

    def stop(self, *, grace_s: int = 15) -> None:
        """Let running jobs finish for a while, then leave the rest to whoever comes next."""
        self._stop.set()
        DBOS.destroy(workflow_completion_timeout_sec=grace_s)
        if self._engine is not None:
            self._engine.dispose()

    def leave(self) -> None:
        """The last word of a process that does nothing any more: its jobs are free."""
        self._fleet.beat(at_s=LEFT_S)

    # -- the fleet

    def _keep(self) -> None:
        cleaned_s = 0.0
        while not self._stop.wait(BEAT_S):
            try:
                self._fleet.beat()
                if self._fleet.others_can_beat():
                    self._take_over_from(self._fleet.silent(silent_s=SILENT_S))
                self._resume_stranded()
                self._sweep()
                for chore in self._chores:
                    chore()
                if time.time() - cleaned_s > 3600:
                    self._clean()
                    self._start_daily_job()
                    cleaned_s = time.time()
            except Exception:
                # The keeper must outlive a database that is away for a while.
                log.exception("keeper_failed")

    def _resume_stranded(self) -> None:
        """Go on with jobs of this process that lost their thread, as when the disk was full.

        Twice in a row: one that was dequeued a moment ago has no thread yet.
        """
        mine = DBOS.list_workflows(
            status="PENDING", executor_id=self._executor_id, load_input=False, load_output=False
        )
        stranded = {job.workflow_id for job in mine if not self._has_thread(job.workflow_id)}
        for job in mine:
            if job.workflow_id in stranded & self._stranded:
                self._resume(job.workflow_id, job.queue_name, died=False)
        self._stranded = stranded

    def _take_over_from(self, dead: Iterable[tuple[str, float]]) -> None:
        for executor_id, beaten_at_s in dead:
            if self._fleet.win(executor_id, beaten_at_s):
                for job in DBOS.list_workflows(
                    status="PENDING", executor_id=executor_id, load_input=False, load_output=False
                ):
                    self._resume(job.workflow_id, job.queue_name, died=beaten_at_s != LEFT_S)
                self._fleet.forget(executor_id)

    def _resume(self, job_id: str, queue: str | None, *, died: bool) -> None:
        """Go on with a job; one that was there whenever its process died is given up in the end."""
        queue = queue or LEFT_BEHIND
        counts = died and queue in _QUEUES_WITH_PICTURES
        if counts and self._fleet.count_takeover(job_id) > TAKEOVERS_AT_MOST:
            DBOS.cancel_workflow(job_id)
            self._give_up(job_id)
        else:
            log.info("job_taken_over", extra={"job": job_id})
            DBOS.resume_workflow(job_id, queue_name=queue)

    def _sweep(self) -> None:
        """Find the jobs that ended without an end of their own."""
        for job in DBOS.list_workflows(
            name=[_MESSAGE_JOB, _REPLY_JOB],
            status=["ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"],
            load_input=False,
            load_output=False,
        ):
            self._give_up(job.workflow_id)

    def pictures_under_way(self) -> int:
        """How many pictures the messages' jobs have that are not done yet, in all processes."""
        jobs = DBOS.list_workflows(
            name=_MESSAGE_JOB, status=["ENQUEUED", "PENDING"], load_output=False
        )
        return sum(len(job.input["args"][0]["files"]) for job in jobs if job.input)

    def _give_up(self, job_id: str) -> None:
        """Have the reason told in the thread of a message whose job cannot go on, once.

        That of its reply counts too; where the telling itself failed, nobody is left to tell.
        """
        job_id = job_id.removesuffix(_REPLY_SUFFIX)
        found = DBOS.list_workflows(workflow_ids=[job_id], name=_MESSAGE_JOB, load_output=False)
        args = found[0].input["args"][0] if found and found[0].input else None
        if args:
            with self._jobs.database.begin() as connection:
                self._jobs.enqueue(
                    connection,
                    "Labelling.give_up",
                    job_id=f"{job_id}/gave-up",
                    queue="messages",
                    args=args,
                )

    def _start_daily_job(self) -> None:
        """Store today's daily job: the day is its name, so it is one, whoever asks."""
        if self._daily_job is None:
            return
        now_s = time.time()
        day = time.strftime("%Y-%m-%d", time.gmtime(now_s))
        with self._jobs.database.begin() as connection:
            self._jobs.enqueue(
                connection,
                self._daily_job,
                job_id=f"daily/{day}",
                queue="sweeping",
                args={"now_s": now_s},
            )

    def _clean(self) -> None:
        before = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - _KEEP_FINISHED_S))
        old = DBOS.list_workflows(
            status=["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"],
            completed_before=before,
            limit=5000,
            load_input=False,
            load_output=False,
        )
        ids = [job.workflow_id for job in old]
        if ids:
            DBOS.delete_workflows(ids)
            self._fleet.forget_takeovers(ids)
