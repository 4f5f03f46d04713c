"""The last steps of a picture: drawn, uploaded, and told in one threaded reply."""

from __future__ import annotations

import logging
from typing import Any

from bot import errors, messages, summary
from bot.adapters.message_records import MessageRecords, PictureRecord, ReplyRecord
from bot.adapters.picture_pool import PicturePool
from bot.adapters.slack import SlackWorkspace
from bot.adapters.slack_files import SlackFiles
from bot.drawing import Style
from bot.fetching import LEFT_ALONE
from bot.looking import Looking
from bot.messages import PictureAnswer
from bot.model import ImageSource, MessageRef
from bot.working_copies import WorkingCopies

REPLIED = "replied"
LABELLED = "labelled"
NOTHING_FOUND = "nothing_found"
ANSWERED = (LABELLED, NOTHING_FOUND)

_STYLE = Style()

log = logging.getLogger(__name__)


class Replying:
    """Draws, uploads and answers; looks up what may have been sent before sending again."""

    def __init__(
        self,
        *,
        workspace: SlackWorkspace,
        files: SlackFiles,
        pool: PicturePool,
        looking: Looking,
        copies: WorkingCopies,
        records: MessageRecords,
    ) -> None:
        """Take Slack, the drawing pool, the analyses, the working copies and the records."""
        self._workspace = workspace
        self._files = files
        self._pool = pool
        self._looking = looking
        self._copies = copies
        self._records = records

    def draw(self, source: ImageSource, sha256: str, name: str) -> dict[str, Any]:
        """Upload the annotated picture, unseen so far; `{"outcome", "annotated_file_id"}`.

        The file id is kept before any byte goes: after a crash, an upload that was completed is
        used, and one that was not is replaced.
        """
        analysis = self._looking.analysis(source.team, sha256)
        seen = summary.summarise(analysis)
        outcome = LABELLED if seen.objects or seen.scenes else NOTHING_FOUND
        try:
            file_id = self._earlier_upload(source) or self._upload(source, sha256, name)
            self._files.is_ready(file_id)
        except errors.SlackRefused as exc:
            # Uploads can be forbidden by policy or storage; the summary in words still helps.
            log.warning("upload_refused", extra={"error": exc.facts["error"]})
            file_id = None
        self._copies.drop(source)
        return {"outcome": outcome, "sha256": sha256, "name": name, "annotated_file_id": file_id}

    def _earlier_upload(self, source: ImageSource) -> str | None:
        records = self._records.pictures(source.message)
        kept = next((r.annotated_file_id for r in records if r.file_id == source.file_id), None)
        if kept is None or self._files.is_uploaded(kept):
            return kept
        self._files.forget(kept)
        return None

    def _upload(self, source: ImageSource, sha256: str, name: str) -> str:
        analysis = self._looking.analysis(source.team, sha256)
        annotated = self._pool.annotate(self._copies.get(source), analysis.to_response(), _STYLE)
        return self._files.upload(
            f"{name.rsplit('.', 1)[0] or 'picture'} - labelled.jpg",
            annotated,
            alt_text=summary.alt_text(summary.summarise(analysis)),
            on_reserved=lambda file_id: self._records.note_picture(
                source.message, source.file_id, annotated_file_id=file_id
            ),
        )

    def reply(self, message: MessageRef, job: dict[str, Any]) -> dict[str, Any]:
        """Post the one reply of an attempt; `{"outcome": "replied", "ts", "has_reason"}`.

        `job` holds `thread_ts`, `attempt`, and the `outcomes` of the attempt's pictures.
        Raises: errors.SlackUnknown, after which a second call looks the reply up first.
        """
        outcomes = job["outcomes"]
        for found in outcomes:
            self._records.note_picture(
                message, found["file_id"], outcome={**found, "attempt": job["attempt"]}
            )
        body = self._body(message, job["attempt"], {found["file_id"] for found in outcomes})
        if body is None:
            self._records.note_reply(message, job["attempt"], state="needless")
            return {"outcome": LEFT_ALONE}
        ts = self._post_once(message, job["thread_ts"], job["attempt"], body)
        has_reason = not all(_is_answer(found) for found in outcomes)
        self._records.note_reply(
            message, job["attempt"], state="sent", reply_ts=ts, has_reason=has_reason
        )
        return {"outcome": REPLIED, "ts": ts, "has_reason": has_reason}

    def _post_once(
        self, message: MessageRef, thread_ts: str, attempt: int, body: messages.Body
    ) -> str:
        records = self._records.replies(message)
        mine = next(reply for reply in records if reply.attempt == attempt)
        sent = self._sent_before(message, thread_ts, mine)
        return sent or self._post(message, thread_ts, mine, body)

    def _sent_before(self, message: MessageRef, thread_ts: str, mine: ReplyRecord) -> str | None:
        if mine.state == "new":
            return None
        return mine.reply_ts or self._workspace.find_post(
            message.channel, key=mine.key, thread_ts=thread_ts
        )

    def _post(
        self, message: MessageRef, thread_ts: str, mine: ReplyRecord, body: messages.Body
    ) -> str:
        self._records.note_reply(message, mine.attempt, state="sending")
        try:
            return self._workspace.post(message.channel, body, key=mine.key, thread_ts=thread_ts)
        except errors.SlackRefused as exc:
            if exc.facts["error"] != "invalid_blocks":
                raise
            # Some workspaces refuse pictures in blocks; the words alone are better than nothing.
            log.warning("blocks_refused", extra={"error": exc.facts["error"]})
            return self._workspace.post(
                message.channel, {"text": body["text"]}, key=mine.key, thread_ts=thread_ts
            )

    def _body(self, message: MessageRef, attempt: int, file_ids: set[str]) -> messages.Body | None:
        answers = [
            self._answer(message.team, picture)
            for picture in self._records.pictures(message)
            if picture.file_id in file_ids and not _is_left_alone(picture)
        ]
        if not answers:
            return None
        return messages.reply_body(answers, retry_value=f"{message.ts}/{attempt}")

    def _answer(self, team: str, picture: PictureRecord) -> PictureAnswer:
        outcome = picture.outcome or {}
        name = str(outcome.get("name") or "")
        if not _is_answer(outcome):
            return PictureAnswer(name=name, reason=errors.describe(outcome))
        seen = summary.summarise(self._looking.analysis(team, str(outcome["sha256"])))
        return PictureAnswer(
            name=name,
            headline=summary.headline(seen),
            left_out=summary.left_out(seen),
            alt_text=summary.alt_text(seen),
            annotated_file_id=outcome.get("annotated_file_id"),
        )

    def retire(self, message: MessageRef, attempt: int) -> dict[str, Any]:
        """Take back the reasons of the attempts before, now that a newer reply stands."""
        for earlier in self._records.replies(message):
            if earlier.attempt < attempt and earlier.reply_ts and earlier.has_reason:
                self._retire_one(message, earlier)
        return {"outcome": "retired"}

    def _retire_one(self, message: MessageRef, earlier: ReplyRecord) -> None:
        answered = {
            picture.file_id
            for picture in self._records.pictures(message)
            if _is_answer(picture.outcome or {}) and self._was_shown(picture, earlier)
        }
        body = self._body(message, earlier.attempt, answered)
        if body is None:
            self._workspace.delete(message.channel, str(earlier.reply_ts))
        else:
            self._workspace.rewrite(message.channel, str(earlier.reply_ts), body)
        self._records.note_reply(message, earlier.attempt, has_reason=False)

    def _was_shown(self, picture: PictureRecord, earlier: ReplyRecord) -> bool:
        return (picture.outcome or {}).get("attempt") == earlier.attempt

    def react(self, message: MessageRef, name: str) -> None:
        """Set a courtesy mark on the posted message."""
        self._workspace.react(message.channel, message.ts, name)


def _is_answer(outcome: dict[str, Any]) -> bool:
    return outcome.get("outcome") in (*ANSWERED, LEFT_ALONE)


def _is_left_alone(picture: PictureRecord) -> bool:
    return (picture.outcome or {}).get("outcome") == LEFT_ALONE
