"""The list of watches: one's own, and in a channel those that tell it; with buttons.

Pages of a few each, inside Slack's limits of blocks and characters. Also the choice among those
that somebody may have meant to remove. Plain data; no Slack call.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.messages import TEXT_MAX_CHARS, Body, button, context_block, section_block, shorten
from bot.model import ALL_WATCHES, Hold, Watch
from bot.moments import when
from bot.notices import CONFIRM_REMOVAL
from bot.pause_texts import why_paused
from bot.rule_mentions import rule_words

NEW = "new_watch"
EDIT = "edit_listed"
REMOVE = "remove_listed"
MUTE = "mute_listed"
UNMUTE = "unmute_listed"
TURN = "turn_watch_list"
TURN_BACK = "turn_watch_list_back"
BUTTONS = (NEW, EDIT, REMOVE, MUTE, UNMUTE, TURN, TURN_BACK)
"""The action ids of all buttons in the list."""

PER_PAGE = 8

EVERYTHING = "All that tells you directly, except what says `always`,"
"""What a hold of everything concerns, in words; see `bot.holding.held_by`."""

_DIVIDER = {"type": "divider"}


@dataclass(frozen=True)
class Listed:
    """A watch as somebody sees it: what holds it back, and what they may do about it."""

    watch: Watch
    holds: tuple[Hold, ...] = ()
    is_mine: bool = True
    may_remove: bool = True


@dataclass(frozen=True)
class WatchList:
    """All that one person is shown: their own watches, and those that tell the channel.

    `whole` is what holds back everything of theirs.
    """

    mine: tuple[Listed, ...]
    here: tuple[Listed, ...] = ()
    whole: Hold | None = None

    @property
    def listed(self) -> tuple[Listed, ...]:
        """Every watch in the order of the list."""
        return (*self.mine, *self.here)


def list_body(
    watches: WatchList, *, channel: str, slash_command: str, page: int = 0, note: str = ""
) -> Body:
    """One page of the list; `note` is what just happened, in mrkdwn."""
    pages = max(1, -(-len(watches.listed) // PER_PAGE))
    page = min(max(page, 0), pages - 1)
    shown = watches.listed[page * PER_PAGE : (page + 1) * PER_PAGE]
    mine = [one for one in shown if one in watches.mine]
    here = [one for one in shown if one not in watches.mine]
    none = f"You watch nothing yet. For example: `{slash_command} watch dog`"
    blocks = _whole(watches.whole, page)
    blocks += _part("*What you watch*", mine, page) if watches.mine else [section_block(none)]
    blocks += _part(f"*What tells <#{channel}>*", here, page)
    # At the end, where people look who have just typed or pressed something in a long list.
    blocks += [_DIVIDER] * bool(shown) + ([section_block(note)] if note else [])
    blocks.append(_last_row(page, pages))
    text = "\n".join(filter(None, (note, *_text(watches, none, channel))))
    return {"text": shorten(text, max_chars=TEXT_MAX_CHARS), "blocks": blocks}


def _text(watches: WatchList, none: str, channel: str) -> Iterator[str]:
    """The list as notifications and screen readers read it."""
    mine, here = ([one.watch for one in each] for each in (watches.mine, watches.here))
    yield f"You watch {spoken(mine)}." if mine else none
    if here:
        yield f"<#{channel}> is told of {spoken(here)}."


def spoken(watches: Sequence[Watch]) -> str:
    """Several watches in a sentence."""
    names = [f"*{rule_words(watch.rule_text)}*" for watch in watches]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def choice_body(watches: Sequence[Watch], *, typed: str, slash_command: str) -> Body:
    """Which of several watches is to be removed: one by its button, or all by a line to type.

    A button leads on to the list.
    """
    first = f"{len(watches)} of your watches fit *{rule_words(typed)}*. None is removed yet: which?"
    last = f"`{slash_command} unwatch all {rule_words(typed)}` removes all of them."
    left_out = len(watches) - PER_PAGE
    more = f"`{slash_command} watches` lists {left_out} more. " if left_out > 0 else ""
    blocks = [section_block(first), *map(_removable, watches[:PER_PAGE])]
    names = [f"• *{rule_words(watch.rule_text)}*" for watch in watches]
    text = shorten("\n".join([first, last, *names]), max_chars=TEXT_MAX_CHARS)
    return {"text": text, "blocks": [*blocks, context_block(more + last)]}


def _removable(watch: Watch) -> dict[str, Any]:
    words = section_block(f"*{rule_words(watch.rule_text)}*")
    return {**words, "accessory": button("Remove", REMOVE, f"{watch.watch_id}/0")}


def _whole(hold: Hold | None, page: int) -> list[dict[str, Any]]:
    if hold is None:
        return []
    until = f"until {when(hold.until_s)}" if hold.until_s else "until you say otherwise"
    words = section_block(f"{EVERYTHING} is quiet {until}.")
    row = {"type": "actions", "elements": [button("Unmute", UNMUTE, f"{ALL_WATCHES}/{page}")]}
    return [words, row]


def _part(title: str, listed: Sequence[Listed], page: int) -> list[dict[str, Any]]:
    if not listed:
        return []
    return [section_block(title), *(block for one in listed for block in _entry(one, page))]


def _entry(one: Listed, page: int) -> list[dict[str, Any]]:
    words = f"*{rule_words(one.watch.rule_text)}*\n{' · '.join(_state(one))}"
    buttons = _buttons(one, f"{one.watch.watch_id}/{page}")
    row = [{"type": "actions", "elements": buttons}] if buttons else []
    return [_DIVIDER, section_block(words), *row]


def _state(one: Listed) -> list[str]:
    """Whom it tells, when it last did, and what is in its way."""
    watch = one.watch
    tells = f"Tells <#{watch.target}>" if watch.target else "Tells you directly"
    state = [tells if one.is_mine else f"Made by <@{watch.owner}>"]
    fired_s = watch.last_fired_at_s
    state.append(f"last told {when(fired_s)}" if fired_s else "nothing told of this yet")
    state += [_held(hold, watch) for hold in one.holds]
    if watch.paused_why:
        state.append(f":warning: paused: {why_paused(watch.paused_why)}")
    return state


def _held(hold: Hold, watch: Watch) -> str:
    whom = f" for all by <@{hold.by}>" if watch.target else ""
    return f"snoozed{whom} until {when(hold.until_s)}" if hold.until_s else f"muted{whom}"


def _buttons(one: Listed, value: str) -> list[dict[str, Any]]:
    edit = [button("Edit", EDIT, value)] if one.is_mine else []
    if not one.may_remove:
        return edit
    quiet = button("Unmute", UNMUTE, value) if one.holds else button("Mute", MUTE, value)
    return [*edit, quiet, {**button("Remove", REMOVE, value), "confirm": CONFIRM_REMOVAL}]


def _last_row(page: int, pages: int) -> dict[str, Any]:
    new = {**button("New watch", NEW, f"0/{page}"), "style": "primary"}
    back = [button("Earlier ones", TURN_BACK, f"0/{page - 1}")] if page else []
    words = f"More (page {page + 2} of {pages})"
    more = [button(words, TURN, f"0/{page + 1}")] if page + 1 < pages else []
    return {"type": "actions", "elements": [new, *back, *more]}
