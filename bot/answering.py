"""What `/labels` does and says; every answer is for the asker alone."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

from bot import commands, errors, rules
from bot.access import Access
from bot.adapters.analysis_records import AnalysisRecords
from bot.adapters.message_records import MessageRecords
from bot.adapters.watch_records import WatchRecords
from bot.messages import escape
from bot.model import Watch

_MODES = {
    "auto": "Every picture posted here is labelled.",
    "request": "Pictures posted here are labelled only when somebody asks.",
    "off": "Pictures posted here are left alone.",
}
_BOTS = {
    True: "Pictures that other bots post here are labelled too.",
    False: "Pictures that other bots post here are left alone.",
}


@dataclasses.dataclass(frozen=True)
class Asker:
    """Who typed a command, and where."""

    team: str
    person: str
    channel: str


class Answering:
    """Carries out one typed command."""

    def __init__(
        self,
        access: Access,
        *,
        watches: WatchRecords,
        messages: MessageRecords,
        analyses: AnalysisRecords,
        slash_command: str,
    ) -> None:
        """Take who may see what, the records, and the name people type."""
        self._access = access
        self._watches = watches
        self._messages = messages
        self._analyses = analyses
        self._slash_command = slash_command
        self._answers: dict[type, Callable[[Asker, Any], str]] = {
            commands.Help: self._help,
            commands.AddWatch: self._add_watch,
            commands.RemoveWatch: self._remove_watch,
            commands.ListWatches: self._list_watches,
            commands.Status: self._status,
            commands.SetMode: self._set_mode,
            commands.SetBots: self._set_bots,
        }

    def answer(self, asker: Asker, text: str) -> str:
        """Do what was typed; the answer, or what is wrong with it and a correct example.

        Raises: errors.RecordsUnavailable.
        """
        try:
            command = commands.parse_command(text)
            answer = self._answers[type(command)](asker, command)
        except errors.CommandError as exc:
            answer = escape(str(exc))
        return answer.replace("/labels", self._slash_command)

    def _help(self, _asker: Asker, command: commands.Help) -> str:
        lines = [
            f"`/labels {escape(line.usage)}`\n{escape(line.meaning)} For example: "
            f"`/labels {escape(line.example)}`"
            for line in commands.help_lines(command.topic)
        ]
        start = (
            "Post a picture in a channel I am in, and I answer in its thread. You can also type:"
        )
        return "\n".join([start, *lines])

    # -- watches

    def _add_watch(self, asker: Asker, command: commands.AddWatch) -> str:
        rule = command.rule
        name = escape(str(rule))
        if any(rules.parse_rule(own.rule_text).same_as(rule) for own in self._own(asker)):
            return f"You watch *{name}* already. `/labels watches` lists what you watch."
        self._watches.add(asker.team, asker.person, label_key=rule.label_key, rule_text=str(rule))
        hint = self._hint(asker, rule.label)
        return (
            f"You now watch *{name}*: I tell you in a direct message when somebody else posts a "
            f"picture that shows it, in any channel you may see.{hint}"
        )

    def _hint(self, asker: Asker, label: str) -> str:
        known = self._names_visible_to(asker)
        if rules.label_key(label) in {rules.label_key(name) for name in known}:
            return ""
        meant = rules.suggest(label, known)
        if meant:
            return f"\nDid you mean *{escape(meant)}*? Then type `/labels watch {escape(meant)}`."
        return "\nI have not seen that label yet, so check its spelling if nothing comes."

    def _names_visible_to(self, asker: Asker) -> set[str]:
        """Names seen in the channels that the asker may see: another's private ones stay unsaid."""
        seen = self._analyses.names_seen(asker.team)
        return {
            name
            for channel, names in seen.items()
            if self._access.may_see(asker.person, channel)
            for name in names
        }

    def _remove_watch(self, asker: Asker, command: commands.RemoveWatch) -> str:
        wanted = command.rule
        name = escape(str(wanted))
        doomed = [own for own in self._own(asker) if _is_meant(own, wanted)]
        if not doomed:
            return f"You do not watch *{name}*. `/labels watches` lists what you watch."
        self._watches.remove(watch.watch_id for watch in doomed)
        return "You no longer watch " + _spoken(doomed) + "."

    def _list_watches(self, asker: Asker, _command: commands.ListWatches) -> str:
        own = self._own(asker)
        if not own:
            return "You watch nothing yet. For example: `/labels watch dog`"
        return (
            "You watch "
            + _spoken(own)
            + ".\nTo stop one: `/labels unwatch "
            + (f"{escape(own[0].rule_text)}`")
        )

    def _own(self, asker: Asker) -> list[Watch]:
        return self._watches.of_owner(asker.team, asker.person)

    # -- the channel

    def _status(self, asker: Asker, _command: commands.Status) -> str:
        if not self._access.is_bot_in(asker.channel):
            return _invite()
        if not self._access.may_see(asker.person, asker.channel):
            return "Only people in this channel can see how I work here."
        settings = self._watches.channel(asker.team, asker.channel)
        lines = ["I am in this channel.", _MODES[settings.mode]]
        if settings.mode == "auto":
            lines.append(_BOTS[settings.bots_on])
        last_s = self._messages.last_answered_at_s(asker.team, asker.channel)
        lines.append(f"Last picture answered here: {_when(last_s)}.")
        return "\n".join(lines)

    def _set_mode(self, asker: Asker, command: commands.SetMode) -> str:
        return self._set(asker, mode=command.mode) or _MODES[command.mode]

    def _set_bots(self, asker: Asker, command: commands.SetBots) -> str:
        return self._set(asker, bots_on=command.on) or _BOTS[command.on]

    def _set(self, asker: Asker, **changed: Any) -> str:
        """Change the channel's settings; why not, or nothing."""
        if not self._access.is_bot_in(asker.channel):
            return _invite()
        if not self._access.may_see(asker.person, asker.channel):
            return "Only people in this channel can set how I work here."
        settings = self._watches.channel(asker.team, asker.channel)
        self._watches.set_channel(
            asker.team, asker.channel, dataclasses.replace(settings, **changed)
        )
        return ""


def _is_meant(own: Watch, wanted: rules.Rule) -> bool:
    """A label alone stands for all watches of it; with options, for that very one."""
    rule = rules.parse_rule(own.rule_text)
    if wanted.over_percent is None:
        return rule.label_key == wanted.label_key
    return rule.same_as(wanted)


def _spoken(watches: list[Watch]) -> str:
    names = [f"*{escape(watch.rule_text)}*" for watch in watches]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def _invite() -> str:
    return "I am not in this channel. Type `/invite @Spotter` here, then post a picture."


def _when(at_s: float | None) -> str:
    if at_s is None:
        return "none yet"
    at = dt.datetime.fromtimestamp(at_s, tz=dt.UTC)
    return f"<!date^{int(at_s)}^{{date_short_pretty}} at {{time}}|{at:%Y-%m-%d %H:%M} UTC>"
