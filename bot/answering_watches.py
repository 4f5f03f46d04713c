"""What `/labels` says about watches: `watch`, `unwatch` and `watches`."""

from __future__ import annotations

from bot import commands, rules
from bot.adapters.watch_records import WatchRecords
from bot.answering import Answers, Asker
from bot.label_names import LabelNames
from bot.messages import escape
from bot.model import Watch


class WatchAnswers:
    """Keeps people's watches."""

    def __init__(self, watches: WatchRecords, names: LabelNames, *, slash_command: str) -> None:
        """Take the watches, what knows the names of labels, and the name people type."""
        self._watches = watches
        self._names = names
        self._name = slash_command

    @property
    def answers(self) -> Answers:
        """The answer to each kind of command."""
        return {
            commands.AddWatch: self.add_watch,
            commands.RemoveWatch: self._remove_watch,
            commands.ListWatches: self._list_watches,
        }

    def add_watch(self, asker: Asker, command: commands.AddWatch) -> str:
        """Keep a watch; what is said to its owner.

        Raises: errors.CommandError for names that cannot be watched, errors.SlackBusy,
            errors.SlackUnknown, errors.RecordsUnavailable.
        """
        rule, hint = self._names.checked(asker, command.rule)
        name = escape(str(rule))
        if any(self._unified(own).key == rule.key for own in self._own(asker)):
            return f"You watch *{name}* already. `{self._name} watches` lists what you watch."
        self._watches.add(asker.team, asker.person, rule)
        return (
            f"You now watch *{name}*: I tell you in a direct message when somebody else posts a "
            f"picture that shows it, in any channel you may see.{hint}"
        )

    def _remove_watch(self, asker: Asker, command: commands.RemoveWatch) -> str:
        wanted = command.rule
        name = escape(str(wanted))
        doomed = [own for own in self._own(asker) if self._is_meant(own, wanted)]
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

    def _is_meant(self, own: Watch, wanted: rules.Rule) -> bool:
        """A label alone stands for all watches of it; with options, for that very one."""
        rule, wanted = self._unified(own), self._names.unified(wanted)
        if wanted == rules.Rule(rules.Term(wanted.terms[0].label)):
            return [term.key for term in rule.terms] == [wanted.terms[0].key]
        return rule.key == wanted.key

    def _unified(self, own: Watch) -> rules.Rule:
        return self._names.unified(rules.parse_rule(own.rule_text))


def _spoken(watches: list[Watch]) -> str:
    names = [f"*{escape(watch.rule_text)}*" for watch in watches]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
