"""Slack's side of a delivery: events until they are taken, commands and clicks once.

An event that is not answered with 2xx in time comes again nearly at once, after one minute, and
after five, unless the answer says `x-slack-no-retry: 1`
(https://docs.slack.dev/apis/events-api#error-handling).
Over which line is the line's affair: HTTP (`http_line.py`) or Socket Mode (`socket_mode.py`).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from bot.sandbox.faults import Fault, Faults, Killed
from bot.sandbox.ledger import Ledger
from bot.sandbox.slack.terms import Terms
from bot.sandbox.slack.timetable import Timetable

Kind = Literal["events_api", "slash_commands", "interactive"]

RETRY_AFTER_S = (0.5, 60.0, 300.0)


@dataclass(frozen=True)
class Retry:
    """Which try this is after the first, 1 to 3, and why the one before it failed."""

    number: int
    reason: str


@dataclass(frozen=True)
class Answer:
    """What came back. `status` is 0 where nothing did; `reason` is Slack's word for a failure."""

    status: int
    body: str = ""
    reason: str = ""
    no_retry: bool = False

    @property
    def ok(self) -> bool:
        """Whether Slack counts it as taken."""
        return 200 <= self.status < 300


NOBODY_THERE = Answer(0, reason="connection_failed")


class Line(Protocol):
    """A way to the bot."""

    def send(self, kind: Kind, payload: Mapping[str, Any], retry: Retry | None = None) -> Answer:
        """Hand over the payload and wait for the answer; never raises for what the bot does."""

    def is_open(self) -> bool:
        """Whether somebody seems to be there."""


class Delivery:
    """Hands things to the bot over the line that is set, and writes each try into the ledger."""

    def __init__(self, ledger: Ledger, faults: Faults, terms: Terms, timetable: Timetable) -> None:
        self.line: Line | None = None
        """Over which deliveries go from now on."""
        self._ledger = ledger
        self._faults = faults
        self._terms = terms
        self._timetable = timetable
        self._sent: dict[str, dict[str, Any]] = {}

    def event(self, envelope: dict[str, Any]) -> None:
        """Deliver an event in the background, until it is taken or Slack gives up."""
        self._sent[envelope["event_id"]] = envelope
        self._timetable.now(lambda: self._deliver(envelope, None))

    def redeliver(self, event_id: str, *, reason: str = "http_timeout") -> Answer:
        """Deliver an event once more, as Slack does when it missed the answer; waits for it.

        Raises:
            KeyError: no such event was ever sent.
        """
        return self._try(self._sent[event_id], Retry(1, reason))

    def ask(self, kind: Kind, call: str, payload: Mapping[str, Any], **facts: Any) -> Answer:
        """Deliver a command or a click, which Slack does once, and wait for the answer."""
        fault = self._arrive(call)
        begun_s = time.monotonic()
        answer = self._send(kind, payload, None, fault)
        took_s = time.monotonic() - begun_s
        self._ledger.record("event", call, **facts, **_told(answer), took_s=took_s)
        self._leave(call, answer)
        return answer

    def _deliver(self, envelope: dict[str, Any], retry: Retry | None) -> None:
        answer = self._try(envelope, retry)
        number = retry.number if retry else 0
        if answer.ok or answer.no_retry or number >= len(RETRY_AFTER_S):
            return
        again = Retry(number + 1, answer.reason)
        delay_s = RETRY_AFTER_S[number] / self._terms.speed
        self._timetable.after(delay_s, lambda: self._deliver(envelope, again))

    def _try(self, envelope: dict[str, Any], retry: Retry | None) -> Answer:
        event = envelope["event"]
        fault = self._arrive(event["type"])
        begun_s = time.monotonic()
        answer = self._send("events_api", envelope, retry, fault)
        facts = {
            name: event[name] for name in ("channel", "subtype", "ts", "user") if name in event
        }
        facts |= {"event_id": envelope["event_id"], "attempt": retry.number if retry else 0}
        facts["took_s"] = time.monotonic() - begun_s
        self._ledger.record("event", event["type"], **facts, **_told(answer))
        self._leave(event["type"], answer)
        return answer

    def _send(
        self, kind: Kind, payload: Mapping[str, Any], retry: Retry | None, fault: Fault | None
    ) -> Answer:
        if self.line is None or (fault and fault.kind == "drop_before"):
            return NOBODY_THERE
        if fault and fault.kind == "slow":
            self._timetable.stopping.wait(fault.seconds)
        if fault and fault.kind == "duplicate":
            self.line.send(kind, payload, retry)
        answer = self.line.send(kind, payload, retry)
        lost = fault and fault.kind == "drop_after"
        return Answer(0, reason="http_timeout") if lost else answer

    def _arrive(self, call: str) -> Fault | None:
        """A kill before sending leaves nobody there, which the sending then finds out itself."""
        try:
            return self._faults.arrival("event", call)
        except Killed:
            return None

    def _leave(self, call: str, answer: Answer) -> None:
        if not answer.ok:
            return
        try:
            self._faults.effect("event", call)
        except Killed:
            return


def _told(answer: Answer) -> dict[str, Any]:
    return {"status": answer.status, "reason": answer.reason}
