"""Slack's rate limits: per method, and per channel for posting.

The numbers are https://docs.slack.dev/apis/web-api/rate-limits. Slack says "20+ per minute" and
tolerates bursts; here half a minute's worth may come at once, then the rate holds.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

TIER_PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
POSTS_PER_CHANNEL = (1.0, 3.0)
"""Messages a second in one channel, and how many may come at once."""
POSTS = (5.0, 100.0)
"""Messages a second in the whole workspace ("several hundred a minute"), and at once."""


@dataclass
class _Bucket:
    per_s: float
    capacity: float
    left: float
    at_s: float

    def take(self, now_s: float) -> float:
        """0 when there was one to take, else the seconds until there will be."""
        self.left = min(self.capacity, self.left + (now_s - self.at_s) * self.per_s)
        self.at_s = now_s
        if self.left >= 1:
            self.left -= 1
            return 0.0
        return (1 - self.left) / self.per_s


class Limits:
    """What has been used up, per method and channel."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def wait_s(self, method: str, tier: int) -> int:
        """Whole seconds that the caller of this method must wait; 0 lets it pass and counts it."""
        per_minute = TIER_PER_MINUTE[tier]
        return self._take(method, "", per_minute / 60, max(1.0, per_minute / 2))

    def posting_wait_s(self, channel: str) -> int:
        """The same for posting a message into a channel."""
        return self._take("posting", channel, *POSTS_PER_CHANNEL) or self._take(
            "posting", "", *POSTS
        )

    def _take(self, method: str, channel: str, per_s: float, capacity: float) -> int:
        with self._lock:
            now_s = self._clock()
            fresh = _Bucket(per_s, capacity, capacity, now_s)
            return math.ceil(self._buckets.setdefault((method, channel), fresh).take(now_s))
