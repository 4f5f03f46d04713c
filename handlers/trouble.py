"""A handler failed."""

import logging
import secrets

from slack_bolt import BoltResponse, Respond

from bot.errors import SpotterError
from bot.messages import words_view
from handlers.responding import respond_in_time

UNREADABLE = (AttributeError, LookupError, TypeError, ValueError)
"""What comes of a body that is not as Slack's documentation promises."""

log = logging.getLogger(__name__)


def on_trouble(error: Exception, body: dict[str, object], respond: Respond) -> BoltResponse:
    """Words for a person who waits; for an event no 2xx, so that Slack tries again."""
    reference = secrets.token_hex(4)
    log.error("handler_failed", exc_info=error, extra={"reference": reference})
    kind = str(body.get("type"))
    if kind == "event_callback":
        return BoltResponse(status=400 if isinstance(error, UNREADABLE) else 500, body="")
    words = str(error) if isinstance(error, SpotterError) else "Something went wrong."
    answer = f"{words} (ref {reference})"
    if kind in {"block_actions", "message_action"}:
        # Slack shows nothing of what answers the press of a button, or a shortcut, itself.
        respond_in_time(respond, answer, replace_original=False)
        return BoltResponse(status=200, body="")
    if kind == "view_submission":
        # A window takes no text: it is replaced by one that says what is the matter.
        return BoltResponse(
            status=200, body={"response_action": "update", "view": words_view(answer)}
        )
    return BoltResponse(status=200, body={"text": answer})
