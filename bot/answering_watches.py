"""What `/labels` says about watches that are typed: `watch` and `unwatch`."""

from __future__ import annotations

from bot import commands
from bot.adapters.watch_records import WatchRecords
from bot.answering import Answers, Asker, Said
from bot.modal_fields import FieldsWrong
from bot.rule_mentions import rule_words
from bot.watch_list import choice_body, spoken
from bot.watching import AlreadyWatched, Watching


class WatchAnswers:
    """Carries out `watch` and `unwatch`."""

    def __init__(self, watching: Watching, watches: WatchRecords, *, slash_command: str) -> None:
        """Take what makes watches, the records, and the name people type."""
        self._watching = watching
        self._watches = watches
        self._name = slash_command

    @property
    def answers(self) -> Answers:
        """The answer to each kind of command."""
        return {commands.AddWatch: self.add_watch, commands.RemoveWatch: self._remove_watch}

    def add_watch(self, asker: Asker, command: commands.AddWatch) -> str:
        """Keep a watch; what is said to its owner.

        Raises: errors.CommandError for a label that cannot be watched, errors.SlackBusy,
            errors.SlackUnknown, errors.RecordsUnavailable.
        """
        try:
            return self._watching.add(asker, command.rule)
        except FieldsWrong as exc:
            return " ".join(exc.words.values())
        except AlreadyWatched as exc:
            name = rule_words(str(exc.rule))
            return f"You watch *{name}* already. `{self._name} watches` lists what you watch."

    def _remove_watch(self, asker: Asker, command: commands.RemoveWatch) -> Said:
        own = self._watches.of_owner(asker.team, asker.person)
        doomed = self._watching.meant(command.rule, own)
        if not doomed:
            name = rule_words(str(command.rule))
            return f"You do not watch *{name}*. `{self._name} watches` lists what you watch."
        if len(doomed) > 1 and not command.is_all:
            return choice_body(doomed, typed=str(command.rule), slash_command=self._name)
        self._watches.remove(watch.watch_id for watch in doomed)
        return "You no longer watch " + spoken(doomed) + "."
