"""What tells who watches: a job for each notice, started by the job that posted the reply."""

from __future__ import annotations

import logging
from typing import Any

from dbos import DBOS, DBOSConfiguredInstance

from bot import errors, messages
from bot.adapters.jobs import Outcome, Steps, post_key, reference
from bot.adapters.notice_records import NoticeRecords
from bot.adapters.slack import SlackWorkspace
from bot.matching import Matching
from bot.model import ImageSource, MessageRef, Watch
from bot.notifying import Notifying
from bot.pause_texts import DELETED
from bot.pausing import Pausing
from bot.showing import Showing

MATCHED = "matched"

Job = dict[str, Any]

log = logging.getLogger(__name__)


@DBOS.dbos_class()
class Alerting(DBOSConfiguredInstance):
    """The jobs that tell people and channels; one notice per picture and recipient."""

    def __init__(
        self,
        steps: Steps,
        *,
        workspace: SlackWorkspace,
        showing: Showing,
        matching: Matching,
        notifying: Notifying,
        pausing: Pausing,
        notices: NoticeRecords,
    ) -> None:
        """Take Slack, what is shown, what fires, what sends, what pauses, and the records."""
        super().__init__("alerting")
        self._steps = steps
        self._workspace = workspace
        self._showing = showing
        self._matching = matching
        self._notifying = notifying
        self._pausing = pausing
        self._notices = notices

    def tell(self, message: MessageRef, pictures: list[Outcome]) -> None:
        """Start one notice per recipient and picture, each of which fails for itself.

        Part of the job that posted the reply: the reply stands already, and nothing here ends it.
        """
        try:
            for picture in pictures:
                source = message.picture(picture["file_id"])
                found = self._steps.keep_trying(self.find_watchers, source)
                self._start_notices(source, found, is_step=False)
        except Exception:
            facts = {"job": DBOS.workflow_id, "reference": reference()}
            log.exception("watchers_not_told", extra=facts)

    def start(self, job: Job, pictures: list[Outcome]) -> None:
        """Hand the labelled pictures of an attempt over, as the release before did."""
        if pictures:
            args = {**job, "files": [], "pictures": pictures}
            self._steps.start(
                "alerts", self.tell_watchers, args, job_id=f"{DBOS.workflow_id}/alerts"
            )

    @DBOS.workflow(name="tell_watchers", max_recovery_attempts=None)
    def tell_watchers(self, job: Job) -> Outcome:
        """What the release before started for each message, in the order that its jobs keep."""
        message = MessageRef(job["team"], job["channel"], job["ts"])
        with self._steps.running():
            for picture in job["pictures"]:
                source = message.picture(picture["file_id"])
                found = self._steps.run_patiently("match", self.find_watchers, source)
                self._start_notices(source, found, is_step=True)
        return {"outcome": "told"}

    def _start_notices(self, source: ImageSource, found: Outcome, *, is_step: bool) -> None:
        if found["outcome"] != MATCHED:
            log.error("watchers_not_found", extra={"job": source.message.id})
        # The release before knew people only, and its jobs are gone on with.
        for recipient in found.get("recipients") or found.get("people") or ():
            args = {**source.columns(), "recipient": recipient}
            job_id = f"{DBOS.workflow_id}/{source.file_id}/{recipient}"
            self._steps.start(
                "posts",
                self.send_notice,
                args,
                job_id=job_id,
                partition=recipient,
                is_step=is_step,
            )

    def find_watchers(self, source: ImageSource) -> Outcome:
        """Open a notice for everybody whose watch fires; `{"outcome", "recipients"}`."""
        seen = self._matching.seen(source)
        if seen is None:
            return {"outcome": MATCHED, "recipients": []}
        self._showing.note_seen(source, seen.shown)
        by_recipient: dict[str, list[Watch]] = {}
        for match in self._matching.find(seen):
            by_recipient.setdefault(match.watch.recipient, []).append(match.watch)
        for recipient, watches in by_recipient.items():
            self._notices.open(recipient, source, watches)
        return {"outcome": MATCHED, "recipients": sorted(by_recipient)}

    @DBOS.workflow(name="send_notice", max_recovery_attempts=None)
    def send_notice(self, job: Job) -> Outcome:
        """Send one notice; the queue it runs on keeps Slack's pace for the recipient."""
        with self._steps.running():
            try:
                sent = self._steps.run_patiently("notice", self._notifying.send_once, job)
            except Exception:
                facts = {"job": DBOS.workflow_id, "reference": reference()}
                log.exception("notice_failed", extra=facts)
                sent = errors.Unexpected(reference=reference()).to_outcome()
            if sent["outcome"] in errors.BY_CODE:
                log.error("notice_given_up", extra={"job": DBOS.workflow_id, **sent})
                sent = self._steps.run_patiently("give_up", self._notifying.give_up, job)
            self._tell_owners(sent.get("pauses", []))
            return sent

    # -- watches that cannot tell any more

    @DBOS.workflow(name="pause_target", max_recovery_attempts=None)
    def pause_target(self, job: Job) -> Outcome:
        """Pause all that tells a channel which was deleted, and tell the owners."""
        with self._steps.running():
            found = self._steps.run_patiently("pause", self.pause_once, job)
            self._tell_owners(found.get("pauses", []))
            return found

    def pause_once(self, job: Job) -> Outcome:
        """Pause all that tells a deleted channel; `{"outcome", "pauses"}`."""
        pauses = self._pausing.pause_target(job["team"], job["channel"], DELETED)
        return {"outcome": "paused", "pauses": pauses}

    def _tell_owners(self, pauses: list[Job]) -> None:
        """One job per owner and pause: its name is made from them, so that it is one."""
        for pause in pauses:
            name = "/".join(str(pause[part]) for part in ("target", "owner", "at_s"))
            self._steps.start(
                "posts",
                self.tell_owner,
                pause,
                job_id=f"{pause['team']}/paused/{name}",
                partition=pause["owner"],
            )

    @DBOS.workflow(name="tell_owner", max_recovery_attempts=None)
    def tell_owner(self, job: Job) -> Outcome:
        """Tell an owner that watches are paused, and why."""
        with self._steps.running():
            return self._steps.run_patiently("tell", self._pausing.tell_owner, job, post_key())

    # -- the operators

    @DBOS.workflow(name="tell_operators", max_recovery_attempts=None)
    def tell_operators(self, job: Job) -> Outcome:
        """Tell the operators' channel how much of the month's limit of calls is used."""
        with self._steps.running():
            told = self._steps.run_patiently("tell", self.tell_once, job)
            if told["outcome"] != "sent":
                log.error("operators_not_told", extra={"job": DBOS.workflow_id, **told})
            return told

    def tell_once(self, job: Job) -> Outcome:
        """Post to the operators' channel, unless it stands there already.

        Raises: errors.SlackError.
        """
        facts = {name: job[name] for name in ("calls", "limit", "resumes_on")}
        self._workspace.post_once(job["channel"], messages.limit_body(**facts), key=job["key"])
        return {"outcome": "sent"}
