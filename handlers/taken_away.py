"""Something was deleted in Slack: a message, a file, a channel, or the app itself."""

from collections.abc import Mapping
from typing import Any

from bot.message_links import links_of
from bot.model import MessageRef
from bot.promised import word, word_if_any
from bot.removing import Removing


class OnTakenAway:
    """Has forgotten what is gone; raising makes Slack deliver it again."""

    def __init__(self, removing: Removing) -> None:
        """Take what has things forgotten."""
        self._removing = removing

    def message(self, event: dict[str, Any], context: dict[str, Any]) -> None:
        """A message was deleted, or one with replies has left a tombstone."""
        before = event.get("previous_message") or {"files": [{}]}
        ts = word_if_any(event, "deleted_ts") or word(event.get("message") or before, "ts")
        message = MessageRef(word(context, "team_id"), word(event, "channel"), ts)
        is_ours = before.get("bot_id") is not None and before["bot_id"] == context.get("bot_id")
        self._removing.take_away(message, also_unknown=not is_ours and _concerns_us(before))

    def file(self, event: dict[str, Any], context: dict[str, Any]) -> None:
        """A file was deleted, wherever it was posted."""
        self._removing.file_deleted(word(context, "team_id"), word(event, "file_id"))

    def channel(self, event: dict[str, Any], context: dict[str, Any]) -> None:
        """A channel was deleted."""
        self._removing.channel_deleted(word(context, "team_id"), word(event, "channel"))

    def app(self, context: dict[str, Any]) -> None:
        """The app was removed from the workspace."""
        self._removing.uninstalled(word(context, "team_id"))


def is_tombstone(event: dict[str, Any]) -> bool:
    """Whether a changed message is what is left of a deleted one."""
    return bool((event.get("message") or {}).get("subtype") == "tombstone")


def _concerns_us(message: Mapping[str, Any]) -> bool:
    """Whether a message that we do not know may still arrive, and be work."""
    return bool(message.get("files")) or bool(links_of(message))
