"""What each request of the bot passes: latency, ordered faults, kill points, the ledger."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import Response, jsonify
from waitress.channel import ClientDisconnected

from bot.sandbox.faults import Fault, Faults, Killed
from bot.sandbox.ledger import Ledger
from bot.sandbox.slack.terms import Terms
from bot.sandbox.slack.timetable import Timetable

SIGN_IN_PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>Sign in | Slack</title></head>
<body><h1>Sign in to your workspace</h1><form action="/signin" method="post"></form></body></html>
"""

Work = Callable[[], tuple[Response, dict[str, Any]]]
"""Does what was asked: the answer, and the facts for the ledger."""


class Gate:
    """One for all requests."""

    def __init__(self, ledger: Ledger, faults: Faults, terms: Terms, timetable: Timetable) -> None:
        self._ledger = ledger
        self._faults = faults
        self._latency_s = terms.latency_s
        self._stopping = timetable.stopping

    def pass_through(self, call: str, latency: str, work: Work) -> Response:
        """Carry out one request, or the fault that was ordered for it.

        Raises:
            ClientDisconnected: waitress then closes the line without an answer.
        """
        begun_s = time.monotonic()
        try:
            fault = self._faults.arrival("slack", call)
            self._stopping.wait(self._latency_s.get(latency, 0.0))
            if fault and fault.kind == "slow":
                self._stopping.wait(fault.seconds)
            if fault is None or fault.takes_effect:
                answer, facts = work()
            else:
                answer, facts = Response(), {"ok": False}
            if fault:
                facts["fault"] = fault.kind
            took_s = time.monotonic() - begun_s
            self._ledger.record("slack", call, **facts, took_s=took_s)
            if fault is None or fault.takes_effect:
                self._faults.effect("slack", call)
        except Killed:
            raise ClientDisconnected from None
        return self._spoil(answer, fault) if fault else answer

    def _spoil(self, answer: Response, fault: Fault) -> Response:
        if fault.kind == "stall":
            self._stopping.wait(fault.seconds)
        if fault.kind in ("stall", "drop_before", "drop_after"):
            raise ClientDisconnected
        if fault.kind == "cut":
            return _cut(answer)
        return _wrong_answer(fault) or answer


def sign_in_page() -> Response:
    """What Slack sends instead of a file to whoever may not have it: HTML, with status 200."""
    return Response(SIGN_IN_PAGE, 200, content_type="text/html; charset=utf-8")


def refusal(error: str, *, status: int = 200, **more: Any) -> Response:
    """A Web API answer that says no."""
    answer = jsonify({"ok": False, "error": error, **more})
    answer.status_code = status
    return answer


def rate_limited(retry_after: str | None) -> Response:
    """A 429; `retry_after` is the header as it stands, None leaves it out."""
    answer = refusal("ratelimited", status=429)
    if retry_after is not None:
        answer.headers["Retry-After"] = retry_after
    return answer


def _wrong_answer(fault: Fault) -> Response | None:
    answers: Mapping[str, Callable[[], Response]] = {
        "status": lambda: Response(fault.body, fault.status, content_type="text/plain"),
        "error": lambda: refusal(fault.error),
        "rate_limited": lambda: rate_limited(fault.retry_after),
        "html": sign_in_page,
    }
    return answers[fault.kind]() if fault.kind in answers else None


def _cut(answer: Response) -> Response:
    """Announce the whole answer and send half of it: waitress then closes the line."""
    whole = answer.get_data()

    def half() -> Iterator[bytes]:
        yield whole[: len(whole) // 2]

    cut = Response(half(), answer.status_code, headers=answer.headers)
    cut.headers["Content-Length"] = str(len(whole))
    return cut
