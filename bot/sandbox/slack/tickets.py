"""What Slack hands out for a short while: trigger ids that open a modal, and response URLs."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

from bot.sandbox.slack.terms import Terms

RESPONSE_URL_S = 30 * 60.0
RESPONSE_URL_USES = 5


class Spent(Exception):
    """The ticket does not count (any more); `error` is Slack's word for why."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


@dataclass
class ResponseUrl:
    """Where a response URL leads: to one person in one channel, and maybe to one message."""

    token: str
    channel: str
    user: str
    issued_at_s: float
    message_ts: str | None = None
    thread_ts: str | None = None
    uses: int = 0


class Tickets:
    """Every ticket that was handed out. Use it while holding the sandbox's lock."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._triggers: dict[str, tuple[str, float]] = {}
        self._used: set[str] = set()
        self._response_urls: dict[str, ResponseUrl] = {}

    def new_trigger(self, user: str) -> str:
        """A trigger id for what this person just did."""
        trigger = f"{time.time_ns()}.{secrets.token_hex(8)}"
        self._triggers[trigger] = (user, time.monotonic())
        return trigger

    def use_trigger(self, trigger: str) -> str:
        """The person whom a modal may be shown; a trigger works once.

        Raises:
            Spent: unknown, used before, or too old.
        """
        if trigger in self._used:
            raise Spent("exchanged_trigger_id")
        if trigger not in self._triggers:
            raise Spent("invalid_trigger_id")
        user, issued_at_s = self._triggers[trigger]
        if time.monotonic() - issued_at_s > self._terms.trigger_limit_s:
            raise Spent("expired_trigger_id")
        self._used.add(trigger)
        return user

    def new_response_url(
        self, channel: str, user: str, message_ts: str | None = None, thread_ts: str | None = None
    ) -> ResponseUrl:
        """A response URL for this person here; `message_ts` is the message that was clicked in."""
        token = secrets.token_urlsafe(18)
        url = ResponseUrl(token, channel, user, time.monotonic(), message_ts, thread_ts)
        self._response_urls[token] = url
        return url

    def use_response_url(self, token: str) -> ResponseUrl:
        """Where it leads; counts as one of its five uses.

        Raises:
            Spent: unknown, used up, or older than half an hour.
        """
        if token not in self._response_urls:
            raise Spent("invalid_url")
        url = self._response_urls[token]
        if time.monotonic() - url.issued_at_s > RESPONSE_URL_S / self._terms.speed:
            raise Spent("expired_url")
        if url.uses >= RESPONSE_URL_USES:
            raise Spent("used_url")
        url.uses += 1
        return url
