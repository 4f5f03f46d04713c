"""Durable jobs on DBOS: how a job runs its steps and other jobs.

How a job gets in is in `job_intake`, what keeps jobs going in `job_runner`, and what they do in the
use cases.
"""

from __future__ import annotations

import contextvars
import hashlib
import logging
import math
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

from dbos import (
    DBOS,
    SetEnqueueOptions,
    SetWorkflowID,
    StepOptions,
    StepReservation,
    WorkflowHandle,
)

from bot import errors

LEFT_BEHIND = "looks"
"""The queue of jobs that were begun without one, once their process has ended."""

_RESULT_POLL_S = 0.05
END_HEARD_WITHIN_S = 2.0
"""How long a job waits to hear of another's end, before it asks the database again and again."""
log = logging.getLogger(__name__)

_FIRST_PAUSE_S = 0.25
_LONGEST_PAUSE_S = 300.0
_SIDE_BY_SIDE = 4
_PATIENT_ROUNDS = 300
UNFINISHED = ["ENQUEUED", "DELAYED", "PENDING"]
"""What the job library calls a job that has not ended."""
MENDABLE = {"token_revoked", "token_expired", "invalid_auth", "account_inactive", "missing_scope"}
"""What Slack says until an admin has put it right."""

Outcome = dict[str, Any]
"""What a step or a job came to: small JSON with an `outcome` code, never bytes or tokens."""


class Steps:
    """How a job runs its steps and other jobs; each is kept once it is done.

    An expected failure is a step's result, as `to_outcome()` writes it. A step raises only what
    the job library should try again: what it records of an error cannot be read back as it was.
    """

    def __init__(self, *, retry_for_s: float, alone: bool = True) -> None:
        """Try what passes by itself again for about `retry_for_s` seconds.

        `alone` says that no other process does jobs on this database.
        """
        self.tries = 1 + math.ceil(math.log2(retry_for_s / _FIRST_PAUSE_S + 1))
        self._running: set[str] = set()
        self._heard_within_s = END_HEARD_WITHIN_S if alone else 0.0
        self._is_stopping = False
        self._ends: WeakValueDictionary[str, threading.Event] = WeakValueDictionary()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Stands around a job's body, so that the runner knows which jobs have a thread here."""
        job_id = str(DBOS.workflow_id)
        self._running.add(job_id)
        try:
            yield
        finally:
            self._running.discard(job_id)
            if end := self._ends.get(job_id):
                end.set()

    def has_thread(self, job_id: str) -> bool:
        """Whether a job is being done in this process."""
        return job_id in self._running

    def stop(self) -> None:
        """Begin no job at once any more: this process would not finish it."""
        self._is_stopping = True

    def run(self, name: str, work: Callable[..., Outcome], *args: Any) -> Outcome:
        """Run one step."""
        return self._run_at(DBOS.reserve_step(), name, work, args)

    def run_patiently(self, name: str, work: Callable[..., Outcome], *args: Any) -> Outcome:
        """Run one step, again and again for about a day as long as waiting may help."""
        outcome = self.run(name, work, *args)
        for turn in range(_PATIENT_ROUNDS):
            if not worth_waiting(outcome):
                break
            pause_s = min(5.0 * 2.0**turn, _LONGEST_PAUSE_S)
            _say_waiting(outcome, pause_s)
            DBOS.sleep(pause_s)
            outcome = self.run(name, work, *args)
        return outcome

    def run_each(
        self, name: str, work: Callable[..., Outcome], items: list[tuple[Any, ...]]
    ) -> list[Outcome]:
        """Run one step per item side by side; the results in the items' order.

        What nobody foresaw is the result of its own item too, and spoils none of the others.
        """
        guarded = partial(surviving, work)
        places = [DBOS.reserve_step() for _ in items]
        with ThreadPoolExecutor(max_workers=_SIDE_BY_SIDE) as side_by_side:
            running = [
                side_by_side.submit(
                    contextvars.copy_context().run, self._run_at, place, name, guarded, item
                )
                for place, item in zip(places, items, strict=True)
            ]
            return [one.result() for one in running]

    def _run_at(
        self, place: StepReservation, name: str, work: Callable[..., Outcome], args: tuple[Any, ...]
    ) -> Outcome:
        options: StepOptions = {
            "name": name,
            "retries_allowed": True,
            "max_attempts": self.tries,
            "interval_seconds": _FIRST_PAUSE_S,
            "backoff_rate": 2.0,
            "should_retry": _passes_by_itself,
        }
        outcome: Outcome = place.run(options, self._ending_in_outcome, work, args)
        return outcome

    def _ending_in_outcome(self, work: Callable[..., Outcome], args: tuple[Any, ...]) -> Outcome:
        try:
            return work(*args)
        except errors.SpotterError as exc:
            status = DBOS.step_status
            tried = 1 + (status.current_attempt or 0) if status else self.tries
            if exc.passes_by_itself and tried < self.tries:
                raise
            return exc.to_outcome()

    def start(
        self,
        queue: str | None,
        job: Callable[[Outcome], Outcome],
        args: Outcome,
        *,
        job_id: str,
        partition: str | None = None,
        is_step: bool = True,
    ) -> Callable[[], Outcome]:
        """Hand another job to its queue; call what is returned to wait for its result.

        Without a queue it begins at once, in this process. To start it and to wait for it count as
        a step each, unless `is_step` is false: that saves writes, and by its name it is done once
        all the same. It also lets a job go on that was taken from this process: whoever starts
        what must not come from such a job makes it a step.
        """

        def begin() -> WorkflowHandle[Outcome]:
            with SetWorkflowID(job_id), SetEnqueueOptions(queue_partition_key=partition):
                if queue or self._is_stopping:
                    return DBOS.enqueue_workflow(queue or LEFT_BEHIND, job, args)
                return DBOS.start_workflow(job, args)

        # Outside of all jobs nothing is a step.
        run = _plainly if is_step else contextvars.Context().run
        # Kept by whoever waits: a job that nobody waits for leaves nothing behind.
        end = self._ends.setdefault(job_id, threading.Event())
        handle = run(begin)

        def result() -> Outcome:
            # A look at the database for every waiting job, many times a second, is most of what a
            # busy process would do. Not heard is a job that another process does, or did.
            if self._heard_within_s and (self.has_thread(job_id) or not _has_ended(job_id)):
                end.wait(self._heard_within_s)
            return run(partial(_result_of, handle, is_step=is_step))

        return result

    def keep_trying(self, work: Callable[..., Outcome], *args: Any) -> Outcome:
        """Do what may be done any number of times, and so is no step, as long as that may help.

        For about a day; what nobody foresaw is an outcome at once. A restart begins anew.
        """
        for turn in range(_PATIENT_ROUNDS):
            outcome = ending_in_outcome(work, *args)
            if not worth_waiting(outcome):
                break
            pause_s = min(_FIRST_PAUSE_S * 2.0**turn, _LONGEST_PAUSE_S)
            _say_waiting(outcome, pause_s)
            time.sleep(pause_s)
        return outcome

    def pause(self, seconds: float) -> None:
        """Sleep in a way that a restart does not start over."""
        DBOS.sleep(seconds)


