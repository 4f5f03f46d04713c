"""Somebody pressed a button, or chose in a menu, under a notice about a picture."""

from typing import Any

from slack_bolt import Ack, Respond

from bot.answering import Asker
from bot.noticing import NoticePress, Noticing
from handlers.responding import respond_in_time


class OnNoticeButton:
    """Does what the button is for, and answers whoever pressed it alone."""

    def __init__(self, noticing: Noticing) -> None:
        """Take what carries presses out."""
        self._noticing = noticing

    def __call__(
        self, ack: Ack, body: dict[str, Any], context: dict[str, Any], respond: Respond
    ) -> None:
        """The block's id says under which notice, the element what was chosen."""
        (action,) = body["actions"]
        place = str(context["team_id"]), body["user"]["id"], body["channel"]["id"]
        choice = (action.get("selected_option") or action)["value"]
        press = NoticePress(Asker(*place), action["block_id"], action["action_id"], choice)
        respond_in_time(respond, self._noticing.press(press), replace_original=False)
        ack()
