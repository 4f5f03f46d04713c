"""Somebody, or Slack itself, changed a message."""

from typing import Any

from bot.intake import Intake
from bot.posts import Edit
from bot.promised import word


class OnMessageEdited:
    """Stores a job for pictures that were not there before."""

    def __init__(self, intake: Intake) -> None:
        """Take what accepts edits."""
        self._intake = intake

    def __call__(self, event: dict[str, Any], context: dict[str, Any]) -> None:
        """Accept one edit; raising makes Slack deliver it again."""
        edit = Edit.from_event(event, word(context, "team_id"))
        ours = {context.get("bot_id"), context.get("bot_user_id")} - {None}
        is_ours = bool(ours & {event["message"].get("bot_id"), edit.post.poster})
        if edit.new_ids and not is_ours:
            self._intake.accept_edit(edit)
