"""What each AWS request of the bot passes: latency, ordered faults, kill points, the ledger."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from waitress.channel import ClientDisconnected
from werkzeug.wrappers import Response

from bot.sandbox.aws_errors import rekognition_error, s3_error
from bot.sandbox.faults import Fault, Faults, Killed
from bot.sandbox.ledger import Ledger

Service = Literal["s3", "rekognition"]
Work = Callable[[], tuple[Response, dict[str, Any]]]
"""Does what was asked: the answer, and further facts for the ledger."""

_ELSEWHERE = "us-west-2"
"""Where a bucket is said to be when a redirect is ordered without a region in the fault's body."""


class AwsGate:
    """One for all requests."""

    def __init__(self, ledger: Ledger, faults: Faults, latency_s: Mapping[str, float]) -> None:
        self._ledger = ledger
        self._faults = faults
        self._latency_s = latency_s
        self.stopping = threading.Event()
        """Ends every wait."""

    def pass_through(
        self, service: Service, call: str, facts: dict[str, Any], work: Work
    ) -> Response:
        """Carry out one request, or the fault that was ordered for it, and record it.

        `facts` are what is known before the work: for S3 the bucket and the key.

        Raises:
            ClientDisconnected: waitress then closes the line without an answer.
        """
        begun_s = time.monotonic()
        try:
            fault = self._faults.arrival(service, call)
            self.stopping.wait(self._latency_s.get("s3" if service == "s3" else "detect", 0.0))
            if fault and fault.kind == "slow":
                self.stopping.wait(fault.seconds)
            happens = fault is None or fault.takes_effect
            answer, more = work() if happens else (Response(), {})
            noted = {"fault": fault.kind} if fault else {}
            ok = happens and answer.status_code < 400
            status = answer.status_code if happens else None
            took_s = time.monotonic() - begun_s
            self._ledger.record(
                service, call, **facts, **more, **noted, ok=ok, status=status, took_s=took_s
            )
            if happens:
                self._faults.effect(service, call)
        except Killed:
            raise ClientDisconnected from None
        return self._spoil(service, answer, fault, facts) if fault else answer

    def _spoil(
        self, service: Service, answer: Response, fault: Fault, facts: dict[str, Any]
    ) -> Response:
        if fault.kind == "stall":
            self.stopping.wait(fault.seconds)
        if fault.kind in ("stall", "drop_before", "drop_after"):
            raise ClientDisconnected
        if fault.kind == "cut":
            return _cut(answer)
        return _wrong_answer(service, fault, facts) or answer


def _wrong_answer(service: Service, fault: Fault, facts: dict[str, Any]) -> Response | None:
    if fault.kind == "status":
        return Response(fault.body, fault.status, content_type="text/plain")
    if fault.kind == "html":
        return Response("<!DOCTYPE html><title>Proxy</title>", 200, content_type="text/html")
    if fault.kind not in ("error", "rate_limited"):
        return None
    if service == "rekognition":
        busy = "ProvisionedThroughputExceededException"
        code = fault.error if fault.kind == "error" else busy
        return rekognition_error(code, status=fault.status, retry_after=fault.retry_after)
    code = fault.error if fault.kind == "error" else "SlowDown"
    region = (fault.body or _ELSEWHERE) if code == "PermanentRedirect" else None
    return s3_error(
        code, bucket=facts["bucket"], key=facts["key"], region=region, retry_after=fault.retry_after
    )


def _cut(answer: Response) -> Response:
    """Announce the whole answer and send half of it: waitress then closes the line."""
    whole = answer.get_data()

    def half() -> Iterator[bytes]:
        yield whole[: len(whole) // 2]

    cut = Response(half(), answer.status_code, headers=answer.headers)
    cut.headers["Content-Length"] = str(len(whole))
    return cut
