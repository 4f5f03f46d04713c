"""What was said in Slack's channels: read page by page, for whoever was away meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.adapters.slack import SlackWorkspace

_PAGE = 200
_KINDS = "public_channel,private_channel,im,mpim"


class SlackHistory:
    """Reads; the workspace keeps Slack's pace."""

    def __init__(self, workspace: SlackWorkspace) -> None:
        """Keep the workspace."""
        self._workspace = workspace

    def joined(self) -> list[str]:
        """The ids of the channels that the bot is in, direct messages too.

        Raises: errors.SlackError.
        """
        pages = self._workspace.pages(
            "users.conversations", "channels", types=_KINDS, exclude_archived=True, limit=_PAGE
        )
        return [channel["id"] for channel in pages]

    def messages(self, channel: str, *, since_s: float) -> Iterator[dict[str, Any]]:
        """A channel's messages since a time, the newest first; of a thread its parent alone.

        Raises: errors.SlackError.
        """
        return self._workspace.pages(
            "conversations.history",
            "messages",
            channel=channel,
            oldest=f"{since_s:.6f}",
            limit=_PAGE,
        )

    def replies(self, channel: str, ts: str, *, since_s: float) -> list[dict[str, Any]]:
        """What was said in a thread since a time, without its parent.

        Raises: errors.SlackError.
        """
        pages = self._workspace.pages(
            "conversations.replies",
            "messages",
            channel=channel,
            ts=ts,
            oldest=f"{since_s:.6f}",
            limit=_PAGE,
        )
        return [message for message in pages if message["ts"] != ts]
