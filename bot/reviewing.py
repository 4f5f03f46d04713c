"""Which labels a workspace withholds: its admins look through them and decide, on the record."""

from __future__ import annotations

from typing import Any

from bot import commands
from bot.access import Access
from bot.adapters.catalogue_records import CatalogueRecords
from bot.adapters.withheld_records import AuditEntry, WithheldRecords
from bot.answering import Answers, Asker
from bot.messages import escape
from bot.moments import when
from bot.withheld import reason_by_default

_ADMINS_ONLY = "Only admins can see and change which labels are withheld."
_NO_CHANGES = "No admin has changed anything for the whole workspace yet."
_SHOWN_AT_MOST = 60
_CHANGES_AT_MOST = 20


class Reviewing:
    """Answers admins, and nobody else."""

    def __init__(
        self,
        access: Access,
        withheld: WithheldRecords,
        catalogue: CatalogueRecords,
        *,
        slash_command: str,
    ) -> None:
        """Take who is an admin, the records, Amazon's names of labels, and the name people type."""
        self._access = access
        self._withheld = withheld
        self._catalogue = catalogue
        self._name = slash_command

    @property
    def answers(self) -> Answers:
        """What is said to each command about this."""
        return {
            commands.Withhold: self._decide,
            commands.Review: self._review,
            commands.Audit: self._audit,
        }

    def _decide(self, asker: Asker, command: commands.Withhold) -> str:
        if not self._access.is_admin(asker.person):
            return _ADMINS_ONLY
        # What is decided about another name for a label is decided about the label.
        label = self._catalogue.current().canonical(command.label)
        self._withheld.change(
            asker.team, label, is_withheld=command.is_withheld, person=asker.person
        )
        name = escape(label)
        if command.is_withheld:
            return f"From now on I say *{name}* to nobody. `{self._name} show {name}` undoes that."
        undo = f"`{self._name} withhold {name}` undoes that."
        if reason := reason_by_default(command.label):
            return (
                f":warning: From now on I show *{name}* in every channel. Mind that {reason}: "
                f"such guesses are often wrong, and hurt. {undo}"
            )
        return f"From now on I show *{name}*. {undo}"

    def _review(self, asker: Asker, _command: commands.Review) -> str:
        if not self._access.is_admin(asker.person):
            return _ADMINS_ONLY
        changes = self._withheld.changes(asker.team)
        hidden = [name for name, is_withheld in changes.items() if is_withheld]
        shown = [name for name, is_withheld in changes.items() if not is_withheld]
        return "\n".join(
            [
                self._waiting(self._withheld.waiting(asker.team)),
                f"Withheld by an admin: {_listed(hidden)}.",
                f"Shown by an admin: {_listed(shown)}.",
            ]
        )

    def _audit(self, asker: Asker, _command: commands.Audit) -> str:
        if not self._access.is_admin(asker.person):
            return "Only admins can see what admins have changed."
        entries = self._withheld.audit(asker.team, at_most=_CHANGES_AT_MOST)
        return "\n".join(map(_told, entries)) or _NO_CHANGES

    def _waiting(self, labels: list[str]) -> str:
        if not labels:
            return "No label waits for you."
        name = escape(labels[0])
        return (
            f"These seem to say what a person is, are new to me, and are withheld until you decide:"
            f" {_listed(labels)}. For example: `{self._name} show {name}`"
        )


def _told(entry: AuditEntry) -> str:
    change = f"{_said(entry.before)} → {_said(entry.after)}"
    return f"{when(entry.at_s)}: <@{entry.person}>, {escape(entry.what)}: {change}"


def _said(value: Any) -> str:
    return {True: "yes", False: "no"}.get(value) or escape(str(value))


def _listed(labels: list[str]) -> str:
    names = ", ".join(f"*{escape(label)}*" for label in labels[:_SHOWN_AT_MOST])
    left = len(labels) - _SHOWN_AT_MOST
    return (f"{names}, and {left} more" if left > 0 else names) or "none"
