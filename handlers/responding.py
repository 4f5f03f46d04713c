"""Words for whoever pressed something, without keeping Slack from its acknowledgement."""

from __future__ import annotations

import logging
import threading
from typing import Any

from slack_bolt import Respond

from bot.answering import Said

_WAIT_S = 1.0
"""Slack gives a handler three seconds in all; an answer that takes longer goes on behind it."""

log = logging.getLogger(__name__)


def respond_in_time(respond: Respond, said: Said = "", **how: Any) -> None:
    """Answer over the response URL; what goes wrong there is for the log alone."""
    answering = threading.Thread(target=_respond, args=(respond, said, how), daemon=True)
    answering.start()
    answering.join(_WAIT_S)


def _respond(respond: Respond, said: Said, how: dict[str, Any]) -> None:
    body = {"text": said} if isinstance(said, str) else said
    try:
        respond(**body, **how)
    except Exception as exc:  # noqa: BLE001 - nobody waits for this thread
        log.warning("response_lost", extra={"error": type(exc).__name__})
