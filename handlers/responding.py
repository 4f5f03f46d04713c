"""Words for whoever pressed something, without keeping Slack from its acknowledgement."""

from __future__ import annotations

import logging
import threading
from typing import Any

from slack_bolt import Respond

_WAIT_S = 1.0
"""Slack gives a handler three seconds in all; an answer that takes longer goes on behind it."""

log = logging.getLogger(__name__)


def respond_in_time(respond: Respond, text: str = "", **how: Any) -> None:
    """Answer over the response URL; what goes wrong there is for the log alone."""
    answering = threading.Thread(target=_respond, args=(respond, text, how), daemon=True)
    answering.start()
    answering.join(_WAIT_S)


def _respond(respond: Respond, text: str, how: dict[str, Any]) -> None:
    try:
        respond(text, **how)
    except Exception as exc:  # noqa: BLE001 - nobody waits for this thread
        log.warning("response_lost", extra={"error": type(exc).__name__})
