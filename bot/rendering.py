"""The steps of rendering a reply again from what is stored: a new message, then the old one goes.

Slack shows a new file only in a new message, so a correction or another style is one. It is the
message's next attempt, in which every picture is known already: answered ones are drawn anew by
what holds now, reasons are said again as they are. So the new reply speaks for the whole message,
and all older ones go once it stands.

Several may be asked for one after the other. The newest wins: an older one that has sent nothing
yet stays silent, and whichever of two is through later takes the older reply away. After a crash
each step is done again and finds what was done.
"""

from __future__ import annotations

from typing import Any

from bot import errors
from bot.adapters.message_records import MessageRecords, PictureRecord, ReplyRecord
from bot.adapters.render_records import RenderRecords
from bot.adapters.slack import SlackWorkspace
from bot.fetching import LEFT_ALONE
from bot.looking import SEEN
from bot.model import MessageRef
from bot.replying import Replying
from bot.uploading import ANSWERED, LABELLED, Uploading

BEGUN = "begun"
OVERTAKEN = "overtaken"
RETIRED = "retired"
_UNDER_WAY = ("new", "sending")
"""The states of replies that a job still has in hand."""


class Rendering:
    """What the job that renders again does, step by step."""

    def __init__(
        self,
        workspace: SlackWorkspace,
        uploading: Uploading,
        replying: Replying,
        *,
        records: MessageRecords,
        renders: RenderRecords,
    ) -> None:
        """Take Slack, what draws, what answers, and the records."""
        self._workspace = workspace
        self._uploading = uploading
        self._replying = replying
        self._records = records
        self._renders = renders

    def begin(self, message: MessageRef, job: dict[str, Any]) -> dict[str, Any]:
        """`{"outcome": "begun", "pictures"}`, where those to be drawn are as if just looked at.

        From here on no earlier attempt's upload is taken for one of this attempt.
        """
        if self._is_needless(message, job["attempt"]):
            return self.fall_silent(message, job["attempt"])
        known = [
            picture
            for picture in self._records.pictures(message)
            if picture.outcome and picture.outcome["outcome"] != LEFT_ALONE
        ]
        for picture in known:
            self._records.note_picture(message, picture.file_id, annotated_file_id=None)
        return {"outcome": BEGUN, "pictures": [_to_draw(one, job) for one in known]}

    def _is_needless(self, message: MessageRef, attempt: int) -> bool:
        """Whether nothing was sent and nothing need be: a newer one comes, or nobody wants it."""
        replies = self._records.replies(message)
        mine = next((reply for reply in replies if reply.attempt == attempt), None)
        if mine is None or mine.state == "needless":
            return True
        is_overtaken = any(reply.is_render and reply.attempt > attempt for reply in replies)
        return mine.state == "new" and (is_overtaken or not self._renders.is_live(message))

    def fall_silent(self, message: MessageRef, attempt: int) -> dict[str, Any]:
        """End an attempt without a reply of its own; the one that stands stays."""
        self._records.note_reply(message, attempt, state="needless")
        return {"outcome": OVERTAKEN}

    def post(self, message: MessageRef, job: dict[str, Any]) -> dict[str, Any]:
        """Post the new reply, as `Replying.reply` does, unless a newer one is on its way."""
        if not self._is_needless(message, job["attempt"]):
            outcomes = [_in_words(found) for found in job["outcomes"]]
            return self._replying.reply(message, {**job, "outcomes": outcomes})
        # Its uploads are taken back with the older replies, as soon as the newer one stands.
        return self.fall_silent(message, job["attempt"])

    def refuse(self, message: MessageRef, attempt: int) -> dict[str, Any]:
        """As `Replying.refuse`: the older reply stays."""
        return self._replying.refuse(message, attempt)

    def retire(self, message: MessageRef) -> dict[str, Any]:
        """Take back every reply that is older than the newest rendered one that stands.

        Each is tried, whatever becomes of the others; so are uploads that no reply shows any more.
        Raises: errors.SlackError where something is left, best one after which waiting helps.
        """
        replies = self._records.replies(message)
        newest = max((r.attempt for r in replies if r.is_render and r.state == "sent"), default=0)
        standing = {file for r in replies if r.attempt >= newest for file in r.files or ()}
        troubles: list[errors.SlackError] = []
        for older in replies:
            if older.attempt < newest and older.state not in _UNDER_WAY:
                try:
                    self._take_back(message, older, standing)
                except errors.SlackError as exc:
                    troubles.append(exc)
        if troubles:
            raise max(troubles, key=lambda trouble: trouble.passes_by_itself)
        return {"outcome": RETIRED}

    def _take_back(self, message: MessageRef, older: ReplyRecord, standing: set[str]) -> None:
        """Take one reply back; its row knows what is still in Slack until it is gone."""
        if older.reply_ts:
            self._workspace.delete(message.channel, older.reply_ts)
            self._records.note_reply(
                message, older.attempt, state="retired", reply_ts=None, has_reason=False
            )
        if older.files:
            self._uploading.delete(set(older.files) - standing)
            self._records.note_reply(message, older.attempt, files=None)


def _to_draw(picture: PictureRecord, job: dict[str, Any]) -> dict[str, Any]:
    outcome = picture.outcome or {}
    known = {**outcome, "file_id": picture.file_id, "attempt": job["attempt"]}
    if outcome["outcome"] not in ANSWERED:
        return known
    return {**known, "outcome": SEEN, "options": job["options"]}


def _in_words(found: dict[str, Any]) -> dict[str, Any]:
    """A picture that was answered before stays so in words, also where it cannot be drawn again."""
    if "options" not in found or found["outcome"] in {*ANSWERED, LEFT_ALONE}:
        return found
    kept = {name: value for name, value in found.items() if name != "facts"}
    return {**kept, "outcome": LABELLED, "annotated_file_id": None}
