"""An analysis becomes notices: who watches what appeared, and may still see where it did."""

from __future__ import annotations

import logging
from typing import Any

from dbos import DBOS, DBOSConfiguredInstance

from bot import messages, rules, summary
from bot.access import Access
from bot.adapters.jobs import Outcome, Steps
from bot.adapters.message_records import MessageRecords
from bot.adapters.notice_records import NoticeRecord, NoticeRecords
from bot.adapters.slack import SlackWorkspace
from bot.adapters.watch_records import WatchRecords
from bot.model import ImageSource, Label, MessageRef, Watch
from bot.showing import Showing
from bot.shown import Shown

MATCHED = "matched"

Job = dict[str, Any]

log = logging.getLogger(__name__)


@DBOS.dbos_class()
class Alerting(DBOSConfiguredInstance):
    """The jobs that tell people what they watch for; one notice per person and picture."""

    def __init__(
        self,
        steps: Steps,
        *,
        workspace: SlackWorkspace,
        access: Access,
        showing: Showing,
        watches: WatchRecords,
        notices: NoticeRecords,
        messages: MessageRecords,
        slash_command: str,
    ) -> None:
        """Take Slack, who may see what, what is shown, the records, and the name people type."""
        super().__init__("alerting")
        self._steps = steps
        self._workspace = workspace
        self._access = access
        self._showing = showing
        self._watches = watches
        self._notices = notices
        self._messages = messages
        self._slash_command = slash_command

    def start(self, job: Job, pictures: list[Outcome]) -> None:
        """Hand the labelled pictures of an attempt over; the reply stands already."""
        if pictures:
            args = {**job, "files": [], "pictures": pictures}
            self._steps.start(
                "alerts", self.tell_watchers, args, job_id=f"{DBOS.workflow_id}/alerts"
            )

    @DBOS.workflow(name="tell_watchers", max_recovery_attempts=None)
    def tell_watchers(self, job: Job) -> Outcome:
        """Start one notice per watcher and picture, each of which fails for itself."""
        message = MessageRef(job["team"], job["channel"], job["ts"])
        with self._steps.running():
            for picture in job["pictures"]:
                self._tell(job, message.picture(picture["file_id"]), picture["sha256"])
        return {"outcome": "told"}

    def _tell(self, job: Job, source: ImageSource, sha256: str) -> None:
        found = self._steps.run_patiently(
            "match", self.find_watchers, source, sha256, job["poster"]
        )
        if found["outcome"] != MATCHED:
            log.error("watchers_not_found", extra={"job": source.message.id})
        for person in found.get("people", ()):
            args = {**source.columns(), "person": person, "sha256": sha256, "poster": job["poster"]}
            job_id = f"{DBOS.workflow_id}/{source.file_id}/{person}"
            self._steps.start("posts", self.send_notice, args, job_id=job_id, partition=person)

    def find_watchers(self, source: ImageSource, sha256: str, poster: str) -> Outcome:
        """Open a notice for everybody whose watch matches; `{"outcome", "people"}`."""
        if not self._messages.stands(source):
            return {"outcome": MATCHED, "people": []}
        shown = self._showing.shown(source, sha256)
        self._showing.note_seen(source, sha256)
        matched: dict[str, list[str]] = {}
        for watch in self._watches.for_labels(source.team, rules.names_of(shown.analysis)):
            if watch.owner != poster and _fires(watch, shown):
                matched.setdefault(watch.owner, []).append(watch.rule_text)
        for person, texts in matched.items():
            self._watches.open_notice(person, source, texts)
        return {"outcome": MATCHED, "people": sorted(matched)}

    @DBOS.workflow(name="send_notice", max_recovery_attempts=None)
    def send_notice(self, job: Job) -> Outcome:
        """Send one notice; the queue it runs on keeps Slack's pace for the person."""
        with self._steps.running():
            return self._steps.run_patiently("notice", self.send_once, job)

    def send_once(self, job: Job) -> Outcome:
        """Decide access now, then send unless it was sent before, or the picture is gone.

        Raises: errors.SlackBusy, errors.SlackUnknown; a second call looks the notice up first.
        """
        source = ImageSource(*(job[name] for name in ImageSource.NAMES))
        if not self._messages.stands(source):
            return {"outcome": "withheld"}
        notice = self._watches.open_notice(job["person"], source, [])
        if notice.state in {"sent", "withheld"}:
            return {"outcome": notice.state}
        if not self._access.may_see(job["person"], source.channel) or not (
            # What matched may have been corrected, or withheld, while the notice waited.
            seen := _seen(notice.rules, self._showing.shown(source, job["sha256"]))
        ):
            self._watches.note_notice(notice.key, state="withheld")
            return {"outcome": "withheld"}
        place = self._workspace.open_dm(job["person"])
        sent_before = not self._watches.claim_notice(notice.key) and self._workspace.find_post(
            place, key=notice.key
        )
        ts = sent_before or self._send(place, notice, job, seen)
        self._watches.note_notice(notice.key, state="sent", notice_ts=ts)
        log.info("notice_sent", extra={"job": source.message.id})
        return {"outcome": "sent"}

    def _send(self, place: str, notice: NoticeRecord, job: Job, seen: list[str]) -> str:
        body = messages.notice_body(
            seen=seen,
            rules=notice.rules,
            channel=job["channel"],
            poster=job["poster"],
            link=self._workspace.permalink(job["channel"], job["ts"]),
            slash_command=self._slash_command,
        )
        return self._workspace.post(place, body, key=notice.key)

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


def _fires(watch: Watch, shown: Shown) -> bool:
    return _verdict(watch.rule_text, shown).fired


def _verdict(rule_text: str, shown: Shown) -> rules.Verdict:
    rule = rules.parse_rule(rule_text)
    return rule.explain(shown.analysis, threshold_percent=shown.threshold_percent)


def _seen(texts: tuple[str, ...], shown: Shown) -> list[str]:
    """What matched, in words, each label once: "Dog (95 %)"."""
    verdicts = [_verdict(text, shown) for text in texts]
    found = {label.name: label for verdict in verdicts for label in verdict.matched}
    return [f"{name} ({_surety(label)})" for name, label in found.items()]


def _surety(label: Label) -> str:
    if label.origin == "human":
        return summary.CORRECTED
    return f"{summary.percent_text(label.confidence_percent, limit_percent=0)} %"
