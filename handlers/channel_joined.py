"""Somebody let the bot into a channel."""

from typing import Any

from bot.intake import Intake
from bot.promised import word


class OnChannelJoined:
    """Owes the channel a welcome when it was the bot that joined, and nothing for anybody else."""

    def __init__(self, intake: Intake) -> None:
        """Take what stores the welcome."""
        self._intake = intake

    def __call__(self, event: dict[str, Any], context: dict[str, Any]) -> None:
        """Store it; raising makes Slack tell the joining again."""
        if event["user"] == context["bot_user_id"]:
            team, channel = word(context, "team_id"), word(event, "channel")
            self._intake.owe_welcome(team, channel, at=word(event, "event_ts"))
