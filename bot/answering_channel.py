"""What `/labels` says about a channel: how Spotter works in it, and how that is changed."""

from __future__ import annotations

from typing import Any, Literal

from bot import commands
from bot.access import Access
from bot.adapters.records import Records
from bot.answering import Answers, Asker, how_to_ask
from bot.budget import Budget
from bot.drawing_style import Style
from bot.messages import escape, shorten
from bot.model import Analysis, ShowSettings
from bot.moments import when
from bot.showing import Showing
from bot.shown import Shown
from bot.summary import counted

_MODES = {
    "auto": "Every picture posted here is labelled.",
    "request": "Pictures posted here are labelled only when somebody asks: {how}.",
    "off": "Pictures posted here are left alone.",
}
_BOTS = {
    True: "Pictures that other bots post here are labelled too.",
    False: "Pictures that other bots post here are left alone.",
}
_NAMES_MAX_CHARS = 500


class ChannelAnswers:
    """Carries out `status` and `mode`."""

    def __init__(
        self,
        access: Access,
        budget: Budget,
        records: Records,
        showing: Showing,
        *,
        slash_command: str,
        label_emoji: str,
        bot_user: str,
        keep_days: int,
    ) -> None:
        """Take who may see what, the limit, what is kept and shown, our names, for how long."""
        self._access = access
        self._budget = budget
        self._watches = records.watches
        self._messages = records.messages
        self._catalogue = records.catalogue
        self._showing = showing
        self._name = slash_command
        self._how = how_to_ask(label_emoji)
        self._bot_user = bot_user
        self._keep_days = keep_days

    @property
    def answers(self) -> Answers:
        """The answer to each kind of command."""
        return {
            commands.Status: self._status,
            commands.SetMode: self._set_mode,
            commands.SetBots: self._set_bots,
        }

    def _status(self, asker: Asker, _command: commands.Status) -> str:
        if obstacle := _obstacle(self._access, asker, "see", bot_user=self._bot_user):
            return obstacle
        settings = self._watches.channel(asker.team, asker.channel)
        lines = ["I am in this channel.", self._mode(settings.mode)]
        if settings.mode == "auto":
            lines.append(_BOTS[settings.bots_on])
        lines += shown_in_words(self._showing.settings(asker.team, asker.channel))
        lines.append(kept_for(settings.keep_days or self._keep_days))
        if self._messages.is_opted_out(asker.team, asker.person):
            lines.append(f"Your own pictures are left alone. `{self._name} optin` undoes that.")
        last_s = self._messages.last_answered_at_s(asker.team, asker.channel)
        lines.append(f"Last picture answered here: {when(last_s)}.")
        if catalogue := self._catalogue.current():
            lines.append(f"Names in watches are checked against Amazon's list: {catalogue}.")
        if used := self._budget.status():
            lines.append(used)
        return "\n".join(lines)

    def _set_mode(self, asker: Asker, command: commands.SetMode) -> str:
        return self._set(asker, mode=command.mode) or self._mode(command.mode)

    def _mode(self, mode: str) -> str:
        return _MODES[mode].format(how=self._how)

    def _set_bots(self, asker: Asker, command: commands.SetBots) -> str:
        return self._set(asker, bots_on=command.on) or _BOTS[command.on]

    def _set(self, asker: Asker, **changed: Any) -> str:
        """Change the channel's settings; why not, or nothing."""
        if obstacle := obstacle_to_setting(self._access, asker, bot_user=self._bot_user):
            return obstacle
        self._watches.change_channel(asker.team, asker.channel, **changed)
        return ""


def obstacle_to_setting(access: Access, asker: Asker, *, bot_user: str) -> str:
    """Why the asker cannot set how the bot works in a channel, or nothing.

    Raises: errors.SlackBusy, errors.SlackUnknown.
    """
    return _obstacle(access, asker, "set", bot_user=bot_user)


def _obstacle(access: Access, asker: Asker, wish: Literal["see", "set"], *, bot_user: str) -> str:
    rights = access.rights(asker.person, asker.channel)
    if not rights.bot_is_in:
        # Outside of `code`, where Slack writes the mention as the name to type.
        invite = f"Type /invite <@{bot_user}> here"
        return f"I am not in this channel. {invite}, then post a picture."
    if not rights.sees:
        return f"Only people in this channel can {wish} how I work here."
    if wish == "set" and not rights.is_full_member:
        return "Guests cannot change how I work in a channel; ask a member to."
    return ""


def shown_in_words(settings: ShowSettings) -> list[str]:
    """What of a picture is shown in a channel: sentences."""
    shown = Shown(Analysis(()), settings)
    most = counted(shown.max_labels, "label")
    said = [f"I show what is at least {shown.threshold_percent:g} % sure, at most {most}."]
    if own := ", ".join(f"{name} {percent:g} %" for name, percent in settings.by_label.items()):
        said.append(f"With a confidence of their own: {_listed(own)}.")
    if hidden := ", ".join(Style.from_json(settings.style).hide):
        said.append(f"Hidden in pictures: {_listed(hidden)}.")
    return said


def _listed(names: str) -> str:
    return escape(shorten(names, max_chars=_NAMES_MAX_CHARS))


def kept_for(days: int) -> str:
    """For how long a channel's pictures are kept, in a sentence."""
    return f"Pictures and labels are kept for {counted(days, 'day')} here."
