"""Somebody, or Slack itself, changed a message."""

from typing import Any

from bot.intake import Intake
from bot.posts import Edit


class OnMessageEdited:
    """Stores a job for pictures that were not there before."""

    def __init__(self, intake: Intake) -> None:
        """Take what accepts edits."""
        self._intake = intake

    def __call__(self, event: dict[str, Any], context: dict[str, Any]) -> None:
        """Accept one edit; raising makes Slack deliver it again."""
        edit = Edit.from_event(event, str(context["team_id"]))
        if edit.new_ids:
            self._intake.accept_edit(edit)
