"""The jobs about what is kept: exports go to whoever asked for them."""

from __future__ import annotations

import logging
from typing import Any

from dbos import DBOS, DBOSConfiguredInstance

from bot import errors
from bot.adapters.jobs import Outcome, Steps, reference
from bot.delivering import DELIVERED, MADE, Delivering

Job = dict[str, Any]

log = logging.getLogger(__name__)


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
        """Make an export and deliver it; Slack may be away for hours, and is waited for."""
        with self._steps.running():
            try:
                outcome = self._export(job)
            except Exception:
                facts = {"job": DBOS.workflow_id, "reference": reference()}
                log.exception("export_failed", extra=facts)
                outcome = errors.Unexpected(reference=reference()).to_outcome()
            if outcome["outcome"] != DELIVERED:
                key = f"export-{reference()}"
                self._steps.run_patiently("explain", self._delivering.explain, job, outcome, key)
            return outcome

    def _export(self, job: Job) -> Outcome:
        made = self._steps.run_patiently("make", self._delivering.make, job)
        if made["outcome"] != MADE:
            return made
        facts = {name: made[name] for name in ("pictures", "left_out", "size_bytes")}
        log.info("export_made", extra={"job": DBOS.workflow_id, **facts})
        return self._steps.run_patiently("deliver", self._delivering.deliver, job, made)
