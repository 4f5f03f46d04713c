"""Somebody types the name of a label into the window in which a watch is made."""

from typing import Any

from slack_bolt import Ack

from bot.answering import Asker
from bot.watch_modal import FormContext
from bot.watch_window import WatchWindow


class OnLabelTyped:
    """Offers the names that fit what is typed so far."""

    def __init__(self, window: WatchWindow) -> None:
        """Take what knows the names."""
        self._window = window

    def __call__(self, ack: Ack, body: dict[str, Any], context: dict[str, Any]) -> None:
        """The window carries the channel that it was opened in."""
        about = FormContext.from_metadata(body["view"]["private_metadata"])
        asker = Asker(str(context["team_id"]), body["user"]["id"], about.channel)
        ack(options=self._window.suggest(asker, body["value"]))
