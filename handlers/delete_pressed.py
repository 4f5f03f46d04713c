"""Somebody pressed Delete under a reply."""

from typing import Any

from slack_bolt import Ack, Respond

from bot.model import MessageRef
from bot.removing import Removing
from handlers.responding import respond_in_time


class OnDeletePressed:
    """Has the message forgotten for its poster and for admins."""

    def __init__(self, removing: Removing) -> None:
        """Take what has things forgotten."""
        self._removing = removing

    def __call__(
        self, ack: Ack, body: dict[str, Any], context: dict[str, Any], respond: Respond
    ) -> None:
        """The button's value says which message; the reply goes at once, the rest soon."""
        ts, _, _ = body["actions"][0]["value"].partition("/")
        message = MessageRef(str(context["team_id"]), body["channel"]["id"], ts)
        if self._removing.delete(message, person=body["user"]["id"]):
            respond_in_time(respond, delete_original=True)
        else:
            respond_in_time(
                respond,
                "Only who posted the picture, and admins, can delete this.",
                replace_original=False,
            )
        ack()
