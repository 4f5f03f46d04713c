"""Somebody saved the window of `/labels settings`."""

from typing import Any

from slack_bolt import Ack

from bot.answering import Asker
from bot.tuning import Tuning


class OnSettingsSubmitted:
    """Closes the window, or shows in its fields what is wrong."""

    def __init__(self, tuning: Tuning) -> None:
        """Take what keeps a channel's settings."""
        self._tuning = tuning

    def __call__(
        self, ack: Ack, body: dict[str, Any], context: dict[str, Any], view: dict[str, Any]
    ) -> None:
        """The window carries the channel it is about."""
        place = str(context["team_id"]), body["user"]["id"], view["private_metadata"]
        wrong = self._tuning.submit(Asker(*place), view["state"]["values"])
        if wrong:
            ack(response_action="errors", errors=wrong)
        else:
            ack()
