"""What the bot says on joining a channel: what it does with images, and how to leave yours out."""

from __future__ import annotations

import logging
from typing import Any

from bot import messages
from bot.adapters.slack import SlackWorkspace
from bot.adapters.watch_records import WatchRecords
from bot.model import ChannelSettings
from bot.summary import counted

WELCOMED = "welcomed"

log = logging.getLogger(__name__)


class Welcoming:
    """Says hello, once for each joining."""

    def __init__(
        self,
        workspace: SlackWorkspace,
        watches: WatchRecords,
        *,
        keep_days: int,
        slash_command: str,
        label_emoji: str,
        opt_out_emoji: str,
    ) -> None:
        """Take Slack, the channels' settings, and what the bot's own settings say."""
        self._workspace = workspace
        self._watches = watches
        self._keep_days = keep_days
        self._name = slash_command
        self._label_emoji = label_emoji
        self._opt_out_emoji = opt_out_emoji

    def welcome(self, job: dict[str, Any], key: str) -> dict[str, Any]:
        """Post the welcome to a channel unless it stands there already.

        Raises: the family of errors.SlackError.
        """
        settings = self._watches.channel(job["team"], job["channel"])
        body = messages.words_body(self._words(settings))
        self._workspace.post_once(job["channel"], body, key=key)
        log.info("welcomed", extra={"channel": job["channel"]})
        return {"outcome": WELCOMED}

    def _words(self, settings: ChannelSettings) -> str:
        kept = counted(settings.keep_days or self._keep_days, "day")
        bucket = f"this team's own S3 bucket keeps it for {kept}"
        optout = f"`{self._name} optout`, or :{self._opt_out_emoji}: on a message of your own"
        return (
            f"{self._when(settings.mode)}\n"
            f"What I look at goes to Amazon Rekognition, and {bucket}.\n"
            f"To leave yours out: {optout}."
        )

    def _when(self, mode: str) -> str:
        """When it looks at images here, and how to change that."""
        if mode == "off":
            return (
                "Hello! I say what is in images, but I am switched off in this channel. "
                f"`{self._name} mode auto` has me answer to those that are posted here."
            )
        if mode == "request":
            return (
                "Hello! I say what is in images posted here when somebody asks: "
                f"with _Label images_ in a message's menu, or :{self._label_emoji}: on it. "
                f"`{self._name} mode off` stops that."
            )
        return (
            "Hello! When somebody posts an image here, I say in its thread what is in it. "
            f"`{self._name} mode request` has me wait until somebody asks, "
            f"`{self._name} mode off` stops it."
        )
