"""An export becomes a file in its asker's direct messages: written, sent, shared once.

The file id is kept before the file is shared, which is the one step that people see; Slack's own
list of a file's shares tells whether that was done.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import tempfile
from collections.abc import Iterator
from typing import Any

from bot import errors
from bot.access import Access
from bot.adapters.library_records import KeptPicture, LibraryRecords
from bot.adapters.slack import SlackWorkspace
from bot.adapters.slack_files import SlackFiles
from bot.exported_picture import ExportedPicture
from bot.exports import MAX_BYTES, Scope, Written, file_name, write_export
from bot.model import Analysis
from bot.showing import Showing
from bot.summary import counted

MADE = "made"
DELIVERED = "delivered"


class Delivering:
    """Makes exports and hands them over; `job` holds team, person, format and scope."""

    def __init__(
        self,
        *,
        workspace: SlackWorkspace,
        files: SlackFiles,
        access: Access,
        library: LibraryRecords,
        showing: Showing,
        site_url: str,
    ) -> None:
        """Take Slack, who may see what, what is kept, what may be told of it, and our address."""
        self._workspace = workspace
        self._files = files
        self._access = access
        self._library = library
        self._showing = showing
        self._site_url = site_url

    def make(self, job: dict[str, Any]) -> dict[str, Any]:
        """Write the file and send it, not shared yet; `{"outcome": "made", "file_id", ...}`.

        Holds those of the channels that the asker may see now. A file that was sent before a
        crash is not looked for: Slack drops uploads that nobody finishes.
        Raises: the errors.ExportError and errors.SlackError families, errors.RecordsUnavailable.
        """
        scope = Scope.from_json(job["scope"])
        seen = tuple(self._access.visible(job["person"], scope.channels))
        if not seen:
            raise errors.ChannelNotSeen
        place = self._workspace.open_dm(job["person"])
        pictures = self._pictures(job["team"], dataclasses.replace(scope, channels=seen))
        file_id, written = self._send(pictures, file_format=job["format"])
        return {
            "outcome": MADE,
            "file_id": file_id,
            "place": place,
            "channels": list(seen),
            "pictures": written.pictures,
            "left_out": written.left_out,
            "size_bytes": written.size_bytes,
        }

    def _pictures(self, team: str, scope: Scope) -> Iterator[ExportedPicture]:
        for kept in self._library.pictures(team, scope):
            analysis = self._showing.told(kept.source, kept.response)
            yield _exported(kept, analysis, site_url=self._site_url)

    def _send(
        self, pictures: Iterator[ExportedPicture], *, file_format: str
    ) -> tuple[str, Written]:
        made_at = dt.datetime.now(tz=dt.UTC)
        # Without a name on disk, so that nothing is left behind by whatever ends the process.
        with tempfile.TemporaryFile() as file:
            written = write_export(
                pictures, file, file_format=file_format, made_at=made_at, max_bytes=MAX_BYTES
            )
            if not written.pictures:
                raise errors.SizesNotKept if written.left_out else errors.NothingToExport
            file.seek(0)
            name = file_name(file_format, made_at)
            return self._files.send_file(name, file, size_bytes=written.size_bytes), written

    def deliver(self, job: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
        """Share what was made with its asker, unless that was done; `{"outcome": "delivered"}`.

        Raises: errors.ChannelNotSeen when the asker may no longer see what is in the file;
        errors.SlackError, after which a second call looks for the file first.
        """
        file_id, place = made["file_id"], made["place"]
        if self._files.is_shared(file_id, place):
            return {"outcome": DELIVERED}
        channels = made["channels"]
        if list(self._access.visible(job["person"], channels)) != channels:
            self._files.forget(file_id)
            raise errors.ChannelNotSeen
        try:
            self._files.share([file_id], place, words=_words(made))
        except (errors.SlackUnknown, errors.SlackRefused):
            # Perhaps it is on its way: Slack shares only after it has processed a file, and
            # refuses to finish an upload twice.
            if not self._is_shared_by_now(file_id, place):
                raise
        return {"outcome": DELIVERED}

    def _is_shared_by_now(self, file_id: str, place: str) -> bool:
        try:
            return self._files.shared_ts(file_id, place) is not None
        except errors.FileError:
            return False

    def explain(self, job: dict[str, Any], outcome: dict[str, Any], key: str) -> dict[str, Any]:
        """Tell the asker why there is no file, once; `key` finds what was told before.

        Raises: errors.SlackError, after which a second call looks the message up first.
        """
        reason = errors.describe(outcome)
        if isinstance(reason, errors.SlackError):
            error = reason.facts.get("error", "no answer")
            reason = errors.ExportNotTaken(error=error)
        place = self._workspace.open_dm(job["person"])
        if self._workspace.find_post(place, key=key) is None:
            self._workspace.post(place, {"text": str(reason)}, key=key)
        return {"outcome": "explained"}


def _exported(kept: KeptPicture, analysis: Analysis, *, site_url: str) -> ExportedPicture:
    return ExportedPicture(
        source=kept.source,
        thread_ts=kept.thread_ts,
        poster=kept.poster,
        file_name=str(kept.outcome.get("name") or ""),
        size_px=_size(kept.outcome.get("size_px")),
        copy_px=_size(kept.outcome.get("copy_px")),
        analysis=analysis,
        site_url=site_url,
    )


def _size(kept: list[int] | None) -> tuple[int, int] | None:
    return (kept[0], kept[1]) if kept else None


def _words(made: dict[str, Any]) -> str:
    """The message that brings the file."""
    text = f"The labels of {counted(made['pictures'], 'picture')}, as you asked."
    if made["left_out"]:
        text += (
            f" {made['left_out']} more had to be left out: COCO needs sizes in pixels, and theirs "
            "were not kept. The formats json and csv have them all."
        )
    return text
