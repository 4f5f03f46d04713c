"""Whom a watch tells, and whether they may see where a picture was posted: asked when sending."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from bot import errors
from bot.access import Access, is_public_here
from bot.adapters.slack import SlackWorkspace
from bot.model import NO_ACCESS, Watch, is_person
from bot.pause_texts import ARCHIVED, BOT_REMOVED, DEACTIVATED

_CAUSES = {
    "is_archived": ARCHIVED,
    "not_in_channel": BOT_REMOVED,
    "channel_not_found": BOT_REMOVED,
    "user_disabled": DEACTIVATED,
    "user_not_found": DEACTIVATED,
}
# https://docs.slack.dev/reference/methods/chat.postMessage and conversations.open: a private
# channel that the bot was removed from is not there for it.

_ASKED_ONE_BY_ONE = 20
"""Of more people it takes fewer calls to read the whole list, a thousand at a time."""

log = logging.getLogger(__name__)


def cause_of(error: str) -> str | None:
    """Why a watch is paused that Slack refuses to tell with this code; None for other trouble."""
    return _CAUSES.get(error)


class Audience:
    """Asks Slack anew for every notice, and as little as decides."""

    def __init__(self, workspace: SlackWorkspace, access: Access) -> None:
        """Take Slack, and who may see what."""
        self._workspace = workspace
        self._access = access

    def barred(self, watches: Sequence[Watch], channel: str) -> dict[int, str]:
        """Why some of one recipient's watches must not tell of a channel, by their ids.

        NO_ACCESS, or why nobody can be told at all: a cause of `bot.pause_texts`.
        Raises: errors.SlackBusy, errors.SlackUnknown.
        """
        target = watches[0].target if watches else ""
        if target and (why := self._why_not_there(target, channel)):
            return {watch.watch_id: why for watch in watches}
        owners = dict.fromkeys(watch.owner for watch in watches)
        why_not = {owner: self._why_not(owner, channel) for owner in owners}
        found = {watch.watch_id: why_not[watch.owner] for watch in watches}
        return {watch_id: why for watch_id, why in found.items() if why}

    def may_see(self, recipient: str, channel: str) -> bool:
        """Whether a person, or everybody in a channel, may see what is in a channel.

        Raises: errors.SlackBusy, errors.SlackUnknown.
        """
        if is_person(recipient):
            return self._access.may_see(recipient, channel)
        return self._why_not_there(recipient, channel) is None

    def _why_not(self, person: str, channel: str) -> str | None:
        if self._access.may_see(person, channel):
            return None
        return DEACTIVATED if self._access.is_deactivated(person) else NO_ACCESS

    def _why_not_there(self, target: str, channel: str) -> str | None:
        if target == channel:
            return None
        try:
            where = self._workspace.channel(target)
        except errors.SlackRefused as exc:
            return cause_of(exc.facts["error"]) or NO_ACCESS
        if where.get("is_archived"):
            return ARCHIVED
        if not where.get("is_member"):
            return BOT_REMOVED
        return None if self._may_all_see(where, channel) else NO_ACCESS

    def _may_all_see(self, target: dict[str, Any], channel: str) -> bool:
        """Whether everybody who may read one channel may see another one; in doubt, no.

        A channel that is not private is open to people who are not in it: at least to all full
        members. What is public may be shown to the team's other bots: they may enter it.
        """
        try:
            is_public = is_public_here(self._workspace.channel(channel))
            if not target.get("is_private") and not (is_public and is_public_here(target)):
                return False
            readers = set(self._workspace.members(target["id"]))
            if is_public:
                readers = self._outsiders(readers)
            return not readers or readers <= set(self._workspace.members(channel))
        except errors.SlackRefused as exc:
            log.info("access_denied", extra={"error": exc.facts["error"]})
            return False

    def _outsiders(self, people: set[str]) -> set[str]:
        """Guests and people from outside the team, who see nothing but what they are in."""
        if len(people) <= _ASKED_ONE_BY_ONE:
            known = [self._workspace.person(person) for person in people]
        else:
            known = list(self._workspace.people())
        return people - {who["id"] for who in known if self._access.is_of_team(who)}
