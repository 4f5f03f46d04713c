"""Why a watch told of a picture, or did not: one line for each watch. No Slack, no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.messages import escape
from bot.model import (
    COOL_DOWN,
    FAILED,
    HELD,
    MUTED,
    NO_ACCESS,
    SNOOZED,
    TOLD,
    Hold,
    Watch,
    WatchEvent,
)
from bot.moments import when
from bot.pause_texts import why_paused
from bot.rule_mentions import rule_words
from bot.rules import Verdict, print_duration, stored_rule

_HELD_BY = {
    SNOOZED: "it was snoozed",
    MUTED: "it was muted",
}


@dataclass(frozen=True)
class Finding:
    """What is known about one watch and one picture.

    `event` is what came of the picture for the watch, if it fired; `is_later` says that the watch
    was made after the picture was posted, `is_under_way` that its notice is still to be sent.
    """

    watch: Watch
    verdict: Verdict
    event: WatchEvent | None = None
    holds: Sequence[Hold] = ()
    is_later: bool = False
    is_under_way: bool = False


def why_line(finding: Finding, *, asker: str) -> str:
    """One watch: told, held back, lost, or which condition failed, with the values."""
    watch = finding.watch
    name = f"*{rule_words(watch.rule_text)}*"
    if watch.owner != asker:
        name += f" (by <@{watch.owner}>)"
    return f"• {name}: {_outcome(finding)}{_holding(finding.holds)}"


def _outcome(finding: Finding) -> str:
    event, why = finding.event, escape(finding.verdict.why)
    if event is None:
        return f"did not fire. {why}" if not finding.verdict.fired else _silence(finding)
    if event.state == TOLD:
        since = "" if finding.verdict.fired else "By now it would not: "
        return f"told {_whom(finding.watch)} {when(event.at_s)}. {since}{why}"
    if event.state == HELD:
        return f"fired, but was held back: {_held_by(finding.watch, event)}."
    return f"fired, but told nobody: {_lost(finding.watch, event)}."


def _silence(finding: Finding) -> str:
    """Why a watch that the picture meets has told nobody, where nothing is recorded."""
    why = escape(finding.verdict.why)
    if finding.is_under_way:
        return f"fired, and its notice is on its way. {why}"
    if finding.is_later:
        return f"would fire, but it is newer than this picture. {why}"
    if finding.watch.paused_why:
        return f"would fire, but is paused: {why_paused(finding.watch.paused_why)}. {why}"
    return f"would fire now, but did not when the picture came: one of them has changed. {why}"


def _held_by(watch: Watch, event: WatchEvent) -> str:
    if event.reason != COOL_DOWN:
        return _HELD_BY.get(event.reason or "", "it was on hold")
    every_s = stored_rule(watch.rule_text).every_s
    often = (
        f"it tells at most once every {print_duration(every_s)}"
        if every_s
        else "has been edited since"
    )
    return f"its last notice was too recent, and {often}"


def _lost(watch: Watch, event: WatchEvent) -> str:
    if event.reason == FAILED:
        return "Slack did not take the notice"
    if event.reason != NO_ACCESS:
        return f"{_whom(watch)} could not be reached"
    if watch.target:
        return f"who made it, or somebody in <#{watch.target}>, may not see where the picture is"
    return "you could not see where the picture is when it was to be sent"


def _whom(watch: Watch) -> str:
    """A watch that tells no channel is listed to its owner alone."""
    return f"<#{watch.target}>" if watch.target else "you"


def _holding(holds: Sequence[Hold]) -> str:
    """What keeps a watch quiet right now, whatever it did then."""
    if not holds:
        return ""
    if any(hold.until_s is None for hold in holds):
        return " It is muted now."
    return f" It is snoozed until {when(max(hold.until_s or 0.0 for hold in holds))}."
