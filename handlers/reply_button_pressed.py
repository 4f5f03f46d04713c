"""Somebody pressed a button, or chose in a menu, under a reply that shows pictures."""

from typing import Any

from slack_bolt import Ack, Respond

from bot.answering import Asker
from bot.model import MessageRef
from bot.pressing import Press, Pressing
from handlers.responding import respond_in_time


class OnReplyButton:
    """Does what the button is for, and answers whoever pressed it alone."""

    def __init__(self, pressing: Pressing) -> None:
        """Take what carries presses out."""
        self._pressing = pressing

    def __call__(
        self, ack: Ack, body: dict[str, Any], context: dict[str, Any], respond: Respond
    ) -> None:
        """The block's id says under which reply, the element what was chosen."""
        (action,) = body["actions"]
        ts, _, attempt = action["block_id"].partition("/")
        message = MessageRef(str(context["team_id"]), body["channel"]["id"], ts)
        place = message.team, body["user"]["id"], message.channel
        asker = Asker(*place, at=action.get("action_ts", ""))
        choice = (action.get("selected_option") or action)["value"]
        press = Press(asker, message, int(attempt), action["action_id"], choice)
        if said := self._pressing.press(press):
            respond_in_time(respond, said, replace_original=False)
        ack()
