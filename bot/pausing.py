"""Watches that nobody can be told of: paused, with a word to their owners; never silently gone."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import Any

from bot import errors, messages
from bot.adapters.jobs import MENDABLE
from bot.adapters.records import Records
from bot.adapters.slack import SlackWorkspace
from bot.model import Watch
from bot.pause_texts import DEACTIVATED, DEAD_TARGETS, paused_text
from bot.rule_mentions import rule_words

log = logging.getLogger(__name__)


class Pausing:
    """Pauses watches, and lets them go on."""

    def __init__(self, workspace: SlackWorkspace, records: Records) -> None:
        """Take Slack, and the records."""
        self._workspace = workspace
        self._watches = records.watches
        self._pauses = records.pauses

    def pause_barred(
        self, watches: Sequence[Watch], barred: dict[int, str]
    ) -> list[dict[str, Any]]:
        """Pause those of the watches that are barred for longer; the jobs that tell their owners.

        Nothing pauses because a picture's channel is not its owner's to see: the pause would tell
        that there was a picture. What its owner sees none of says so when it is listed.
        """
        dead = {why for why in barred.values() if why in DEAD_TARGETS}
        if dead and watches[0].target:
            return self.pause_target(watches[0].team, watches[0].target, dead.pop())
        gone = [watch_id for watch_id, why in barred.items() if why == DEACTIVATED]
        self._pauses.pause(gone, DEACTIVATED)
        return []

    def pause_target(self, team: str, target: str, why: str) -> list[dict[str, Any]]:
        """Pause all that tells a channel; the jobs that tell the owners, each under its own id."""
        telling = self._watches.telling(team, target)
        self._pauses.pause((watch.watch_id for watch in telling), why)
        log.info("target_dead", extra={"channel": target, "for": why})
        return [
            {"team": team, "target": target, "why": why, "owner": one.owner, "at_s": one.at_s}
            for one in self._pauses.untold(team, target, why)
        ]

    def resume(self, watches: Iterable[Watch]) -> None:
        """Let those of the watches go on that were paused."""
        if paused := [watch.watch_id for watch in watches if watch.paused_why]:
            self._pauses.resume(paused)

    def tell_owner(self, job: dict[str, Any], key: str) -> dict[str, Any]:
        """Tell an owner what was paused, unless they know; once, also after a crash.

        Raises: errors.SlackBusy, errors.SlackUnknown; errors.SlackRefused where an admin can help.
        """
        untold = self._pauses.untold(job["team"], job["target"], job["why"])
        ids = {i for one in untold if one.owner == job["owner"] for i in one.watch_ids}
        mine = self._watches.among(job["team"], ids)
        if not mine:
            return {"outcome": "told"}
        names = [rule_words(watch.rule_text) for watch in mine]
        body = messages.words_body(paused_text(names, target=job["target"], cause=job["why"]))
        try:
            self._workspace.post_once(self._workspace.open_dm(job["owner"]), body, key=key)
        except errors.SlackRefused as exc:
            if exc.facts["error"] in MENDABLE:
                raise
            log.warning("owner_not_told", extra={"error": exc.facts["error"]})
        self._pauses.note_told(ids)
        return {"outcome": "told"}
