"""How much of what Rekognition says a channel is shown: set in a window, or in words."""

from __future__ import annotations

import dataclasses
import logging
from typing import Any

from bot import commands, errors
from bot.access import Access
from bot.adapters.show_records import ShowRecords
from bot.adapters.slack import SlackWorkspace
from bot.adapters.withheld_records import WithheldRecords
from bot.answering import AWAY, Answers, Asker
from bot.answering_channel import obstacle_to_setting
from bot.modal_fields import FieldsWrong
from bot.model import PERCENT_SHOWN_FROM
from bot.settings_modal import THRESHOLD, build_settings_modal, read_settings_modal

log = logging.getLogger(__name__)


class Tuning:
    """Lets people of a channel say what is shown there."""

    def __init__(
        self,
        workspace: SlackWorkspace,
        access: Access,
        shows: ShowRecords,
        *,
        withheld: WithheldRecords,
        bot_user: str,
        usual_percent: float = PERCENT_SHOWN_FROM,
    ) -> None:
        """Take Slack, who may set a channel, the records, our own user, the usual threshold."""
        self._workspace = workspace
        self._access = access
        self._shows = shows
        self._withheld = withheld
        self._bot_user = bot_user
        self._usual_percent = usual_percent

    @property
    def answers(self) -> Answers:
        """What is said to each command about this."""
        return {commands.OpenSettings: self._open, commands.SetThreshold: self._set_threshold}

    def _open(self, asker: Asker, _command: commands.OpenSettings) -> str:
        """Open the window, which is the answer; in words only why it does not open."""
        if obstacle := self._obstacle(asker):
            return obstacle
        settings = self._shows.settings(asker.team, asker.channel)
        view = build_settings_modal(
            settings, channel=asker.channel, usual_percent=self._usual_percent
        )
        try:
            self._workspace.open_view(asker.at, view)
        except errors.SlackRefused as exc:
            log.warning("window_refused", extra={"error": exc.facts["error"]})
            return "Slack did not open the window in time. Type it once more."
        return ""

    def _set_threshold(self, asker: Asker, command: commands.SetThreshold) -> str:
        if obstacle := self._obstacle(asker):
            return obstacle
        self._shows.change_settings(
            asker.team,
            asker.channel,
            lambda before: dataclasses.replace(before, threshold_percent=command.percent),
        )
        return f"From now on I show here what is at least {command.percent:g} % sure."

    def submit(self, asker: Asker, values: dict[str, Any]) -> dict[str, str]:
        """Take a submitted window; what is wrong, by field, or nothing when it is saved.

        `asker.channel` is the channel that the window is about. Who may set it is asked again.
        """
        try:
            if obstacle := self._obstacle(asker):
                return {THRESHOLD: obstacle}
            withholding = self._withheld.withholding(asker.team)
            self._shows.change_settings(
                asker.team,
                asker.channel,
                lambda before: read_settings_modal(values, before=before, withholding=withholding),
            )
        except FieldsWrong as exc:
            return exc.words
        except errors.SlackError:
            return {THRESHOLD: AWAY}
        except errors.RecordsUnavailable as exc:
            return {THRESHOLD: str(exc)}
        return {}

    def _obstacle(self, asker: Asker) -> str:
        return obstacle_to_setting(self._access, asker, bot_user=self._bot_user)
