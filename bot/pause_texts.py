"""The words about watches that nobody can be told of at present."""

from __future__ import annotations

from collections.abc import Sequence

ARCHIVED = "archived"
BOT_REMOVED = "bot_removed"
DELETED = "deleted"
DEACTIVATED = "deactivated"
LOST_ACCESS = "lost_access"
"""Why a watch is paused; LOST_ACCESS is never kept, but found out for whoever lists their own."""

DEAD_TARGETS = frozenset({ARCHIVED, BOT_REMOVED, DELETED})
"""Nobody can be told in such a channel any more."""

_WHY = {
    ARCHIVED: "that channel is archived",
    BOT_REMOVED: "I am not in that channel any more",
    DELETED: "that channel is deleted",
    DEACTIVATED: "its owner's account is deactivated",
    LOST_ACCESS: "who it tells may not see that channel any more",
}
_UNTIL = {
    ARCHIVED: "the channel is in use again",
    BOT_REMOVED: "somebody invites me again",
    DEACTIVATED: "the account is active again",
    LOST_ACCESS: "they may see it again",
}


def why_paused(cause: str) -> str:
    """Why a watch is paused, as the end of a sentence."""
    return _WHY.get(cause, "nobody can be told at present")


def paused_text(rules: Sequence[str], *, target: str, cause: str) -> str:
    """What an owner is told when their watches cannot tell a channel any more, in mrkdwn.

    `rules` are escaped already.
    """
    names = ", ".join(f"*{rule}*" for rule in rules)
    until = _UNTIL.get(cause)
    end = f"By itself it goes on once {until}." if until else "You can change it or remove it."
    return f"I cannot tell <#{target}> any more: {why_paused(cause)}. Paused: {names}. {end}"
