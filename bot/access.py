"""Who may see what is in a channel: the one answer, asked again at the moment of sending."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot import errors
from bot.adapters.slack import SlackWorkspace

log = logging.getLogger(__name__)

_NOBODY = {"user_not_found", "user_not_visible"}
# https://docs.slack.dev/reference/methods/users.info


@dataclass(frozen=True)
class Rights:
    """How a person stands to a channel, and whether the bot is there at all."""

    bot_is_in: bool = False
    sees: bool = False
    is_full_member: bool = False


class Access:
    """Decides by asking Slack now; remembers nothing past one answer, because people leave."""

    def __init__(
        self, workspace: SlackWorkspace, team: str, *, admins: Collection[str] = ()
    ) -> None:
        """Take the workspace, the team that full members belong to, and who else is an admin."""
        self._workspace = workspace
        self._team = team
        self._admins = admins

    def may_see(self, person: str, channel: str) -> bool:
        """True for a member of the channel, and for any full member of the team in a public one.

        False in all other cases; what Slack refuses to say is a no.
        Raises: errors.SlackBusy, errors.SlackUnknown, for whoever can wait until Slack says.
        """
        try:
            return self._sees(person, self._workspace.person(person), channel)
        except errors.SlackRefused as exc:
            log.info("access_denied", extra={"error": exc.facts["error"]})
            return False

    def may_ask(self, person: str, channel: str) -> bool:
        """Whether a person may have a channel's pictures labelled: as `may_see`, but no stranger.

        Raises: errors.SlackBusy, errors.SlackUnknown.
        """
        try:
            who = self._workspace.person(person)
            return not self._is_stranger(who) and self._sees(person, who, channel)
        except errors.SlackRefused as exc:
            log.info("access_denied", extra={"error": exc.facts["error"]})
            return False

    def visible(self, person: str, channels: Iterable[str]) -> Iterator[str]:
        """Those of the channels that a person may see; asks about the person once, and first.

        Raises: errors.SlackBusy, errors.SlackUnknown.
        """
        try:
            who = self._workspace.person(person)
        except errors.SlackRefused as exc:
            log.info("access_denied", extra={"error": exc.facts["error"]})
            return
        for channel in channels:
            try:
                sees = self._sees(person, who, channel)
            except errors.SlackRefused as exc:
                log.info("access_denied", extra={"error": exc.facts["error"]})
            else:
                if sees:
                    yield channel

    def rights(self, person: str, channel: str) -> Rights:
        """All that it takes to let a person set a channel, each asked of Slack once.

        Raises: errors.SlackBusy, errors.SlackUnknown.
        """
        rights = Rights()
        try:
            where = self._workspace.channel(channel)
            if not _has_bot(where):
                return rights
            rights = Rights(bot_is_in=True)
            who = self._workspace.person(person)
            rights = dataclasses.replace(rights, is_full_member=self._is_full_member(who))
            return dataclasses.replace(rights, sees=self._sees(person, who, channel, where=where))
        except errors.SlackRefused as exc:
            log.info("access_denied", extra={"error": exc.facts["error"]})
            return rights

    def _sees(
        self, person: str, who: dict[str, Any], channel: str, *, where: dict[str, Any] | None = None
    ) -> bool:
        if who.get("deleted"):
            return False
        where = where or self._workspace.channel(channel)
        if is_public_here(where) and self._is_full_member(who):
            return True
        return self._workspace.is_member(channel, person)

    def _is_full_member(self, who: dict[str, Any]) -> bool:
        return self.is_of_team(who) and not who.get("is_bot")

    def is_of_team(self, who: dict[str, Any]) -> bool:
        """Whether Slack's user object is of no guest and of nobody from outside; bots count."""
        is_guest = who.get("is_restricted") or who.get("is_ultra_restricted")
        return not is_guest and not self._is_stranger(who)

    def _is_stranger(self, who: dict[str, Any]) -> bool:
        """Whether somebody is from outside the team, as in a channel shared by Slack Connect."""
        return bool(who.get("is_stranger")) or who.get("team_id") != self._team

    def is_guest(self, person: str) -> bool:
        """Whether a person is a guest, or from outside the team.

        Raises: errors.SlackError.
        """
        return not self._is_full_member(self._workspace.person(person))

    def is_deactivated(self, person: str) -> bool:
        """Whether a person's account is switched off, as far as Slack says.

        Raises: errors.SlackBusy, errors.SlackUnknown.
        """
        try:
            return bool(self._workspace.person(person).get("deleted"))
        except errors.SlackRefused:
            return False

    def is_public(self, channel: str) -> bool:
        """Whether any full member of the team, and nobody from outside, may look into a channel.

        False whenever Slack does not say.
        """
        try:
            return is_public_here(self._workspace.channel(channel))
        except errors.SlackError as exc:
            log.info("access_denied_in_doubt", extra={"error": exc.code})
            return False

    def is_ours(self, channel: str) -> bool:
        """Whether nobody from outside the team is in a channel; False when Slack does not say."""
        try:
            return not _is_shared(self._workspace.channel(channel))
        except errors.SlackError as exc:
            log.info("access_denied_in_doubt", extra={"error": exc.code})
            return False

    def is_full_member(self, person: str) -> bool:
        """Whether a person belongs to the team in full: no guest, nobody from outside, no bot.

        Raises: errors.SlackError when Slack does not say.
        """
        try:
            who = self._workspace.person(person)
        except errors.SlackRefused as exc:
            if exc.facts["error"] in _NOBODY:
                return False
            raise
        return not who.get("deleted") and self._is_full_member(who)

    def is_admin(self, person: str) -> bool:
        """Whether a person is an admin, by Slack or by the settings; when in doubt, no."""
        try:
            who = self._workspace.person(person)
        except errors.SlackError as exc:
            log.info("admin_denied_in_doubt", extra={"error": exc.code})
            return False
        is_admin = who.get("is_admin") or who.get("is_owner") or person in self._admins
        return bool(is_admin) and not who.get("deleted") and self._is_full_member(who)

    def is_bot_in(self, channel: str) -> bool:
        """Whether the bot itself is in a channel."""
        try:
            found = self._workspace.channel(channel)
        except errors.SlackRefused:
            return False
        return _has_bot(found)


def _has_bot(where: dict[str, Any]) -> bool:
    return bool(where.get("is_member") or where.get("is_im"))


def is_public_here(where: dict[str, Any]) -> bool:
    """Whether Slack's channel object is of one that the team, and nobody else, may look into."""
    private = where.get("is_private") or where.get("is_im") or where.get("is_mpim")
    return bool(where.get("is_channel")) and not private and not _is_shared(where)


def _is_shared(where: dict[str, Any]) -> bool:
    return any(
        where.get(flag)
        for flag in ("is_ext_shared", "is_pending_ext_shared", "is_org_shared", "is_shared")
    )
