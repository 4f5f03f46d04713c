"""What `/labels` does and says; every answer is for the asker alone."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot import commands, errors, rules
from bot.access import Access
from bot.adapters.message_records import MessageRecords
from bot.adapters.watch_records import WatchRecords
from bot.budget import Budget
from bot.messages import escape
from bot.model import Watch
from bot.showing import Showing

_MODES = {
    "auto": "Every picture posted here is labelled.",
    "request": "Pictures posted here are labelled only when somebody asks: {how}.",
    "off": "Pictures posted here are left alone.",
}
_BOTS = {
    True: "Pictures that other bots post here are labelled too.",
    False: "Pictures that other bots post here are left alone.",
}
_GUESTS = "Guests cannot change how I work in a channel; ask a member to."
AWAY = "Slack does not answer me right now. Try again in a minute."

_CHANNELS_ASKED = 5
_ASKING_ENDS_AFTER_S = 1.0
"""A suggestion is a courtesy: Slack waits three seconds for the whole answer."""


@dataclasses.dataclass(frozen=True)
class Asker:
    """Who typed a command, and where; `at` is Slack's own name for the moment."""

    team: str
    person: str
    channel: str
    at: str = dataclasses.field(default="", compare=False)


Answers = Mapping[type, Callable[[Asker, Any], str]]
"""What is said to each kind of command."""


