"""The way of a picture: fetch, look, draw, reply, then alert, each step kept once it is done.

The same for a reply that is rendered again. The order of the steps here is what a restart, or the
next release, replays: where it changes, the job's arguments or the results of its steps must tell
the jobs of the release before, as `tells` and `known` do. Only what stands at a job's end, and may
be done again, can stop being a step. What the steps do is in `fetching`,
`looking`, `uploading`, `replying`, `rendering`.

A long file on purpose: all orders of steps that are kept for good stand in one place.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from dbos import DBOS, DBOSConfiguredInstance

from bot import errors
from bot.adapters.jobs import Outcome, Steps, ending_in_outcome, post_key, reference
from bot.alerting import Alerting
from bot.asking import ANNOUNCED, Asking
from bot.fetching import LEFT_ALONE, STORED, Fetching
from bot.looking import SEEN, UNSEEN, Looking
from bot.missed import Missed
from bot.model import ImageSource, MessageRef
from bot.posts import is_answered
from bot.rendering import BEGUN, OVERTAKEN, RETIRED, Rendering
from bot.replying import REPLIED, Replying
from bot.uploading import ANSWERED, Uploading
from bot.welcoming import Welcoming

_PAUSE_AT_MOST_S = 30.0

Job = dict[str, Any]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Arrivals:
    """How pictures come in beside Slack's events."""

    asking: Asking
    missed: Missed


