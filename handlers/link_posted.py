"""Somebody posted a message of words, which may name pictures in S3."""

from typing import Any

from bot.intake import Intake
from bot.posts import Post
from bot.promised import word


class OnLinkPosted:
    """Stores the job; most messages have no link, and nobody hears of those."""

    def __init__(self, intake: Intake) -> None:
        """Take what accepts posts."""
        self._intake = intake

    def __call__(self, event: dict[str, Any], context: dict[str, Any]) -> None:
        """Accept one message with links; raising makes Slack deliver it again."""
        post = Post.from_event(event, word(context, "team_id"))
        if post.files:
            self._intake.accept(post)
