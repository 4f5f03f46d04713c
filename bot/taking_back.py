"""What the bot said in Slack about a picture that was taken away: it goes too.

What Slack refuses for good stays there; a refusal that an admin can mend is worth waiting for.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from bot import errors
from bot.adapters.jobs import MENDABLE
from bot.adapters.message_records import MessageRecords, PictureRecord, ReplyRecord
from bot.adapters.notice_records import NoticeRecord, NoticeRecords
from bot.adapters.removal_records import Doomed
from bot.adapters.slack import SlackWorkspace
from bot.adapters.slack_files import SlackFiles
from bot.replying import Replying
from bot.uploading import Uploading

log = logging.getLogger(__name__)


class TakingBack:
    """Deletes replies, notices and annotated pictures; what is gone already is no trouble."""

    def __init__(
        self,
        workspace: SlackWorkspace,
        files: SlackFiles,
        uploading: Uploading,
        replying: Replying,
        *,
        messages: MessageRecords,
        notices: NoticeRecords,
    ) -> None:
        """Take Slack, what was said how, and the records of it."""
        self._workspace = workspace
        self._files = files
        self._uploading = uploading
        self._replying = replying
        self._messages = messages
        self._notices = notices

    def take_back(self, doomed: Doomed, pictures: list[PictureRecord]) -> None:
        """Take back what was said; a reply to what was kept for long enough stays.

        Such a reply is part of the conversation in Slack, and goes as Slack's own retention says.
        Raises: errors.SlackBusy, errors.SlackUnknown; errors.SlackRefused where an admin can help.
        """
        for notice in self._notices.of_message(doomed.message):
            if doomed.file_id in {None, notice.source.file_id}:
                self._take_notice_back(doomed, notice)
        if doomed.is_expired:
            return
        replies = self._messages.replies(doomed.message)
        if doomed.file_id is None:
            for reply in replies:
                self._try(doomed, self._take_back_reply, doomed, reply, pictures)
        else:
            self._try(doomed, self._replying.leave_out, doomed.message, doomed.file_id)
        for file_id in sorted(self._uploads(doomed, replies, pictures)):
            self._try(doomed, self._files.delete, file_id)

    def _take_notice_back(self, doomed: Doomed, notice: NoticeRecord) -> None:
        if notice.state in {"sending", "sent", "given_up"}:
            self._try(doomed, self._delete_notice, notice)
        if notice.preview_file_id:
            self._try(doomed, self._files.delete, notice.preview_file_id)

    def _delete_notice(self, notice: NoticeRecord) -> None:
        place = notice.place or self._workspace.place_of(notice.recipient)
        ts = notice.notice_ts or self._workspace.find_post(place, key=notice.key)
        if ts:
            self._workspace.delete(place, ts)

    def _take_back_reply(
        self, doomed: Doomed, reply: ReplyRecord, pictures: list[PictureRecord]
    ) -> None:
        channel = doomed.message.channel
        ts = reply.reply_ts
        if ts is None and reply.state != "new":
            # It may have been sent by a process that died before it could say so.
            ts = self._workspace.find_post(channel, key=reply.key, thread_ts=doomed.thread_ts)
            ts = ts or self._uploading.shared_before(doomed.message, _with_upload(pictures))
        if ts:
            self._workspace.delete(channel, ts)

    def _uploads(
        self, doomed: Doomed, replies: list[ReplyRecord], pictures: list[PictureRecord]
    ) -> set[str]:
        """Every annotated copy, older ones too, but for those that show other pictures now."""
        others = [p for p in self._messages.pictures(doomed.message) if p not in pictures]
        made = {file_id for reply in replies for file_id in reply.files or ()}
        return (made | uploads_of(pictures)) - uploads_of(others)

    def _try(self, doomed: Doomed, work: Callable[..., None], *args: Any) -> None:
        try:
            work(*args)
        except (errors.SlackRefused, errors.FileError) as exc:
            error = exc.facts.get("error", exc.code)
            if error in MENDABLE and not doomed.is_expired:
                raise
            log.warning("left_in_slack", extra={"job": doomed.message.id, "error": error})


def uploads_of(pictures: list[PictureRecord]) -> set[str]:
    """The uploads that show these pictures now."""
    shown = {(picture.outcome or {}).get("annotated_file_id") for picture in pictures}
    return {*filter(None, shown | {picture.annotated_file_id for picture in pictures})}


def _with_upload(pictures: list[PictureRecord]) -> list[dict[str, Any]]:
    outcomes = [picture.outcome or {} for picture in pictures]
    return [outcome for outcome in outcomes if outcome.get("annotated_file_id")]
