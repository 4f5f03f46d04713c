"""The notice to whoever watches: what appeared, where, which watches say so, and its buttons.

One notice names every watch that a picture met. Plain data, inside Slack's limits; no Slack call.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Any

from bot import summary
from bot.messages import (
    TEXT_MAX_CHARS,
    Body,
    button,
    context_block,
    escape,
    image_block,
    menu,
    section_block,
    shorten,
)
from bot.model import Label, Watch
from bot.rule_mentions import rule_words
from bot.rules import Verdict
from bot.snooze_times import HOUR, TOMORROW, WEEK

SNOOZE = "snooze_watches"
MUTE = "mute_watch"
WHY = "explain_notice"
REMOVE = "remove_watch"
HELD = "list_held"
BUTTONS = (HELD, SNOOZE, MUTE, WHY, REMOVE)
"""The action ids of all of them, in the order in which they stand."""

SNOOZES = {HOUR: "For an hour", TOMORROW: "Until tomorrow", WEEK: "For a week"}
"""For how long the watches that a notice names can be snoozed, in words."""

CONFIRM_REMOVAL: dict[str, Any] = {
    "title": {"type": "plain_text", "text": "Remove this watch?"},
    "text": {
        "type": "plain_text",
        "text": "Nobody is told of it any more. To have it quiet for a while, mute it.",
    },
    "confirm": {"type": "plain_text", "text": "Remove"},
    "deny": {"type": "plain_text", "text": "Cancel"},
    "style": "danger",
}
"""Asked before a watch is removed, under a notice and in the list."""

_SEEN_MAX_CHARS = 500
_RULES_MAX_CHARS = 1500
_OFFERED_AT_MOST = 20
"""Slack counts all characters of a message's blocks, and takes some 12,000."""

_SOMETHING = {"#": "a channel", "@": "somebody"}


def body(
    seen: Verdict,
    watches: Sequence[Watch],
    *,
    key: str,
    channel: str,
    poster: str,
    link: str,
    held_back: int = 0,
    preview_file_id: str | None = None,
) -> Body:
    """One notice about one picture, for the watches that it met; `key` comes back with its buttons.

    `seen` is what all of them say to it; where something is missing, that comes first. `held_back`
    is how many pictures were held back since the last one. A channel's notice mentions nobody: a
    mention would call them each time, and the link leads to who posted it.
    """
    is_for_channel = any(watch.target for watch in watches)
    labels = ", ".join(f"{label.name} ({_surety(label)})" for label in seen.matched)
    what, appeared = _headings(labels, seen.missing)
    where = f"in <#{channel}>" + ("" if is_for_channel else f", posted by <@{poster}>")
    watched = f"{'Watched here' if is_for_channel else 'You watch'}: "
    rules = [rule_words(_here(watch), names_people=not is_for_channel) for watch in watches]
    more = f" · +{held_back} held back" if held_back else ""
    blocks = [
        section_block(f":bell: {appeared} {where}.\n<{link}|See the picture>"),
        context_block(watched + _listed(rules)),
        {"type": "actions", "block_id": key, "elements": _buttons(watches, held_back)},
    ]
    if preview_file_id:
        blocks.insert(1, image_block(preview_file_id, f"The picture, with {labels}"))
    text = shorten(f"{what} {where}. {link}{more}", max_chars=TEXT_MAX_CHARS)
    return {"text": text, "blocks": blocks}


def _headings(labels: str, missing: Sequence[str]) -> tuple[str, str]:
    """What a notice is about, in plain words and as the beginning of its sentence."""
    what = escape(shorten(labels, max_chars=_SEEN_MAX_CHARS))
    if not missing:
        return what, f"*{what}* appeared"
    absent = escape(shorten(f"No {', no '.join(missing)}", max_chars=_SEEN_MAX_CHARS))
    return f"{absent} where {what} appeared", f"*{absent}* where *{what}* appeared"


def _listed(rules: Sequence[str]) -> str:
    """The rules that there is room for, none of them cut, and how many others there are."""
    room = itertools.accumulate(len(rule) + 2 for rule in rules)
    fitting = sum(chars <= _RULES_MAX_CHARS for chars in room)
    others = [f"and {len(rules) - fitting} more"] if fitting < len(rules) else []
    return ", ".join([*rules[:fitting], *others])


def _here(watch: Watch) -> str:
    """A rule without the channel that it tells, where that is the one it is read in."""
    return (
        watch.rule_text.replace(f" tell <#{watch.target}>", "") if watch.target else watch.rule_text
    )


def _plain_rule(rule_text: str) -> str:
    """A rule for a menu, which shows nobody's name."""
    return re.sub(r"<([#@])[^>]*>", lambda found: _SOMETHING[found[1]], rule_text)


def _surety(label: Label) -> str:
    if label.origin == "human":
        return summary.CORRECTED
    return f"{summary.percent_text(label.confidence_percent, limit_percent=0)} %"


def _buttons(watches: Sequence[Watch], held_back: int) -> list[dict[str, Any]]:
    """What can be done about the watches; Snooze is about all of them."""
    counted = [button(f"+{held_back} held back", HELD, "held")] if held_back else []
    remove = {**_about_one(watches, "Remove", REMOVE), "confirm": CONFIRM_REMOVAL}
    return [
        *counted,
        menu("Snooze…", SNOOZE, SNOOZES),
        _about_one(watches, "Mute", MUTE),
        button("Why?", WHY, "why"),
        remove,
    ]


def _about_one(watches: Sequence[Watch], words: str, action_id: str) -> dict[str, Any]:
    """A button where the notice names one watch, or a menu that says which of several."""
    if len(watches) == 1:
        return button(words, action_id, str(watches[0].watch_id))
    named = {str(w.watch_id): _plain_rule(_here(w)) for w in watches[:_OFFERED_AT_MOST]}
    return menu(f"{words}…", action_id, named)