@DBOS.dbos_class()
class Labelling(DBOSConfiguredInstance):
    """The jobs that turn a posted message into its one reply."""

    def __init__(
        self,
        steps: Steps,
        *,
        fetching: Fetching,
        looking: Looking,
        uploading: Uploading,
        replying: Replying,
        alerting: Alerting,
        arrivals: Arrivals,
        welcoming: Welcoming,
    ) -> None:
        """Take what the steps do, the jobs that come after, and those that come before."""
        super().__init__("labelling")
        self._steps = steps
        self._fetching = fetching
        self._looking = looking
        self._uploading = uploading
        self._replying = replying
        self._alerting = alerting
        self._asking = arrivals.asking
        self._missed = arrivals.missed
        self._welcoming = welcoming

    @DBOS.workflow(name="label_message", max_recovery_attempts=None)
    def label_message(self, job: Job) -> Outcome:
        """Label the pictures of one message, one attempt, and hand their answer over."""
        with self._steps.running():
            try:
                outcomes = self._label(job)
            except Exception:
                facts = {"job": DBOS.workflow_id, "reference": reference()}
                log.exception("job_failed", extra=facts)
                outcomes = _all(job, errors.Unexpected(reference=reference()))
                # As a step: a job that was taken from this process may fail here, and must not
                # answer before the one that goes on with it.
                return self._start_reply(job, outcomes, is_step=True)
            return self._start_reply(job, outcomes, is_step=False)

    @DBOS.workflow(name="give_up", max_recovery_attempts=None)
    def give_up(self, job: Job) -> Outcome:
        """End an attempt, that was taken up too often, in a reason in its thread."""
        log.error("job_given_up", extra={"job": DBOS.workflow_id, "reference": reference()})
        with self._steps.running():
            outcomes = _all(job, errors.GaveUp(reference=reference()))
            return self._start_reply(job, outcomes, is_step=True)

    def _label(self, job: Job) -> list[Outcome]:
        message = _message(job)
        is_ours = any(is_answered(file) for file in job["files"])
        if is_ours:
            self._replying.mark_seen(message)
        outcomes = self._fetch(message, job)
        if not is_ours and any(found["outcome"] != LEFT_ALONE for found in outcomes):
            self._replying.mark_seen(message)
        outcomes = self._look(message, outcomes)
        return _draw(self._steps, self._uploading, message, outcomes)

    def _fetch(self, message: MessageRef, job: Job) -> list[Outcome]:
        items = [(message.picture(file["id"]), file) for file in job["files"]]
        fetched = self._steps.run_each("fetch", self._fetch_one, items)
        return [
            {"file_id": file["id"], "name": file["name"], **outcome}
            for file, outcome in zip(job["files"], fetched, strict=True)
        ]

    def _fetch_one(self, source: ImageSource, file: Job) -> Outcome:
        """Store an original, and recall what is `known` of it: one step, since both are short."""
        found = self._fetching.fetch(source, file)
        if found["outcome"] != STORED:
            return found
        try:
            return {**found, "known": self._looking.recall(source, found["sha256"])}
        except errors.RecordsUnavailable:
            return found  # what is stored stays so; a step of its own recalls it, later

    def _look(self, message: MessageRef, outcomes: list[Outcome]) -> list[Outcome]:
        """Ask for every stored picture, side by side; again, later, where that may help."""
        for turn in range(self._steps.tries):
            if not any(_is_to_be_seen(outcome) for outcome in outcomes):
                break
            if turn:
                self._steps.pause(min(2.0 ** (turn - 2), _PAUSE_AT_MOST_S))
            # The first time all posts of one picture wait for one call, also those that waited for
            # the month's limit: calls that ended badly are counted, which makes another id. Later
            # turns go their own ways, also where such a call could not be counted.
            way = f"/{reference()}-{turn}" if turn else ""
            asked = [self._start_asking(message, outcome, way) for outcome in outcomes]
            outcomes = [
                {**outcome, **result()} for outcome, result in zip(outcomes, asked, strict=True)
            ]
        return outcomes

    def _start_asking(
        self, message: MessageRef, outcome: Outcome, way: str
    ) -> Callable[[], Outcome]:
        if not _is_to_be_seen(outcome):
            return dict
        source = message.picture(outcome["file_id"])
        sha256 = outcome["sha256"]
        recalled = outcome.pop("known", None)
        # None on a later turn, or after an outage; the release before always recalled here.
        known = recalled or self._steps.run("recall", self._looking.recall, source, sha256)
        if known["outcome"] != UNSEEN:
            return partial(dict, known)
        job_id = f"{source.team}/look/{sha256}/{known['calls']}{way}"
        args = {**source.columns(), "sha256": sha256, "calls": known["calls"]}
        asking = self._steps.start(
            None,
            self.ask_rekognition,
            args,
            job_id=job_id,
            is_step=recalled is None,
        )
        return partial(self._answer_of, asking, args)

    def _answer_of(self, asking: Callable[[], Outcome], args: Job) -> Outcome:
        try:
            return asking()
        except Exception:
            # The call's job was given up, for good under this id: the next one gets another id.
            log.exception("look_lost", extra={"job": DBOS.workflow_id})
            return self._steps.run(
                "lost", self._looking.note_lost, args["team"], args["sha256"], args["calls"]
            )

    @DBOS.workflow(name="ask_rekognition", max_recovery_attempts=None)
    def ask_rekognition(self, job: Job) -> Outcome:
        """One DetectLabels call; the posts of one picture share it."""
        source = _message(job).picture(job["file_id"])
        with self._steps.running():
            # Not a step: the call is all there is to the job, and its result is kept as the job's.
            return ending_in_outcome(self._looking.ask, source, job["sha256"], job["calls"])

    def _start_reply(self, job: Job, outcomes: list[Outcome], *, is_step: bool) -> Outcome:
        """Hand the answer to the queue that keeps Slack's pace; nobody waits in line behind it."""
        self._steps.start(
            "posts",
            self.post_reply,
            {**job, "files": [], "outcomes": outcomes, "tells": True},
            job_id=f"{DBOS.workflow_id}/reply",
            partition=job["channel"],
            is_step=is_step,
        )
        return {"outcome": "answered"}

    @DBOS.workflow(name="post_reply", max_recovery_attempts=None)
    def post_reply(self, job: Job) -> Outcome:
        """Post the reply, mark the message as done, and only then tell who watches.

        Slack may be away for hours: an answer that is ready waits for it.
        """
        with self._steps.running():
            try:
                replied = self._post_reply(job)
            except Exception:
                facts = {"job": DBOS.workflow_id, "reference": reference()}
                log.exception("job_failed", extra=facts)
                # A reply that stands by now stays; where this fails too, the job is given up.
                reason = errors.Unexpected(reference=reference()).to_outcome()
                job = {**job, "outcomes": [_instead(found, reason) for found in job["outcomes"]]}
                replied = self._post_reply(job)
            if replied["outcome"] != LEFT_ALONE:
                self._tell(job)
            return replied

    def _post_reply(self, job: Job) -> Outcome:
        message = _message(job)
        replied = self._steps.run_patiently("reply", self._replying.reply, message, job)
        if replied["outcome"] == REPLIED and job["attempt"] > 1:
            self._steps.run("retire", self._replying.retire, message, job["attempt"])
        if replied["outcome"] not in {REPLIED, LEFT_ALONE}:
            # Nothing can be said in the thread; who watches is told all the same.
            log.error("reply_refused", extra={"job": message.id, **replied.get("facts", {})})
            self._steps.run("refuse", self._replying.refuse, message, job["attempt"])
        if replied["outcome"] != LEFT_ALONE:
            self._replying.mark_done(message, has_reason=replied.get("has_reason", True))
        return replied

    def _tell(self, job: Job) -> None:
        """Tell who watches, here; the release before left that to a job, and its jobs go on."""
        answered = [found for found in job["outcomes"] if found["outcome"] in ANSWERED]
        if job.get("tells"):
            self._alerting.tell(_message(job), answered)
        else:
            self._alerting.start(job, answered)

    # -- what comes before a picture

    @DBOS.workflow(name="take_request", max_recovery_attempts=None)
    def take_request(self, job: Job) -> Outcome:
        """Take in the pictures of a message that somebody asked for, or tell them why not."""
        with self._steps.running():
            taken = self._run_to_end("take", self._asking.take_in, job)
            return self._run_to_end("tell", self._asking.tell, job, taken)

    @DBOS.workflow(name="label_link", max_recovery_attempts=None)
    def label_link(self, job: Job) -> Outcome:
        """Post a message about a link that somebody asked for, and take it in like any other.

        Who was promised an answer hears what keeps it from coming.
        """
        with self._steps.running():
            # As one of several: what nobody foresaw is a result then, and shows up in the thread.
            found = self._steps.run_each("reach", self._asking.reach, [(job,)])[0]
            if found["outcome"] != errors.LinkOutOfReach.code:
                found = self._run_to_end("announce", self._asking.announce, job, post_key())
            if found["outcome"] == ANNOUNCED:
                found = self._run_to_end(
                    "accept", self._asking.accept_link, job, found, str(DBOS.workflow_id)
                )
            place = {"channel": job["place"]}
            return self._run_to_end("tell", self._asking.tell, {**job, **place}, found)

    @DBOS.workflow(name="welcome", max_recovery_attempts=None)
    def welcome(self, job: Job) -> Outcome:
        """Say in a channel that the bot has joined what it does there."""
        with self._steps.running():
            return self._run_to_end("welcome", self._welcoming.welcome, job, post_key())

    @DBOS.workflow(name="catch_up", max_recovery_attempts=None)
    def catch_up(self, job: Job) -> Outcome:
        """Find what was posted or deleted while nobody listened, channel by channel."""
        with self._steps.running():
            found = self._run_to_end("channels", self._missed.channels)
            for channel in found.get("channels", ()):
                self._run_to_end("look_back", self._missed.look_back, channel, job)
                self._run_to_end("miss_deleted", self._missed.miss_deleted, channel, job)
            return {"outcome": "caught_up"}

    def _run_to_end(self, name: str, work: Callable[..., Outcome], *args: Any) -> Outcome:
        """One step that waits for Slack; what nobody foresaw is an outcome too."""
        facts = {"job": DBOS.workflow_id, "reference": reference()}
        try:
            outcome = self._steps.run_patiently(name, work, *args)
        except Exception:
            log.exception("job_failed", extra=facts)
            return errors.Unexpected(reference=reference()).to_outcome()
        if outcome["outcome"] in errors.BY_CODE:
            log.error("job_refused", extra={**facts, "error": outcome["outcome"]})
        return outcome


