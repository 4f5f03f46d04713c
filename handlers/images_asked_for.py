"""Somebody asked for the images of a message: from its menu, or with a reaction."""

from typing import Any

from slack_bolt import Ack, Respond

from bot.model import MessageRef
from bot.promised import word
from bot.requesting import Requesting
from handlers.responding import respond_in_time


class OnLabelImages:
    """The shortcut in a message's menu."""

    def __init__(self, requesting: Requesting) -> None:
        """Take what stores requests."""
        self._requesting = requesting

    def __call__(
        self, ack: Ack, shortcut: dict[str, Any], context: dict[str, Any], respond: Respond
    ) -> None:
        """Store the request; what is in its way is said to whoever asked."""
        team, channel = str(context["team_id"]), shortcut["channel"]["id"]
        said = self._requesting.ask_in_words(
            MessageRef(team, channel, shortcut["message_ts"]),
            asker=shortcut["user"]["id"],
            at=shortcut["action_ts"],
        )
        if said:
            respond_in_time(respond, said, replace_original=False)
        ack()


class OnLabelReaction:
    """The reaction that asks for the images of the message it is on."""

    def __init__(self, requesting: Requesting) -> None:
        """Take what stores requests."""
        self._requesting = requesting

    def __call__(self, event: dict[str, Any], context: dict[str, Any]) -> None:
        """Store the request; raising makes Slack tell it again."""
        item, team = event["item"], word(context, "team_id")
        message = MessageRef(team, word(item, "channel"), word(item, "ts"))
        self._requesting.ask(message, asker=word(event, "user"), at=word(event, "event_ts"))
