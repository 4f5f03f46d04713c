"""Reading what was posted in Slack, whenever that was, by the time stamp that names it."""

from __future__ import annotations

from typing import Any

from bot import errors
from bot.adapters.slack import SlackWorkspace


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
        answer = self._workspace.call(method, limit=200, **where)
        found = answer.get("messages") or ()
        return next((message for message in found if message["ts"] == ts), None)
