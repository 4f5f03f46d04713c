"""The small annotated picture in a notice: uploaded once per picture, where nobody sees it yet.

A courtesy: whatever keeps it from being made, the notice goes without. It goes with its notice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from bot import errors
from bot.adapters.notice_records import NoticeRecord, NoticeRecords
from bot.adapters.picture_pool import PicturePool
from bot.adapters.slack_files import SlackFiles
from bot.alt_text import alt_text
from bot.showing import Showing
from bot.shown import Shown
from bot.uploading import style_of
from bot.working_copies import WorkingCopies

_NAME = "preview.jpg"

log = logging.getLogger(__name__)


class Previewing:
    """Makes previews; where blocks may not show files (`shares`), there are none."""

    def __init__(
        self,
        files: SlackFiles,
        pool: PicturePool,
        showing: Showing,
        copies: WorkingCopies,
        *,
        notices: NoticeRecords,
        shares: bool,
    ) -> None:
        """Take Slack's files, the drawing pool, what is shown, the working copies, the records."""
        self._files = files
        self._pool = pool
        self._showing = showing
        self._copies = copies
        self._notices = notices
        self._shares = shares

    def preview(
        self, notice: NoticeRecord, sha256: str, shown: Shown, *, may_draw: Callable[[], bool]
    ) -> str | None:
        """The file that shows the picture in a notice, ready to be posted; None without one.

        What another notice about the same picture shows is shown again; what is not there yet is
        made where `may_draw` says so. The file id is kept before any byte goes: after a crash, an
        upload that was not finished is replaced.
        Raises: errors.RecordsUnavailable.
        """
        if self._shares:
            return None
        try:
            known = self._known(notice)
            return known or (self._made(notice, sha256, shown) if may_draw() else None)
        except errors.RecordsUnavailable:
            raise
        except errors.SpotterError as exc:
            log.info("preview_left_out", extra={"error": exc.facts.get("error", exc.code)})
            return None

    def forget(self, preview: str | None) -> None:
        """Delete a preview of a picture that was taken away while it was drawn."""
        if preview:
            self._files.forget(preview)

    def _known(self, notice: NoticeRecord) -> str | None:
        about = [n for n in self._notices.of_message(notice.source.message) if _same(n, notice)]
        for file_id in dict.fromkeys(n.preview_file_id for n in about):
            if file_id and self._files.is_uploaded(file_id):
                self._files.wait_until_ready(file_id)
                self._notices.note_preview(notice.key, file_id)
                return file_id
        return None

    def _made(self, notice: NoticeRecord, sha256: str, shown: Shown) -> str:
        if notice.preview_file_id:
            self._files.forget(notice.preview_file_id)
        file_id = self._files.send(
            _NAME,
            self._drawn(notice, sha256, shown),
            alt_text=alt_text(shown.summary()),
            on_reserved=lambda file_id: self._notices.note_preview(notice.key, file_id),
        )
        self._files.complete(file_id)
        self._files.wait_until_ready(file_id)
        return file_id

    def _drawn(self, notice: NoticeRecord, sha256: str, shown: Shown) -> bytes:
        style = style_of(shown)
        hiding = self._showing.hiding(notice.source, sha256, shown, style)
        copy = self._copies.get(notice.source)
        try:
            return self._pool.preview(copy, shown.analysis, style, hiding=hiding)
        finally:
            self._copies.drop(notice.source)


def _same(one: NoticeRecord, other: NoticeRecord) -> bool:
    """Whether two notices are about the same picture."""
    return one.source == other.source
