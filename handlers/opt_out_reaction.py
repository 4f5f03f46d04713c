"""Somebody put the opt-out emoji on a message."""

from collections.abc import Callable
from typing import Any

from bot.model import MessageRef
from bot.promised import word, word_if_any
from bot.removing import Removing


class OnOptOutReaction:
    """Has the message forgotten when it is the poster's own; from others it means nothing."""

    def __init__(self, removing: Removing) -> None:
        """Take what has things forgotten."""
        self._removing = removing

    def __call__(self, event: dict[str, Any], context: dict[str, Any]) -> None:
        """Slack says whose message it is."""
        item, team = event["item"], word(context, "team_id")
        message = MessageRef(team, word(item, "channel"), word(item, "ts"))
        author = word_if_any(event, "item_user")
        self._removing.withdraw(message, person=word(event, "user"), author=author)


def is_reaction(name: str) -> Callable[[dict[str, Any]], bool]:
    """Tell reactions to messages with this emoji, in any skin tone, from all others."""

    def matches(event: dict[str, Any]) -> bool:
        on_message = (event.get("item") or {}).get("type") == "message"
        return bool(on_message and event.get("reaction", "").partition("::")[0] == name)

    return matches
