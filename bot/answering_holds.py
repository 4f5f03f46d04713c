"""What `/labels` says about watches that are to be quiet: `mute`, `unmute` and `snooze`."""

from __future__ import annotations

from collections.abc import Callable

from bot.adapters.watch_records import WatchRecords
from bot.answering import Answers, Asker
from bot.hold_command import Mute, Snooze, Unmute
from bot.holding import Holding
from bot.model import ALL_WATCHES, Watch
from bot.rule_mentions import rule_words
from bot.rules import Rule
from bot.watching import Watching


class HoldAnswers:
    """Finds the watches that are meant; who may hold them back, `Holding` says."""

    def __init__(
        self, holding: Holding, watching: Watching, watches: WatchRecords, *, slash_command: str
    ) -> None:
        """Take what holds watches back, what knows them, the records, and the name people type."""
        self._holding = holding
        self._watching = watching
        self._watches = watches
        self._name = slash_command

    @property
    def answers(self) -> Answers:
        """The answer to each kind of command."""
        return {
            Mute: lambda asker, said: self._each(
                asker, said.rule, lambda one: self._holding.mute(asker, one)
            ),
            Unmute: lambda asker, said: self._each(
                asker, said.rule, lambda one: self._holding.unmute(asker, one)
            ),
            Snooze: lambda asker, said: self._each(
                asker, said.rule, lambda one: self._holding.snooze(asker, one, said.choice)
            ),
        }

    def _each(self, asker: Asker, wanted: Rule | None, act: Callable[[int], str]) -> str:
        if wanted is None:
            return act(ALL_WATCHES)
        meant = self._meant(asker, wanted)
        if not meant:
            name = rule_words(str(wanted))
            return f"No watch is called *{name}*. `{self._name} watches` lists them."
        return "\n".join(act(watch.watch_id) for watch in meant)

    def _meant(self, asker: Asker, wanted: Rule) -> list[Watch]:
        """Among one's own, or else among those that tell the channel where it is typed."""
        own = self._watches.of_owner(asker.team, asker.person)
        for watches in (own, self._watches.telling(asker.team, asker.channel)):
            if found := self._watching.meant(wanted, watches):
                return found
        return []
