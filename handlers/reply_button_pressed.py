"""Somebody pressed a button, or chose in a menu, under a reply that shows pictures."""

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, Respond

from bot.answering import Asker
from bot.model import MessageRef
from bot.pressing import Press


class OnReplyButton:
    """Does what the button is for, and answers whoever pressed it alone."""

    def __init__(self, act: Callable[[Press], str]) -> None:
        """Take what the button is for."""
        self._act = act

    def __call__(
        self, ack: Ack, body: dict[str, Any], context: dict[str, Any], respond: Respond
    ) -> None:
        """The block's id says under which reply, the element what was chosen."""
        (action,) = body["actions"]
        ts, _, attempt = action["block_id"].partition("/")
        message = MessageRef(str(context["team_id"]), body["channel"]["id"], ts)
        asker = Asker(message.team, body["user"]["id"], message.channel)
        choice = (action.get("selected_option") or action)["value"]
        if said := self._act(Press(asker, message, int(attempt), choice)):
            respond(said, replace_original=False)
        ack()
