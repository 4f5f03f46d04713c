"""Deliveries over HTTP, signed as Slack signs them; and requests that only pretend to be Slack's.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from bot.sandbox.slack.delivery import Answer, Kind, Retry

FORM = "application/x-www-form-urlencoded"
_ANSWER_LIMIT_BYTES = 1 << 20


class HttpLine:
    """One request URL for events, commands and clicks alike."""

    def __init__(self, url: str, secret: str, limit_s: float) -> None:
        self._url = url
        self._secret = secret
        self._limit_s = limit_s

    def send(self, kind: Kind, payload: Mapping[str, Any], retry: Retry | None = None) -> Answer:
        """Post it and wait for the answer, at most the three seconds that Slack waits."""
        headers = {"Content-Type": "application/json" if kind == "events_api" else FORM}
        if retry:
            headers["X-Slack-Retry-Num"] = str(retry.number)
            headers["X-Slack-Retry-Reason"] = retry.reason
        return self.send_raw(_body(kind, payload), headers)

    def is_open(self) -> bool:
        """A request URL is always worth a try."""
        return True

    def send_raw(
        self,
        body: bytes,
        headers: Mapping[str, str | None] | None = None,
        *,
        timestamp: str | None = None,
        signature: str | None = None,
    ) -> Answer:
        """Post any body, signed well unless told otherwise; a header of None is left out."""
        stamp = timestamp if timestamp is not None else str(int(time.time()))
        signed = signature if signature is not None else sign(self._secret, stamp, body)
        all_headers: dict[str, str | None] = {
            "Content-Type": "application/json",
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signed,
            **(headers or {}),
        }
        return self._post(body, {k: v for k, v in all_headers.items() if v is not None})

    def _post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        parts = urlsplit(self._url)
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        line = http.client.HTTPConnection(parts.netloc, timeout=self._limit_s)
        try:
            line.request("POST", path, body, {k: v.encode() for k, v in headers.items()})
            came = line.getresponse()
            text = came.read(_ANSWER_LIMIT_BYTES).decode("utf-8", "replace")
        except TimeoutError:
            return Answer(0, reason="http_timeout")
        except (OSError, http.client.HTTPException):
            return Answer(0, reason="connection_failed")
        finally:
            line.close()
        reason = "" if 200 <= came.status < 300 else "http_error"
        no_retry = came.getheader("x-slack-no-retry") == "1" and came.status != 200
        return Answer(came.status, text, reason, no_retry)


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of a body at a time given in seconds since 1970."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def _body(kind: Kind, payload: Mapping[str, Any]) -> bytes:
    if kind == "events_api":
        return json.dumps(payload).encode()
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(form).encode()
