"""Somebody posted a message with files."""

from typing import Any

from bot.intake import Intake
from bot.posts import Post
from bot.promised import word


class OnImagePosted:
    """Stores the job; Slack gets its 200 only after that."""

    def __init__(self, intake: Intake) -> None:
        """Take what accepts posts."""
        self._intake = intake

    def __call__(self, event: dict[str, Any], context: dict[str, Any]) -> None:
        """Accept one message; raising makes Slack deliver it again."""
        self._intake.accept(Post.from_event(event, word(context, "team_id")))