@DBOS.dbos_class()
class Rerendering(DBOSConfiguredInstance):
    """The jobs that make a standing reply anew from what is stored."""

    def __init__(self, steps: Steps, uploading: Uploading, rendering: Rendering) -> None:
        """Take what the steps do."""
        super().__init__("rerendering")
        self._steps = steps
        self._uploading = uploading
        self._rendering = rendering

    @DBOS.workflow(name="render_again", max_recovery_attempts=None)
    def render_again(self, job: Job) -> Outcome:
        """Draw a message's pictures by what holds now, and hand the new reply over."""
        message = _message(job)
        with self._steps.running():
            try:
                begun = self._steps.run_patiently("begin", self._rendering.begin, message, job)
                if begun["outcome"] != BEGUN:
                    return begun
                outcomes = _draw(self._steps, self._uploading, message, begun["pictures"])
            except Exception:
                # The reply that stands stays: it is older, but true.
                facts = {"job": DBOS.workflow_id, "reference": reference()}
                log.exception("render_failed", extra=facts)
                attempt = job["attempt"]
                return self._steps.run("silence", self._rendering.fall_silent, message, attempt)
            args = {**job, "outcomes": outcomes}
            job_id = f"{DBOS.workflow_id}/reply"
            self._steps.start(
                "posts", self.post_render, args, job_id=job_id, partition=job["channel"]
            )
            return {"outcome": "rendered"}

    @DBOS.workflow(name="post_render", max_recovery_attempts=None)
    def post_render(self, job: Job) -> Outcome:
        """Post the new reply, and only when it stands take the older ones back."""
        message = _message(job)
        with self._steps.running():
            replied = self._steps.run_patiently("reply", self._rendering.post, message, job)
            if replied["outcome"] in {REPLIED, OVERTAKEN}:
                self._retire(message)
            elif replied["outcome"] != LEFT_ALONE:
                log.error("render_refused", extra={"job": message.id, **replied.get("facts", {})})
                self._steps.run("refuse", self._rendering.refuse, message, job["attempt"])
            return replied

    @DBOS.workflow(name="retire_outlived", max_recovery_attempts=None)
    def retire_outlived(self, job: Job) -> Outcome:
        """Take back what could not be taken back when the newer reply came."""
        with self._steps.running():
            return self._retire(_message(job))

    def _retire(self, message: MessageRef) -> Outcome:
        """Take the older replies back; what is left then, the daily sweep asks for again."""
        retired = self._steps.run_patiently("retire", self._rendering.retire, message)
        if retired["outcome"] != RETIRED:
            facts = {"job": message.id, **retired.get("facts", {})}
            log.error("older_reply_left", extra=facts)
        return retired


