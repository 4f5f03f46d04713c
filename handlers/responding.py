"""Words to whoever pressed something: soon or not at all, since Slack waits for three seconds."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from slack_bolt import BoltContext
from slack_sdk.webhook import WebhookClient

_WITHIN_S = 1
"""Slack hears that the press arrived only after the handler is done, and so after these words."""

log = logging.getLogger(__name__)


def respond_soon(context: BoltContext, next_: Callable[[], None]) -> None:
    """Let every handler's `respond` be ours; Bolt's own may take half a minute."""
    if context.response_url:
        context["respond"] = partial(_respond, context.response_url)
    next_()


def _respond(url: str, text: str | None = None, **more: Any) -> None:
    """A courtesy: what was pressed is done already, and is not done again for want of words."""
    try:
        WebhookClient(url, timeout=_WITHIN_S, retry_handlers=[]).send(text=text, **more)
    except OSError as exc:
        log.info("presser_not_told", extra={"error": type(exc).__name__})
