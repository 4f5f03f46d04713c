"""Faults and kills that a test orders, and that the stand-ins carry out at the protocol.

A server asks `arrival` when a request has come in and nothing has happened yet, and tells `effect`
when everything has happened and only the answer is missing. The bot itself has no fault hooks.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Moment = Literal["arrival", "effect"]
Kind = Literal[
    "status",
    "error",
    "rate_limited",
    "drop_before",
    "drop_after",
    "slow",
    "stall",
    "cut",
    "html",
    "duplicate",
]

_EFFECTIVE: frozenset[Kind] = frozenset({"drop_after", "slow", "stall", "cut", "duplicate"})


class Killed(Exception):
    """A kill was carried out: drop the connection and answer nothing."""


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong.

    Kinds:
        status: an HTTP answer with `status` and `body` (a 5xx; or 200 with half a JSON).
        error: the service's own error answer with the code `error`.
        rate_limited: 429 with `retry_after` as the header, as it stands; None leaves it out.
        drop_before: the line is cut and nothing has happened.
        drop_after: it has happened, then the line is cut.
        slow: `seconds` pass, then all goes its way.
        stall: it has happened, the answer does not come, after `seconds` the line is cut.
        cut: it has happened, the line is cut in the middle of the answer.
        html: HTTP 200 with an HTML page (for a file: Slack's sign-in page).
        duplicate: an event is delivered twice (deliveries only).
    """

    kind: Kind
    status: int = 503
    error: str = "internal_error"
    retry_after: str | None = None
    seconds: float = 0.0
    body: str = ""
    done: bool = False
    """For the kinds that otherwise do nothing: it has happened all the same."""

    @property
    def takes_effect(self) -> bool:
        """Whether the call does its work in spite of the wrong answer."""
        return self.done or self.kind in _EFFECTIVE


@dataclass
class _Order:
    service: str
    call: str
    fault: Fault
    times: int
    after: int

    def takes(self, service: str, call: str) -> bool:
        """Whether this order is for that call, now; counts it when it is."""
        if self.times < 1 or self.service != service or self.call not in ("*", call):
            return False
        if self.after:
            self.after -= 1
            return False
        self.times -= 1
        return True


class Faults:
    """What has been ordered; may be used from any thread."""

    def __init__(self) -> None:
        self.kill: Callable[[], None] | None = None
        """Set by a test: kills the bot's process and returns when it is dead."""
        self._lock = threading.Lock()
        self._orders: list[_Order] = []
        self._kills: dict[tuple[str, str, Moment], list[int]] = {}
        self._seen: Counter[tuple[str, str, Moment]] = Counter()

    def order(
        self, service: str, call: str, fault: Fault, *, times: int = 1, after: int = 0
    ) -> None:
        """Let the next `times` such calls go wrong, once `after` more have gone well.

        `call` may be "*" for any call of the service. Earlier orders are served first.
        """
        with self._lock:
            self._orders.append(_Order(service, call, fault, times, after))

    def kill_at(self, service: str, call: str, moment: Moment, *, nth: int = 1) -> None:
        """Kill the bot at the `nth` such call from now on."""
        key = (service, call, moment)
        with self._lock:
            self._kills.setdefault(key, []).append(self._seen[key] + nth)

    def arrival(self, service: str, call: str) -> Fault | None:
        """A request has arrived: the fault ordered for it, if any.

        Raises:
            Killed: an ordered kill was carried out.
        """
        self._maybe_kill(service, call, "arrival")
        with self._lock:
            return next((o.fault for o in self._orders if o.takes(service, call)), None)

    def effect(self, service: str, call: str) -> None:
        """A request has taken effect and is not answered yet.

        Raises:
            Killed: an ordered kill was carried out.
        """
        self._maybe_kill(service, call, "effect")

    def pending(self) -> int:
        """How many ordered faults and kills have not happened yet."""
        with self._lock:
            return sum(o.times for o in self._orders) + sum(map(len, self._kills.values()))

    def clear(self) -> None:
        """Forget every order that has not happened yet."""
        with self._lock:
            self._orders.clear()
            self._kills.clear()

    def _maybe_kill(self, service: str, call: str, moment: Moment) -> None:
        key = (service, call, moment)
        with self._lock:
            self._seen[key] += 1
            due = self._kills.get(key, [])
            if self._seen[key] not in due:
                return
            due.remove(self._seen[key])
        if self.kill:
            self.kill()
        raise Killed