def _draw(
    steps: Steps, uploading: Uploading, message: MessageRef, outcomes: list[Outcome]
) -> list[Outcome]:
    """The same outcomes, where those of pictures that were looked at are drawn."""
    seen = [place for place, outcome in enumerate(outcomes) if outcome["outcome"] == SEEN]
    items = [(message.picture(outcomes[at]["file_id"]), outcomes[at]) for at in seen]
    drawn = steps.run_each("draw", uploading.draw, items)
    finished = list(outcomes)
    for place, item, outcome in zip(seen, items, drawn, strict=True):
        if errors.describe(outcome).passes_by_itself:
            # Slack is away, but the answer is there: it waits, as a reply does.
            outcome = steps.run_patiently("draw", uploading.draw, *item)  # noqa: PLW2901 - the same outcome, later
        finished[place] = {**outcomes[place], **outcome}
    return finished


def _all(job: Job, reason: errors.SpotterError) -> list[Outcome]:
    """The same reason for every picture of a message."""
    return [
        {"file_id": file["id"], "name": file["name"], **file.get("reason", reason.to_outcome())}
        for file in job["files"]
    ]


def _instead(found: Outcome, reason: Outcome) -> Outcome:
    """A reason in the place of what a picture came to, if anything was to be said of it."""
    if found["outcome"] == LEFT_ALONE:
        return found
    return {"file_id": found["file_id"], "name": found.get("name", ""), **reason}


def _message(job: Job) -> MessageRef:
    return MessageRef(job["team"], job["channel"], job["ts"])


def _is_to_be_seen(outcome: Outcome) -> bool:
    """Stored, and not looked at yet, or in vain for a reason that may have passed."""
    is_waiting = outcome["outcome"] == STORED or errors.describe(outcome).passes_by_itself
    return is_waiting and "sha256" in outcome
