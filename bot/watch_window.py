"""The window in which a watch is made or changed: opened, filled in with our help, and taken."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from bot import errors
from bot.adapters.one_answer import one_answer
from bot.adapters.slack import SlackWorkspace
from bot.answering import AWAY, GONE_WATCH, Asker
from bot.label_names import LabelNames
from bot.modal_fields import FieldsWrong, name_option
from bot.rules import Rule, Term, label_key, parse_rule, print_term
from bot.watch_modal import (
    LABELS,
    RULE,
    FormContext,
    build_watch_modal,
    read_watch_modal,
    words_beside,
)
from bot.watching import AlreadyWatched, Watching

_OFFERED_AT_MOST = 20
_TWICE = "You have another watch that asks for exactly this."

log = logging.getLogger(__name__)


class WatchWindow:
    """Lets a person make a watch in fields rather than in one line; both give the same watch."""

    def __init__(self, workspace: SlackWorkspace, watching: Watching, names: LabelNames) -> None:
        """Take Slack, what keeps watches, and what labels are called."""
        self._workspace = workspace
        self._watching = watching
        self._names = names

    def open(self, asker: Asker, context: FormContext) -> str:
        """Open the window, which is the answer; in words only why it does not open.

        Raises: errors.SlackBusy, errors.SlackUnknown, errors.RecordsUnavailable.
        """
        rule = None
        if context.watch_id is not None:
            rule = self._watching.to_change(asker, context.watch_id)
            if rule is None:
                return GONE_WATCH
        try:
            self._workspace.open_view(asker.at, build_watch_modal(context, rule))
        except errors.SlackRefused as exc:
            log.warning("window_refused", extra={"error": exc.facts["error"]})
            return "Slack did not open the window in time. Try it once more."
        return ""

    @one_answer()
    def suggest(self, asker: Asker, typed: str) -> list[dict[str, Any]]:
        """Options for what is being typed: names the asker may know, then what was typed itself.

        Raises: errors.RecordsUnavailable.
        """
        names = [print_term(Term(name)) for name in self._names.names_for(asker, typed)]
        known = {label_key(name) for name in names}
        typed_name = _name(typed)
        if typed_name and label_key(typed_name) not in known:
            names = [*names[: _OFFERED_AT_MOST - 1], typed_name]
        return [name_option(name) for name in names[:_OFFERED_AT_MOST]]

    def submit(
        self, asker: Asker, context: FormContext, values: Mapping[str, Any]
    ) -> tuple[dict[str, str], str]:
        """Take a submitted window: what is wrong, by field; or what is said now it is saved."""
        first = RULE if RULE in values else LABELS
        try:
            return {}, self._keep(asker, context, read_watch_modal(values))
        except FieldsWrong as exc:
            return _beside(exc.words, values, first), ""
        except AlreadyWatched:
            return {first: _TWICE}, ""
        except errors.CommandError as exc:
            return {first: words_beside(exc)}, ""
        except errors.SlackError:
            return {first: AWAY}, ""
        except errors.RecordsUnavailable as exc:
            return {first: str(exc)}, ""

    def _keep(self, asker: Asker, context: FormContext, rule: Rule) -> str:
        if context.watch_id is None:
            return self._watching.add(asker, rule)
        return self._watching.change(asker, context.watch_id, rule)


def _name(typed: str) -> str:
    """What was typed as a label's name, as rules print it; nothing where it is none."""
    for text in (typed, f'"{typed}"'):
        try:
            rule = parse_rule(text)
        except errors.CommandError:
            continue
        if isinstance(term := rule.query, Term) and _is_bare(term) and rule == Rule(term):
            return print_term(term)
    return ""


def _is_bare(term: Term) -> bool:
    return term == Term(term.label, exact=term.exact, is_category=term.is_category)


def _beside(words: Mapping[str, str], values: Mapping[str, Any], first: str) -> dict[str, str]:
    """The words by fields that this window has; all others stand beside its first one."""
    found: dict[str, list[str]] = {}
    for block, said in words.items():
        found.setdefault(block if block in values else first, []).append(said)
    return {block: " ".join(said) for block, said in found.items()}
