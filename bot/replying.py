"""The last step of a picture: one threaded reply per message, never a second one."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot import errors, messages, summary
from bot.adapters.database import on_one_connection
from bot.adapters.message_records import MessageRecords, PictureRecord, ReplyRecord
from bot.adapters.slack import SlackWorkspace
from bot.alt_text import alt_text
from bot.fetching import LEFT_ALONE
from bot.messages import PictureAnswer
from bot.model import MessageRef
from bot.reply_buttons import picture_buttons
from bot.seen_before import SeenBefore
from bot.show_options import shows_more
from bot.showing import Showing
from bot.uploading import ANSWERED, Uploading

REPLIED = "replied"
REFUSED = "refused"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Sent:
    """A reply that stands; its `ts` if Slack tells. It may be pictures shared as files."""

    ts: str | None
    is_shared: bool = False


class Replying:
    """Answers; looks up what may have been sent before sending again."""

    def __init__(
        self,
        workspace: SlackWorkspace,
        uploading: Uploading,
        showing: Showing,
        records: MessageRecords,
        *,
        seen_before: SeenBefore,
    ) -> None:
        """Take Slack, the uploaded pictures, what is shown, the records, and what came before."""
        self._workspace = workspace
        self._uploading = uploading
        self._showing = showing
        self._records = records
        self._seen_before = seen_before

    def reply(self, message: MessageRef, job: dict[str, Any]) -> dict[str, Any]:
        """Post the one reply of an attempt; `{"outcome": "replied", "ts", "has_reason"}`.

        `job` holds `thread_ts`, `attempt`, and the `outcomes` of the attempt's pictures.
        Raises: errors.SlackUnknown, after which a second call looks the reply up first.
        """
        mine = self._record(message, job)
        if mine.state == "sent":
            return {"outcome": REPLIED, "ts": mine.reply_ts, "has_reason": bool(mine.has_reason)}
        with on_one_connection():
            pictures = self._records.pictures(message)
            outcomes = self._outcomes(message, job, pictures)
        body = self._body(message, job["attempt"], outcomes, pictures)
        if body is None:
            # One that was sent meanwhile, by whoever took this job over, stays so.
            state: dict[str, Any] = {"state": "needless"} if mine.state == "new" else {}
            self._records.note_reply(message, job["attempt"], outcomes=outcomes, **state)
            return {"outcome": LEFT_ALONE}
        claimed = self._records.claim_reply(message, job["attempt"])
        sent = None if claimed else self._sent_before(message, job, mine.key)
        sent = sent or self._send(message, job, body, mine.key)
        has_reason = not all(_is_answer(found) for found in outcomes)
        self._records.note_reply(
            message,
            job["attempt"],
            outcomes=outcomes,
            state="sent",
            reply_ts=sent.ts,
            is_shared=sent.is_shared,
            has_reason=has_reason,
            files=self._files(message, job),
            waits=any(errors.describe(found).waits for found in outcomes),
        )
        codes = ",".join(sorted({str(found["outcome"]) for found in outcomes}))
        log.info("replied", extra={"job": message.id, "outcomes": codes})
        return {"outcome": REPLIED, "ts": sent.ts, "has_reason": has_reason}

    def refuse(self, message: MessageRef, attempt: int) -> dict[str, Any]:
        """Note that a reply will not come, so that nobody waits for it."""
        self._records.note_reply(message, attempt, state="refused")
        return {"outcome": REFUSED}

    def _outcomes(
        self, message: MessageRef, job: dict[str, Any], pictures: Sequence[PictureRecord]
    ) -> list[dict[str, Any]]:
        """What is to be said: of pictures that no newer attempt took up, as they stand."""
        newest = {
            picture.file_id: (picture.outcome or {}).get("attempt", 0) for picture in pictures
        }
        mine = [f for f in job["outcomes"] if newest.get(f["file_id"], 0) <= job["attempt"]]
        return [self._as_it_stands(message, found) for found in mine]

    def _as_it_stands(self, message: MessageRef, found: dict[str, Any]) -> dict[str, Any]:
        """What became of a picture; one that was taken away in the meantime is left alone."""
        stands = self._records.stands(message.picture(found["file_id"]))
        return found if stands else {**found, "outcome": LEFT_ALONE}

    def _record(self, message: MessageRef, job: dict[str, Any]) -> ReplyRecord:
        records = self._records.replies(message)
        return next(reply for reply in records if reply.attempt == job["attempt"])

    def _sent_before(self, message: MessageRef, job: dict[str, Any], key: str) -> _Sent | None:
        posted = self._workspace.find_post(message.channel, key=key, thread_ts=job["thread_ts"])
        if posted:
            return _Sent(posted)
        shared = self._uploading.shared_before(message, _with_picture(job))
        return _Sent(shared, is_shared=True) if shared else None

    def _send(
        self, message: MessageRef, job: dict[str, Any], body: messages.Body, key: str
    ) -> _Sent:
        pictures = _with_picture(job)
        if pictures and self._uploading.shares:
            return self._share(message, job, body)
        try:
            ts = self._workspace.post(message.channel, body, key=key, thread_ts=job["thread_ts"])
            return _Sent(ts)
        except errors.SlackRefused as exc:
            if exc.facts["error"] != "invalid_blocks" or not pictures:
                raise
            log.warning("picture_blocks_refused", extra={"error": exc.facts["error"]})
            return self._share(message, job, body)

    def _share(self, message: MessageRef, job: dict[str, Any], body: messages.Body) -> _Sent:
        """Where blocks may not show pictures, share them as files with the words beside them."""
        pictures = _with_picture(job)
        ts = self._uploading.share(message, job["thread_ts"], pictures, words=body["text"])
        return _Sent(ts, is_shared=True)

    def _body(
        self,
        message: MessageRef,
        attempt: int,
        outcomes: Sequence[dict[str, Any]],
        known: Sequence[PictureRecord],
    ) -> messages.Body | None:
        """The reply that says these outcomes; None where they say nothing.

        `known` are all pictures of the message, as they are kept.
        """
        said = {found["file_id"]: found for found in outcomes}
        pictures = [
            picture
            for kept in known
            for picture in [replace(kept, outcome=said.get(kept.file_id, kept.outcome))]
            if not _is_left_alone(picture)
        ]
        answers = [self._answer(message, p) for p in pictures if p.file_id in said]
        if not answers:
            return None
        return messages.reply_body(
            answers,
            retry_value=f"{message.ts}/{attempt}",
            named=len(pictures) > 1,
            buttons=picture_buttons(answers),
        )

    def _files(self, message: MessageRef, job: dict[str, Any]) -> list[str]:
        """The uploads of a reply; where it had to share them, those shown are newer ones."""
        mine = {f["file_id"]: str(f["annotated_file_id"]) for f in _with_picture(job)}
        with on_one_connection():
            pictures = self._records.pictures(message)
            made = self._record(message, job).files or ()
        kept = {picture.annotated_file_id for picture in pictures if picture.file_id in mine}
        return sorted({*made, *mine.values(), *filter(None, kept)})

    def _answer(self, message: MessageRef, picture: PictureRecord) -> PictureAnswer:
        outcome = picture.outcome or {}
        name = str(outcome.get("name") or "")
        if not _is_answer(outcome):
            return PictureAnswer(name=name, reason=errors.describe(outcome))
        source, sha256 = message.picture(picture.file_id), str(outcome["sha256"])
        shown = self._showing.shown(source, sha256, outcome.get("options"))
        seen = shown.summary()
        return PictureAnswer(
            name=name,
            headline=summary.headline(seen),
            left_out=summary.left_out(seen),
            alt_text=alt_text(seen),
            annotated_file_id=outcome.get("annotated_file_id"),
            seen_before=self._seen_before.find(message, sha256),
            labels=tuple(label.name for label in (*seen.objects, *seen.scenes)),
            has_more=bool(seen.below_threshold or seen.beyond_limit),
            shows_more=shows_more(outcome.get("options", {})),
            corrected_by=tuple(map(self._name_of, shown.correctors)),
        )

    def _name_of(self, person: str) -> str:
        """What Slack shows as a person's name."""
        try:
            found = self._workspace.person(person)
        except errors.SlackError as exc:
            log.info("name_not_told", extra={"error": exc.code})
            return "somebody"
        profile = found.get("profile", {})
        return str(profile.get("display_name") or profile.get("real_name") or "somebody")

    def retire(self, message: MessageRef, attempt: int) -> dict[str, Any]:
        """Take back the reasons of the attempts before, now that a newer reply stands."""
        for earlier in self._records.replies(message):
            if earlier.attempt < attempt and earlier.reply_ts and earlier.has_reason:
                self._retire_one(message, earlier)
        return {"outcome": "retired"}

    def _retire_one(self, message: MessageRef, earlier: ReplyRecord) -> None:
        # What was tried again belongs to the newer reply; a reason that cannot pass stays here.
        kept = self._rewrite(message, earlier)
        reasons = [errors.describe(picture.outcome or {}) for picture in kept]
        may_pass = any(reason.can_pass or reason.waits for reason in reasons)
        self._records.note_reply(message, earlier.attempt, has_reason=may_pass)

    def leave_out(self, message: MessageRef, file_id: str) -> None:
        """Take a picture out of the replies that stand; one without another picture goes."""
        for reply in self._records.replies(message):
            if reply.reply_ts:
                self._rewrite(message, reply, without=file_id)

    def _rewrite(
        self, message: MessageRef, reply: ReplyRecord, *, without: str | None = None
    ) -> list[PictureRecord]:
        """Write a reply anew from what is left of its attempt; it goes when that is nothing."""
        pictures = self._records.pictures(message)
        kept = [
            picture
            for picture in pictures
            if (picture.outcome or {}).get("attempt") == reply.attempt
            and picture.file_id != without
        ]
        outcomes = [{**(p.outcome or {}), "file_id": p.file_id} for p in kept]
        body = self._body(message, reply.attempt, outcomes, pictures)
        if body is None:
            self._workspace.delete(message.channel, str(reply.reply_ts))
        elif reply.is_shared:
            # Its pictures are files already: a block would bring them in once more.
            self._workspace.rewrite(message.channel, str(reply.reply_ts), {"text": body["text"]})
        else:
            self._workspace.rewrite(message.channel, str(reply.reply_ts), body)
        return kept

    def mark_seen(self, message: MessageRef) -> None:
        """Put eyes on the posted message, beside the work, which waits for nothing here."""
        where = (message.channel, message.ts, "eyes")
        threading.Thread(target=self._workspace.react, args=where, daemon=True).start()

    def mark_done(self, message: MessageRef, *, has_reason: bool) -> None:
        """Put a check on the posted message, or a warning that says: see the thread."""
        name = "warning" if has_reason else "white_check_mark"
        self._workspace.react(message.channel, message.ts, name)


def _with_picture(job: dict[str, Any]) -> list[dict[str, Any]]:
    """The outcomes of an attempt that have an annotated picture in Slack."""
    return [found for found in job["outcomes"] if found.get("annotated_file_id")]


def _is_answer(outcome: dict[str, Any]) -> bool:
    return outcome.get("outcome") in (*ANSWERED, LEFT_ALONE)


def _is_left_alone(picture: PictureRecord) -> bool:
    return (picture.outcome or {}).get("outcome") == LEFT_ALONE