class Answering:
    """Carries out one typed command."""

    def __init__(
        self,
        access: Access,
        *others: Answers,
        watches: WatchRecords,
        messages: MessageRecords,
        showing: Showing,
        slash_command: str,
        label_emoji: str,
        bot_user: str,
        budget: Budget | None = None,
    ) -> None:
        """Take who may see what, answers made elsewhere, the records, what people type, and us."""
        self._access = access
        self._watches = watches
        self._messages = messages
        self._showing = showing
        self._name = slash_command
        self._bot_user = bot_user
        self._budget = budget
        self._how = f"with _Label images_ in its menu, or :{label_emoji}: on it"
        self._answers: dict[type, Callable[[Asker, Any], str]] = {
            **{kind: answer for more in others for kind, answer in more.items()},
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
            return self._answers[type(command)](asker, command)
        except errors.CommandError as exc:
            return self._correction(exc)
        except (errors.SlackBusy, errors.SlackUnknown):
            return AWAY

    def _correction(self, exc: errors.CommandError) -> str:
        """The error under the name that people type here; their own words stay as they are."""
        example = self._name + exc.facts["example"].removeprefix("/labels")
        return escape(str(errors.CommandError(problem=exc.facts["problem"], example=example)))

    def _help(self, _asker: Asker, command: commands.Help) -> str:
        lines = [
            f"`{self._name} {escape(line.usage)}`\n{escape(line.meaning)} For example: "
            f"`{self._name} {escape(line.example)}`"
            for line in commands.help_lines(command.topic)
        ]
        start = (
            "Post a picture in a channel I am in, and I answer in its thread. For one that was "
            f"posted before, ask me {self._how}. You can also type:"
        )
        return "\n".join([start, *lines])

    # -- watches

    def _add_watch(self, asker: Asker, command: commands.AddWatch) -> str:
        rule = command.rule
        name = escape(str(rule))
        withholding = self._showing.withholding(asker.team)
        if withholding.is_withheld(rule.label):
            why = withholding.reason(rule.label)
            return (
                f"I do not say *{escape(rule.label)}* to anybody, so it cannot be watched: {why}."
            )
        if any(rules.parse_rule(own.rule_text).same_as(rule) for own in self._own(asker)):
            return f"You watch *{name}* already. `{self._name} watches` lists what you watch."
        self._watches.add(asker.team, asker.person, label_key=rule.label_key, rule_text=str(rule))
        hint = self._hint(asker, rule.label)
        return (
            f"You now watch *{name}*: I tell you in a direct message when somebody else posts a "
            f"picture that shows it, in any channel you may see.{hint}"
        )

    def _hint(self, asker: Asker, label: str) -> str:
        try:
            known = self._names_known_to(asker, label)
        except (errors.SlackBusy, errors.SlackUnknown):
            return ""
        if any(map(_called(label), known)):
            return ""
        meant = rules.suggest(label, known)
        if meant:
            example = f"{self._name} watch {escape(meant)}"
            undo = f"{self._name} unwatch {escape(label)}"
            hint = f"\nDid you mean *{escape(meant)}*? Then type `{example}`."
            hint += f" And to undo this one: `{undo}`."
            return hint
        return "\nIt is new to me, so check the spelling if nothing ever comes."

    def _names_known_to(self, asker: Asker, label: str) -> set[str]:
        """The label, or names close to it, that were seen where the asker may look.

        Another's private channels stay unsaid. Only channels that matter are asked about, a few at
        most: first those where the label itself or the closest name was seen, and the asker's own.
        """
        is_it, seen = _called(label), self._showing.names_seen(asker.team)
        all_names = {name for names in seen.values() for name in names}
        near = {name for name in all_names if is_it(name) or rules.suggest(label, [name])}
        best: set[str | None] = {*filter(is_it, near)} or {rules.suggest(label, near)}
        holders = sorted(
            (names.isdisjoint(best), channel != asker.channel, channel)
            for channel, names in seen.items()
            if names & near
        )
        known: set[str] = set()
        for channel in self._access.visible(asker.person, _for_a_while(holders)):
            known |= seen[channel] & near
            if known & best:
                break
        return known

    def _remove_watch(self, asker: Asker, command: commands.RemoveWatch) -> str:
        wanted = command.rule
        name = escape(str(wanted))
        doomed = [own for own in self._own(asker) if _is_meant(own, wanted)]
        if not doomed:
            return f"You do not watch *{name}*. `{self._name} watches` lists what you watch."
        self._watches.remove(watch.watch_id for watch in doomed)
        return "You no longer watch " + _spoken(doomed) + "."

    def _list_watches(self, asker: Asker, _command: commands.ListWatches) -> str:
        own = self._own(asker)
        if not own:
            return f"You watch nothing yet. For example: `{self._name} watch dog`"
        example = f"{self._name} unwatch {escape(own[0].rule_text)}"
        return f"You watch {_spoken(own)}.\nTo stop one: `{example}`"

    def _own(self, asker: Asker) -> list[Watch]:
        return self._watches.of_owner(asker.team, asker.person)

    # -- the channel

    def _status(self, asker: Asker, _command: commands.Status) -> str:
        if obstacle := _obstacle(self._access, asker, "see", bot_user=self._bot_user):
            return obstacle
        if self._access.is_guest(asker.person):
            return _GUESTS
        settings = self._watches.channel(asker.team, asker.channel)
        lines = ["I am in this channel.", self._mode(settings.mode)]
        if settings.mode == "auto":
            lines.append(_BOTS[settings.bots_on])
        last_s = self._messages.last_answered_at_s(asker.team, asker.channel)
        lines.append(f"Last picture answered here: {_when(last_s)}.")
        if self._budget and (used := self._budget.status()):
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
        settings = self._watches.channel(asker.team, asker.channel)
        self._watches.set_channel(
            asker.team, asker.channel, dataclasses.replace(settings, **changed)
        )
        return ""


def obstacle_to_setting(access: Access, asker: Asker, *, bot_user: str) -> str:
    """Why the asker cannot set how the bot works in a channel, or nothing.

    Raises: errors.SlackBusy, errors.SlackUnknown.
    """
    if obstacle := _obstacle(access, asker, "set", bot_user=bot_user):
        return obstacle
    return _GUESTS if access.is_guest(asker.person) else ""


def _obstacle(access: Access, asker: Asker, wish: str, *, bot_user: str) -> str:
    if not access.is_bot_in(asker.channel):
        # Outside of `code`, where Slack writes the mention as the name to type.
        invite = f"Type /invite <@{bot_user}> here"
        return f"I am not in this channel. {invite}, then post a picture."
    if not access.decide(asker.person, asker.channel):
        return f"Only people in this channel can {wish} how I work here."
    return ""


def _called(label: str) -> Callable[[str], bool]:
    """Whether a name is this label, however it is spelt."""
    key = rules.label_key(label)
    return lambda name: rules.label_key(name) == key


def _for_a_while(holders: list[tuple[bool, bool, str]]) -> Iterator[str]:
    """The first few channels, as long as there is time to ask about them."""
    ends_s = time.monotonic() + _ASKING_ENDS_AFTER_S
    few = (channel for *_, channel in holders[:_CHANNELS_ASKED])
    return itertools.takewhile(lambda _: time.monotonic() < ends_s, few)


def _is_meant(own: Watch, wanted: rules.Rule) -> bool:
    """A label alone stands for all watches of it; with options, for that very one."""
    rule = rules.parse_rule(own.rule_text)
    if wanted.over_percent is None:
        return rule.label_key == wanted.label_key
    return rule.same_as(wanted)


def _spoken(watches: list[Watch]) -> str:
    names = [f"*{escape(watch.rule_text)}*" for watch in watches]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def _when(at_s: float | None) -> str:
    if at_s is None:
        return "none yet"
    at = dt.datetime.fromtimestamp(at_s, tz=dt.UTC)
    return f"<!date^{int(at_s)}^{{date_short_pretty}} at {{time}}|{at:%Y-%m-%d %H:%M} UTC>"
