"""Somebody pressed Try again under a reason."""

from typing import Any

from slack_bolt import Ack, Respond

from bot.intake import Intake
from bot.model import MessageRef
from handlers.responding import respond_in_time


class OnTryAgain:
    """Opens the next attempt, once however often it is pressed."""

    def __init__(self, intake: Intake) -> None:
        """Take what accepts requests."""
        self._intake = intake

    def __call__(
        self, ack: Ack, body: dict[str, Any], context: dict[str, Any], respond: Respond
    ) -> None:
        """The button's value says which message, and which attempt gave the reason."""
        ts, _, attempt = body["actions"][0]["value"].partition("/")
        message = MessageRef(str(context["team_id"]), body["channel"]["id"], ts)
        if not self._intake.try_again(message, after=int(attempt)):
            respond_in_time(
                respond,
                "That is under way or done already: look in the thread.",
                replace_original=False,
            )
        ack()
