"""Reading what was posted in Slack: one message by its time stamp, or all since a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot import errors
from bot.adapters.slack import SlackWorkspace

_PAGE = 200
_KINDS = "public_channel,private_channel,im,mpim"


class SlackHistory:
    """What stands in the channels that the bot is in."""

    def __init__(self, workspace: SlackWorkspace) -> None:
        """Take the workspace."""
        self._workspace = workspace

    def message(self, channel: str, ts: str) -> dict[str, Any] | None:
        """Slack's message object, also of one in a thread; None when there is none any more.

        Raises: errors.SlackError.
        """
        return self._find("conversations.history", channel, ts) or self._in_thread(channel, ts)

    def _in_thread(self, channel: str, ts: str) -> dict[str, Any] | None:
        """A channel's history has no replies.

        By a reply's own time stamp Slack gives that reply, or its whole thread, the parent first.
        https://github.com/slackapi/bolt-python/issues/783
        """
        try:
            return self._find("conversations.replies", channel, ts)
        except errors.SlackRefused as exc:
            if exc.facts["error"] != "thread_not_found":
                raise
            return None

    def _find(self, method: str, channel: str, ts: str) -> dict[str, Any] | None:
        where: dict[str, Any] = {"channel": channel, "oldest": ts, "latest": ts, "inclusive": True}
        if method == "conversations.replies":
            where["ts"] = ts
        answer = self._workspace.call(method, limit=_PAGE, **where)
        found = answer.get("messages") or ()
        return next((message for message in found if message["ts"] == ts), None)

    # -- since a time

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
