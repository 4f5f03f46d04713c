"""Whom a watch tells, and whether they may see where a picture was posted: asked when sending."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
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

_REMEMBERED_S = 300.0
"""For how long somebody who became a guest may still count as of the team."""

log = logging.getLogger(__name__)


def cause_of(error: str) -> str | None:
    """Why a watch is paused that Slack refuses to tell with this code; None for other trouble."""
    return _CAUSES.get(error)


class Audience:
    """Asks Slack anew for every notice who is where, and as little as decides."""

    def __init__(
        self,
        workspace: SlackWorkspace,
        access: Access,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take Slack, who may see what, and what tells the seconds."""
        self._workspace = workspace
        self._access = access
        self._clock = clock
        # Until when it is remembered of somebody whether they are of the team in full.
        self._of_team: dict[str, tuple[float, bool]] = {}

    def barred(self, watches: Sequence[Watch], channel: str) -> dict[int, str]:
        """Why some of one recipient's watches must not tell of a channel, by their ids.

        NO_ACCESS, or why nobody can be told at all: a cause of `bot.pause_texts`.
        Raises: errors.SlackBusy, errors.SlackUnknown.
        """
        target = watches[0].target if watches else ""
        dead = self._why_not_there(target, channel) if target else None
        if dead == NO_ACCESS:
            return dict.fromkeys((watch.watch_id for watch in watches), NO_ACCESS)
        # An owner who may not see the picture is not to learn of it by the end of a channel.
        owners = dict.fromkeys(watch.owner for watch in watches)
        why_not = {owner: self._why_not(owner, channel) for owner in owners}
        found = {watch.watch_id: why_not[watch.owner] or dead for watch in watches}
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
        """Guests and people from outside the team, who see nothing but what they are in.

        Who is in a channel is asked each time; what somebody is changes seldom, and is remembered.
        """
        now_s = self._clock()
        known = {who: found for who, found in self._of_team.items() if found[0] > now_s}
        if unknown := people - known.keys():
            asked = {who["id"]: self._access.is_of_team(who) for who in self._asked(unknown)}
            until_s = now_s + _REMEMBERED_S
            known |= {who: (until_s, is_of) for who, is_of in asked.items()}
        self._of_team = known
        return people - {who for who, (_, is_of_team) in known.items() if is_of_team}

    def _asked(self, people: set[str]) -> Iterable[dict[str, Any]]:
        if len(people) > _ASKED_ONE_BY_ONE:
            return self._workspace.people()
        return [self._workspace.person(person) for person in people]