def _plainly(work: Callable[[], Any]) -> Any:
    return work()


def _result_of(handle: WorkflowHandle[Outcome], *, is_step: bool) -> Outcome:
    try:
        return handle.get_result(polling_interval_sec=_RESULT_POLL_S)
    except Exception:
        if is_step:
            raise
        # Of a job of this process it may be what its thread met, such as a full disk, and not what
        # the job came to: that is kept in the database, or will be.
        kept: WorkflowHandle[Outcome] = DBOS.retrieve_workflow(handle.workflow_id)
        return kept.get_result(polling_interval_sec=_RESULT_POLL_S)


def _has_ended(job_id: str) -> bool:
    """Whether a job has ended, asked from outside of all jobs: inside, asking would be a step."""
    found = contextvars.Context().run(
        DBOS.list_workflows, workflow_ids=[job_id], load_input=False, load_output=False
    )
    return bool(found) and found[0].status not in UNFINISHED


def _say_waiting(outcome: Outcome, pause_s: float) -> None:
    facts = {"job": DBOS.workflow_id, "for": outcome["outcome"], "pause_s": pause_s}
    log.warning("job_waits", extra=facts)


def worth_waiting(outcome: Outcome) -> bool:
    """What passes by itself, and what an admin is likely to mend soon: a token, a permission."""
    barred = (outcome.get("facts") or {}).get("error") in MENDABLE
    return barred or errors.describe(outcome).passes_by_itself


def reference() -> str:
    """A short word for people that finds this job in the log; the same on every replay."""
    return hashlib.sha256(str(DBOS.workflow_id).encode()).hexdigest()[:8]


def post_key() -> str:
    """The key that a job's one post carries in its metadata; the same on every replay."""
    return hashlib.sha256(f"{DBOS.workflow_id}/post".encode()).hexdigest()[:32]


def surviving(work: Callable[..., Outcome], *args: Any) -> Outcome:
    """What work comes to; what nobody foresaw is an outcome too, with its reference."""
    try:
        return work(*args)
    except errors.SpotterError:
        raise
    except Exception:
        log.exception("step_failed", extra={"job": DBOS.workflow_id, "reference": reference()})
        return errors.Unexpected(reference=reference()).to_outcome()


def ending_in_outcome(work: Callable[..., Outcome], *args: Any) -> Outcome:
    """What work comes to; what is known to go wrong, and what nobody foresaw, is one too."""
    try:
        return surviving(work, *args)
    except errors.SpotterError as exc:
        return exc.to_outcome()


def _passes_by_itself(exc: BaseException) -> bool:
    return isinstance(exc, errors.SpotterError) and exc.passes_by_itself
