"""A handler failed."""

import logging
import secrets
from http import HTTPStatus

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
    facts = {"error": type(error).__name__, "reference": reference}
    log.error("handler_failed", exc_info=error, extra=facts)
    kind = str(body.get("type"))
    if kind == "event_callback":
        return BoltResponse(status=_status_of(error), body="")
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


def _status_of(error: Exception) -> HTTPStatus:
    """Slack tries again after each of these; to others they say whose mistake it was."""
    if isinstance(error, UNREADABLE):
        return HTTPStatus.BAD_REQUEST
    if isinstance(error, SpotterError) and error.passes_by_itself:
        return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.INTERNAL_SERVER_ERROR
