"""Somebody typed the slash command."""

from typing import Any

from slack_bolt import Ack

from bot.answering import Answering, Asker


class OnLabelsCommand:
    """Answers the asker alone."""

    def __init__(self, answering: Answering) -> None:
        """Take what carries commands out."""
        self._answering = answering

    def __call__(self, command: dict[str, Any], context: dict[str, Any], ack: Ack) -> None:
        """Answer within Slack's three seconds, in the response itself."""
        place = str(context["team_id"]), command["user_id"], command["channel_id"]
        at, reply_url = command.get("trigger_id", ""), command.get("response_url", "")
        asker = Asker(*place, at=at, reply_url=reply_url)
        ack(self._answering.answer(asker, command.get("text") or ""))
