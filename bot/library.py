"""What is kept: how it goes, by forgetting and the daily sweep, and how it is handed out.

What the steps do is in `forgetting`, `sweeping` and `delivering`. The jobs that forget name neither
a message nor a file nor a person: their records stay for a week after all else is gone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from dbos import DBOS, DBOSConfiguredInstance

from bot import errors
from bot.adapters.jobs import Outcome, Steps, reference, worth_waiting
from bot.delivering import DELIVERED, MADE, Delivering
from bot.forgetting import AT_WORK, FORGOTTEN, Forgetting
from bot.sweeping import MORE, Sweeping

_ROUNDS = 1000
_PAUSE_AT_MOST_S = 60.0
"""Most of a day in all; what is not done by then, the next sweep asks for again."""

_HAND_OVER = "/hand-over"
_ROUNDS_OF_EXPORT = 300
"""About a day, as for everything that waits for Slack."""

Job = dict[str, Any]

log = logging.getLogger(__name__)


@DBOS.dbos_class()
class Library(DBOSConfiguredInstance):
    """The jobs by which things go."""

    def __init__(self, steps: Steps, forgetting: Forgetting, sweeping: Sweeping) -> None:
        """Take what the steps do."""
        super().__init__("library")
        self._steps = steps
        self._forgetting = forgetting
        self._sweeping = sweeping

    @DBOS.workflow(name="forget", max_recovery_attempts=None)
    def forget(self, job: Job) -> Outcome:
        """Forget a message, or one picture of it: first what waits for nobody."""
        return self._to_its_end(lambda: self._forget(job))

    def _forget(self, job: Job) -> Outcome:
        where = (job["key"], job["position"])
        found = self._steps.run_patiently("content", self._forgetting.drop_content, *where)
        self._steps.start("clearing", self.clear, job, job_id=f"{DBOS.workflow_id}/rest")
        return {"outcome": found["outcome"]}

    @DBOS.workflow(name="clear", max_recovery_attempts=None)
    def clear(self, job: Job) -> Outcome:
        """Forget the rest: what was said in Slack, and once nobody works on it, the rows.

        On a queue of its own: it may wait for Slack, and for other jobs, for hours.
        """
        return self._to_its_end(lambda: self._clear(job["key"], job["position"]))

    def _clear(self, key: str, position: int | None) -> Outcome:
        self._steps.run_patiently("take_back", self._forgetting.take_back, key, position)
        finish = self._forgetting.finish
        return self._until_idle(lambda: self._steps.run_patiently("finish", finish, key, position))

    def _until_idle(self, work: Callable[[], Outcome]) -> Outcome:
        """Do this again and again for most of a day as long as somebody is at work on it."""
        for turn in range(_ROUNDS):
            found = work()
            if found["outcome"] != AT_WORK:
                break
            self._steps.pause(min(2.0**turn, _PAUSE_AT_MOST_S))
        if found["outcome"] != FORGOTTEN:
            log.error("not_forgotten_yet", extra={"job": DBOS.workflow_id, "for": found["outcome"]})
        return {"outcome": found["outcome"]}

    @DBOS.workflow(name="forget_marked", max_recovery_attempts=None)
    def forget_marked(self, _job: Job) -> Outcome:
        """Mark what goes as a whole, and start the forgetting of every message that is marked."""
        return self._to_its_end(self._mark_and_forget)

    def _mark_and_forget(self) -> Outcome:
        self._mark()
        return self._forget_marked(again="")

    def _mark(self) -> None:
        while self._steps.run_patiently("mark", self._sweeping.mark_next)["outcome"] == MORE:
            pass

    @DBOS.workflow(name="purge_team", max_recovery_attempts=None)
    def purge_team(self, job: Job) -> Outcome:
        """Forget a team that removed the app, down to the last row."""
        return self._to_its_end(lambda: self._purge(job["team"]))

    def _purge(self, team: str) -> Outcome:
        self._mark_and_forget()
        self._steps.run_patiently("purge", self._forgetting.erase_team, team)
        end = self._forgetting.end_team
        ended = self._until_idle(lambda: self._steps.run_patiently("end", end, team))
        purge_id = str(DBOS.workflow_id)
        self._steps.start(
            "clearing", self.clear_records, {"purge": purge_id}, job_id=f"{purge_id}/records"
        )
        return ended

    @DBOS.workflow(name="clear_records", max_recovery_attempts=None)
    def clear_records(self, job: Job) -> Outcome:
        """Remove the records of a purged team's jobs as they end, the purge's own included.

        A job of its own, because no job can remove its own record; this one does not name the team.
        """
        return self._to_its_end(lambda: self._clear_records(job["purge"]))

    def _clear_records(self, purge_id: str) -> Outcome:
        end = self._forgetting.end_records
        return self._until_idle(lambda: self._steps.run_patiently("records", end, purge_id))

    @DBOS.workflow(name="sweep", max_recovery_attempts=None)
    def sweep(self, job: Job) -> Outcome:
        """Once a day: what is too old, what vanished in Slack, what was not forgotten yet."""
        return self._to_its_end(lambda: self._sweep(job["now_s"]))

    def _sweep(self, now_s: float) -> Outcome:
        again = reference()
        while self._steps.run_patiently("expire", self._sweeping.expire, now_s)["outcome"] == MORE:
            pass
        self._steps.run_patiently("tidy", self._sweeping.tidy, now_s, again)
        self._mark()
        # Before Slack is asked for anything: what is due waits for nothing that may fail.
        self._forget_marked(again=again)
        self._find_vanished()
        return self._forget_marked(again=again)

    def _find_vanished(self) -> None:
        sweeping = self._sweeping
        found: Outcome = {"outcome": MORE, "place": ["", ""]}
        try:
            while found["outcome"] == MORE:
                found = self._steps.run_patiently("channel", sweeping.next_channel, found["place"])
                if found["outcome"] == MORE:
                    self._find_vanished_in(found["place"])
        except Exception:
            facts = {"job": DBOS.workflow_id, "reference": reference()}
            log.exception("vanished_not_found", extra=facts)

    def _find_vanished_in(self, place: list[str]) -> None:
        while self._steps.run("vanished", self._sweeping.find_vanished, place)["outcome"] == MORE:
            pass

    def _forget_marked(self, *, again: str) -> Outcome:
        found: Outcome = {"outcome": MORE, "last": ""}
        while found["outcome"] == MORE:
            found = self._steps.run_patiently(
                "next", self._sweeping.forget_next, found["last"], again
            )
        return {"outcome": found["outcome"]}

    def _to_its_end(self, work: Callable[[], Outcome]) -> Outcome:
        with self._steps.running():
            try:
                return work()
            except Exception:
                # The next sweep asks for it again.
                facts = {"job": DBOS.workflow_id, "reference": reference()}
                log.exception("job_failed", extra=facts)
                return {"outcome": errors.Unexpected.code}


@DBOS.dbos_class()
class Exports(DBOSConfiguredInstance):
    """The job that ends in a file in the asker's direct messages, or in the reason for none."""

    def __init__(self, steps: Steps, delivering: Delivering) -> None:
        """Take what the steps do."""
        super().__init__("exports")
        self._steps = steps
        self._delivering = delivering

    @DBOS.workflow(name="export_pictures", max_recovery_attempts=None)
    def export_pictures(self, job: Job) -> Outcome:
        """Make an export, then leave its place in the queue to others: Slack may be away."""
        with self._steps.running():
            try:
                made = self._steps.run("make", self._delivering.make, job)
            except Exception as exc:  # noqa: BLE001 - ends in a reason
                made = _failed(exc)
            if made["outcome"] == MADE:
                facts = {name: made[name] for name in ("pictures", "left_out", "size_bytes")}
                log.info("export_made", extra={"job": DBOS.workflow_id, **facts})
            self._steps.start(
                "posts",
                self.hand_over,
                {**job, "made": made},
                job_id=f"{DBOS.workflow_id}{_HAND_OVER}",
                partition=job["person"],
            )
            return made

    @DBOS.workflow(name="hand_over_export", max_recovery_attempts=None)
    def hand_over(self, job: Job) -> Outcome:
        """Deliver what was made, have it made once more where that may help, or say why not."""
        with self._steps.running():
            made: Outcome = job["made"]
            turn = job.get("turn", 0)
            if worth_waiting(made) and turn < _ROUNDS_OF_EXPORT:
                log.warning("export_waits", extra={"job": DBOS.workflow_id, "for": made["outcome"]})
                self._steps.pause(min(5.0 * 2.0**turn, 300.0))
                first = job.get("first") or str(DBOS.workflow_id).removesuffix(_HAND_OVER)
                again = {**job, "made": None, "first": first, "turn": turn + 1}
                again_id = f"{first}/{turn + 1}"
                self._steps.start("exports", self.export_pictures, again, job_id=again_id)
                return made
            outcome = self._deliver(job, made) if made["outcome"] == MADE else made
            if outcome["outcome"] != DELIVERED:
                key = f"export-{reference()}"
                self._steps.run_patiently("explain", self._delivering.explain, job, outcome, key)
            return outcome

    def _deliver(self, job: Job, made: Outcome) -> Outcome:
        try:
            return self._steps.run_patiently("deliver", self._delivering.deliver, job, made)
        except Exception as exc:  # noqa: BLE001 - ends in a reason
            return _failed(exc)


def _failed(exc: Exception) -> Outcome:
    facts = {"job": DBOS.workflow_id, "reference": reference()}
    log.error("export_failed", exc_info=exc, extra=facts)
    return errors.Unexpected(reference=reference()).to_outcome()
