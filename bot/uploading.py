"""The third step of a picture: drawn, and brought into Slack where nobody sees it yet."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from bot import errors
from bot.adapters.message_records import MessageRecords
from bot.adapters.picture_pool import PicturePool
from bot.adapters.slack_files import SlackFiles
from bot.alt_text import alt_text
from bot.drawing import Style
from bot.fetching import LEFT_ALONE
from bot.model import ImageSource, MessageRef
from bot.showing import Showing
from bot.shown import Shown
from bot.working_copies import WorkingCopies

LABELLED = "labelled"
NOTHING_FOUND = "nothing_found"
ANSWERED = (LABELLED, NOTHING_FOUND)
"""The outcomes of a picture that was looked at."""

log = logging.getLogger(__name__)


class Uploading:
    """Draws and uploads; `shares` says that uploads get into the thread as shared files.

    An upload is either completed here, for a picture block to show it, or by `share`, which puts
    it into the thread; Slack lets an upload be completed once.
    """

    def __init__(
        self,
        files: SlackFiles,
        pool: PicturePool,
        showing: Showing,
        copies: WorkingCopies,
        *,
        records: MessageRecords,
        shares: bool,
    ) -> None:
        """Take Slack's files, the drawing pool, what is shown, the working copies, the records."""
        self._files = files
        self._pool = pool
        self._showing = showing
        self._copies = copies
        self._records = records
        self.shares = shares

    def draw(self, source: ImageSource, found: dict[str, Any]) -> dict[str, Any]:
        """Draw and upload one picture; `{"outcome", "annotated_file_id"}`.

        `found` holds its `sha256` and `name`, what was chosen for this reply as `options`, and the
        `attempt` where others may be drawing the same picture.

        The file id is kept before any byte goes: after a crash, an upload that was completed is
        used, and one that was not is replaced. What was taken away is left alone.
        """
        if not self._records.stands(source):
            self._copies.drop(source)
            return {"outcome": LEFT_ALONE}
        shown = self._showing.shown(source, found["sha256"], found.get("options"))
        seen = shown.summary()
        outcome = LABELLED if seen.objects or seen.scenes else NOTHING_FOUND
        try:
            file_id = self._uploaded(source, shown, found)
        except errors.SlackRefused as exc:
            # Uploads can be forbidden by policy or storage; the summary in words still helps.
            log.warning("upload_refused", extra={"error": exc.facts["error"]})
            file_id = None
        self._copies.drop(source)
        return {"outcome": outcome, "annotated_file_id": file_id}

    def _uploaded(self, source: ImageSource, shown: Shown, found: dict[str, Any]) -> str:
        if self.shares:
            return self._send(source, shown, found)
        file_id = self._earlier(source)
        if file_id is None:
            file_id = self._send(source, shown, found)
            self._files.complete(file_id)
        self._files.wait_until_ready(file_id)
        return file_id

    def _earlier(self, source: ImageSource) -> str | None:
        kept = self._kept(source)
        if kept is None or self._files.is_uploaded(kept):
            return kept
        self._files.forget(kept)
        return None

    def _kept(self, source: ImageSource) -> str | None:
        records = self._records.pictures(source.message)
        return next((r.annotated_file_id for r in records if r.file_id == source.file_id), None)

    def _send(self, source: ImageSource, shown: Shown, found: dict[str, Any]) -> str:
        style = style_of(shown)
        hiding = self._showing.hiding(source, found["sha256"], shown, style)
        copy = self._copies.get(source)
        annotated = self._pool.annotate(copy, shown.analysis, style, hiding=hiding)
        return self._files.send(
            f"{found['name'].rsplit('.', 1)[0] or 'picture'} - labelled.jpg",
            annotated,
            alt_text=alt_text(shown.summary()),
            on_reserved=lambda file_id: self._records.note_upload(
                source, file_id, attempt=found.get("attempt")
            ),
        )

    # -- where picture blocks are refused

    def share(
        self, message: MessageRef, thread_ts: str, outcomes: list[dict[str, Any]], *, words: str
    ) -> str | None:
        """Share the pictures of an attempt into the thread, as one message; its ts if Slack tells.

        What was completed before, for blocks that Slack then refused, goes up once more.
        Raises: errors.SlackUnknown, after which `shared_before` tells whether it is there.
        """
        fresh = [self._fresh(message, found) for found in outcomes]
        self._files.share(fresh, message.channel, thread_ts, words=words)
        return self._files.shared_ts(fresh[0], message.channel)

    def _fresh(self, message: MessageRef, found: dict[str, Any]) -> str:
        file_id = str(found["annotated_file_id"])
        if not self._files.is_uploaded(file_id):
            return file_id
        source = message.picture(found["file_id"])
        shown = self._showing.shown(source, found["sha256"], found.get("options"))
        return self._send(source, shown, found)

    def shared_before(self, message: MessageRef, outcomes: list[dict[str, Any]]) -> str | None:
        """The ts of the message that shares an attempt's pictures, if it is there already."""
        for found in outcomes:
            kept = self._kept(message.picture(found["file_id"]))
            # One that was completed for a block is not in the thread, however long one looks.
            may_be_shared = self.shares or kept != found["annotated_file_id"]
            if kept and may_be_shared and self._files.is_uploaded(kept):
                ts = self._files.shared_ts(kept, message.channel)
                if ts is None:
                    raise errors.SlackUnknown  # completed, so it is in the thread, or soon will be
                return ts
        return None

    def delete(self, file_ids: Iterable[str]) -> None:
        """Delete uploads that no reply shows any more; gone already is as good.

        Raises: the errors.SlackError family.
        """
        for file_id in sorted(file_ids):
            self._files.delete(file_id)


def style_of(shown: Shown) -> Style:
    """How a channel has its pictures drawn, with the amounts that are shown."""
    amounts = {"threshold_percent": shown.threshold_percent, "max_labels": shown.max_labels}
    return Style.from_json({**shown.settings.style, **amounts})
