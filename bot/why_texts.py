"""Why a watch told of a picture, or did not: one line for each watch. No Slack, no database."""

from __future__ import annotations

import math
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
    SNOOZED: "Snoozed when the picture came.",
    MUTED: "Muted when the picture came.",
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
    """One watch: whom it told when, or else what was in the way, with the values."""
    watch = finding.watch
    name = f"*{rule_words(watch.rule_text)}*"
    if watch.owner != asker:
        name += f" (by <@{watch.owner}>)"
    return f"• {name}: {_outcome(finding)}{_holding(finding)}"


def _outcome(finding: Finding) -> str:
    event, why = finding.event, escape(finding.verdict.why)
    if event is None:
        return _silence(finding) if finding.verdict.fired else why
    if event.state == TOLD:
        told = f"Told {_whom(finding.watch)} {when(event.at_s)}"
        return f"{told}: {why}" if finding.verdict.fired else f"{told}. Now it would not: {why}"
    if event.state == HELD:
        return _held_by(finding.watch, event)
    return _lost(finding.watch, event)


def _silence(finding: Finding) -> str:
    """Why a watch that the picture meets has told nobody, where nothing is recorded."""
    if finding.is_under_way:
        return f"On its way to {_whom(finding.watch)}."
    if finding.is_later:
        return "Made after this picture was posted."
    if finding.watch.paused_why:
        return f"Paused: {why_paused(finding.watch.paused_why)}."
    return f"Fits now, but did not when the picture came: {escape(finding.verdict.why)}"


def _held_by(watch: Watch, event: WatchEvent) -> str:
    if event.reason != COOL_DOWN:
        return _HELD_BY.get(event.reason or "", "On hold when the picture came.")
    every_s = stored_rule(watch.rule_text).every_s
    before = f"less than {print_duration(every_s)} before" if every_s else "just before"
    return f"Told of another picture {before}."


def _lost(watch: Watch, event: WatchEvent) -> str:
    if event.reason == FAILED:
        return "Slack did not take the message."
    if event.reason != NO_ACCESS:
        return f"{_whom(watch) if watch.target else 'You'} could not be reached."
    if watch.target:
        who = f"Who made it, or somebody in <#{watch.target}>,"
        return f"{who} may not see where the picture is."
    return "You could not see where the picture is when it was to be sent."


def _whom(watch: Watch) -> str:
    """A watch that tells no channel is listed to its owner alone."""
    return f"<#{watch.target}>" if watch.target else "you"


def _holding(finding: Finding) -> str:
    """What keeps a watch quiet right now, where the picture meets it."""
    if not finding.holds or not (finding.event or finding.verdict.fired):
        return ""
    hold = max(finding.holds, key=lambda one: one.until_s or math.inf)
    since = "Still" if finding.event and finding.event.reason == hold.reason else "Now"
    return f" {since} {hold.reason}{f' until {when(hold.until_s)}' if hold.until_s else ''}."
