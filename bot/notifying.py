"""One notice about one picture, for one person or channel: whether it is sent is decided now.

First what takes its time is prepared where nobody sees it. Then, in this order: the picture stands,
a watch of it is still there and fires for what is shown now, something is not held back, the
recipient may see where the picture is, and no other notice of the same watch is under way. Only
then it is sent, at once: a busy Slack is not waited for, it is all decided again. Only when it was
sent is anything said to have been.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot import errors, notices
from bot.adapters.jobs import MENDABLE, Outcome
from bot.adapters.notice_records import NoticeRecord
from bot.adapters.records import Records
from bot.adapters.sending_records import ENDED, Asked
from bot.adapters.slack import SlackWorkspace
from bot.audience import Audience, cause_of
from bot.holding import held_by
from bot.matching import Match, Matching, SeenPicture
from bot.model import DEAD_TARGET, FAILED, LOST, NO_ACCESS, ImageSource, is_person
from bot.pause_texts import DEACTIVATED
from bot.pausing import Pausing
from bot.permalinks import permalink
from bot.previewing import Previewing
from bot.rules import together

_NO_SUCH_FILE = {"invalid_blocks", "slack_file_not_found"}

_WITHHELD: Outcome = {"outcome": "withheld"}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Prepared:
    """What shows the picture, and the other channels whose pictures the recipient may be told."""

    preview: str | None = None
    open_to_them: frozenset[str] = frozenset()


class Notifying:
    """Sends notices."""

    def __init__(
        self,
        workspace: SlackWorkspace,
        audience: Audience,
        matching: Matching,
        pausing: Pausing,
        *,
        previewing: Previewing,
        records: Records,
        site_url: str,
    ) -> None:
        """Take Slack, who may see what, what fires, pauses and shows, and where Slack is."""
        self._workspace = workspace
        self._audience = audience
        self._matching = matching
        self._pausing = pausing
        self._previewing = previewing
        self._records = records
        self._sending = records.sending
        self._site_url = site_url

    def send_once(self, job: dict[str, Any]) -> Outcome:
        """Send a notice unless it was sent before; `{"outcome", "pauses"}`.

        `pauses` are jobs that tell the owners of watches that were paused.
        Raises: errors.SlackBusy, errors.SlackUnknown, errors.NoticeUnderWay; a second call looks
        the notice up first.
        """
        seen = self._matching.seen(_source(job))
        if seen is None:
            return _WITHHELD
        notice = self._records.notices.open(_recipient(job), seen.source, [])
        if notice.state in ENDED:
            return {"outcome": notice.state}
        if notice.state == "sending" and self._is_posted(notice):
            return {"outcome": "sent"}
        prepared = self._prepare(notice, seen)
        self._workspace.wait_until_open("chat.postMessage")
        # That may have taken long, and the picture may be gone by now, with all its notices.
        if (seen := self._matching.seen(seen.source)) is None:
            self._previewing.forget(prepared.preview)
            return _WITHHELD
        return self._decide(notice, seen, prepared)

    def give_up(self, job: dict[str, Any]) -> Outcome:
        """Write that what came of a notice will not be known; others need not wait for it."""
        notice = self._records.notices.open(_recipient(job), _source(job), [])
        if notice.state not in ENDED:
            self._sending.note_lost(notice, FAILED, state="given_up")
        return {"outcome": "given_up"}

    def _is_posted(self, notice: NoticeRecord) -> bool:
        """Whether a notice stands in Slack already, as after a crash; if so, that is noted."""
        place = self._workspace.place_of(notice.recipient)
        ts = self._workspace.find_post(place, key=notice.key)
        if ts:
            self._sending.note_sent(notice, place=place, notice_ts=ts)
        return bool(ts)

    def _prepare(self, notice: NoticeRecord, seen: SeenPicture) -> _Prepared:
        """What a notice shows and counts, unless all is held back anyhow; nobody sees it yet."""
        matches = self._still_meant(notice, seen)
        asked = self._asked(notice, matches)
        if self._sending.are_all_held(asked):
            return _Prepared()
        with suppress(errors.SlackRefused):
            self._workspace.place_of(notice.recipient)  # so that it is at hand
        watches = [match.watch for match in matches]
        preview = self._previewing.preview(
            notice,
            seen.sha256,
            seen.shown,
            may_draw=lambda: len(self._audience.barred(watches, seen.source.channel)) < len(asked),
        )
        return _Prepared(preview, self._open_to_them(notice, asked))

    def _open_to_them(self, notice: NoticeRecord, watch_ids: Iterable[int]) -> frozenset[str]:
        """The other channels of pictures that were held back, where the recipient may look."""
        events = self._records.watch_events
        counted = {event.source.channel for event in events.counted_in(notice.key)}
        places = (events.channels_held(watch_ids) | counted) - {notice.source.channel}
        return frozenset(p for p in places if self._audience.may_see(notice.recipient, p))

    def _decide(self, notice: NoticeRecord, seen: SeenPicture, prepared: _Prepared) -> Outcome:
        matches = self._still_meant(notice, seen)
        asked = self._asked(notice, matches)
        pauses: list[dict[str, Any]] = []
        if not self._sending.are_all_held(asked):
            barred, pauses = self._bar(notice, matches)
            asked = {watch_id: one for watch_id, one in asked.items() if watch_id not in barred}
        claim = self._sending.claim(notice, asked)
        if claim.state != "sending":
            return {"outcome": claim.state, "pauses": pauses}
        telling = [match for match in matches if match.watch.watch_id in claim.watch_ids]
        places = {notice.source.channel, *prepared.open_to_them}
        held_back = sum(source.channel in places for source in claim.held_back)
        send = partial(self._post, notice, seen, telling, held_back=held_back)
        sent = self._send(notice, telling, partial(send, preview=prepared.preview))
        return {**sent, "pauses": pauses + sent.get("pauses", [])}

    def _still_meant(self, notice: NoticeRecord, seen: SeenPicture) -> list[Match]:
        """The watches that still fire; what matched may have been corrected, withheld or edited."""
        watches = self._records.watches.among(notice.source.team, notice.watch_ids)
        mine = [watch for watch in watches if watch.recipient == notice.recipient]
        return self._matching.fired(mine, seen)

    def _asked(self, notice: NoticeRecord, matches: list[Match]) -> dict[int, Asked]:
        holds = self._records.holds.of_watches(
            notice.source.team,
            [match.watch.watch_id for match in matches],
            person=notice.recipient,
        )
        return {
            match.watch.watch_id: Asked(match.rule.every_s, held_by(match.watch, match.rule, holds))
            for match in matches
        }

    def _bar(
        self, notice: NoticeRecord, matches: list[Match]
    ) -> tuple[dict[int, str], list[dict[str, Any]]]:
        """Which watches must not tell of this picture, and the jobs that tell of pauses."""
        watches = [match.watch for match in matches]
        barred = self._audience.barred(watches, notice.source.channel)
        for watch_id, why in barred.items():
            reason = NO_ACCESS if why == NO_ACCESS else DEAD_TARGET
            self._records.watch_events.note([watch_id], notice.source, state=LOST, reason=reason)
        self._pausing.resume(watch for watch in watches if watch.watch_id not in barred)
        return barred, self._pausing.pause_barred(watches, barred)

    def _send(
        self, notice: NoticeRecord, telling: list[Match], post: Callable[[str], str]
    ) -> Outcome:
        try:
            place = self._workspace.place_of(notice.recipient)
            ts = post(place)
        except errors.SlackRefused as exc:
            if exc.facts["error"] in MENDABLE:
                raise
            return self._refused(notice, telling, exc.facts["error"])
        self._sending.note_sent(notice, place=place, notice_ts=ts)
        log.info("notice_sent", extra={"job": notice.source.message.id})
        return {"outcome": "sent"}

    def _post(
        self,
        notice: NoticeRecord,
        seen: SeenPicture,
        telling: list[Match],
        place: str,
        *,
        held_back: int,
        preview: str | None,
    ) -> str:
        """Post with a preview; a file that blocks cannot show yet is worth less than the notice."""
        source, accepted = seen.source, seen.accepted
        link = permalink(self._site_url, source.message, accepted.thread_ts)
        verdicts = sorted((match.verdict for match in telling), key=lambda one: not one.missing)
        body = partial(
            notices.body,
            together(verdicts),
            [match.watch for match in telling],
            key=notice.key,
            channel=source.channel,
            poster=accepted.poster,
            link=link or self._workspace.permalink(source.channel, source.ts),
            held_back=held_back,
        )
        post = partial(self._workspace.post, place, key=notice.key, at_once=True)
        try:
            return post(body(preview_file_id=preview))
        except errors.SlackRefused as exc:
            if preview is None or exc.facts["error"] not in _NO_SUCH_FILE:
                raise
        return post(body())

    def _refused(self, notice: NoticeRecord, telling: list[Match], error: str) -> Outcome:
        """Nothing was sent, and nothing cools down; a person's messages are never a dead target."""
        cause = cause_of(error)
        if is_person(notice.recipient) and cause != DEACTIVATED:
            cause = None
        log.warning("notice_refused", extra={"job": notice.source.message.id, "error": error})
        self._sending.note_lost(notice, DEAD_TARGET if cause else FAILED)
        watches = [match.watch for match in telling]
        barred = dict.fromkeys((watch.watch_id for watch in watches), cause or "")
        pauses = self._pausing.pause_barred(watches, barred) if cause else []
        return {"outcome": "withheld", "pauses": pauses}


def _source(job: dict[str, Any]) -> ImageSource:
    return ImageSource(*(job[name] for name in ImageSource.NAMES))


def _recipient(job: dict[str, Any]) -> str:
    """Whom a notice is for; the release before called them a person."""
    recipient: str = job.get("recipient") or job["person"]
    return recipient
