"""The first step of a picture: its original bytes, from Slack or behind a link, into the store."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any

from bot import errors
from bot.adapters.message_records import MessageRecords
from bot.adapters.s3 import S3ImageStore
from bot.adapters.slack_files import SlackFiles
from bot.byte_budget import ByteBudget
from bot.model import ImageSource
from bot.picture_kinds import sniff
from bot.posts import file_facts, is_unprocessed, may_be_picture
from bot.reading_links import ReadingLinks
from bot.working_copies import WorkingCopies

STORED = "stored"
LEFT_ALONE = "left_alone"
"""The outcome of a file that is none of our business, or not any more: nothing is said of it."""
_AT_ONCE = 4
_AT_ONCE_BYTES = 32 * 1024 * 1024


class Fetching:
    """Downloads, checks and stores originals."""

    def __init__(
        self,
        files: SlackFiles,
        store: S3ImageStore,
        copies: WorkingCopies,
        messages: MessageRecords,
        *,
        links: ReadingLinks,
    ) -> None:
        """Take Slack's files, the store, the working copies, the records, and linked objects."""
        self._links = links
        self._files = files
        self._store = store
        self._copies = copies
        self._messages = messages
        # Originals are large and many jobs run at once: this is what bounds the memory for them.
        self._budget = ByteBudget(_AT_ONCE_BYTES, most=_AT_ONCE)

    def fetch(self, source: ImageSource, file: dict[str, Any]) -> dict[str, Any]:
        """Store one file's original byte for byte; `{"outcome": "stored", "sha256", "name", ...}`.

        `size_px` and `copy_px` are (width, height) of the upright original and its working copy.
        The second time writes the same bytes under the same key. An entry that came with a reason
        is no picture, and ends in that.
        Raises: the families of errors.FileError, PictureError and StoreError;
        errors.LinkOutOfReach, errors.LinkUnavailable; the errors.SlackError family.
        """
        if not self._messages.stands(source):
            return {"outcome": LEFT_ALONE}
        if "reason" in file:
            return dict(file["reason"])
        outcome = self._fetch(source, file)
        if not self._messages.stands(source):
            # Whoever took it away removes the original once this job is done.
            self._copies.drop(source)
            return {"outcome": LEFT_ALONE}
        return outcome

    def _fetch(self, source: ImageSource, file: dict[str, Any]) -> dict[str, Any]:
        if "link" in file:
            return self._fetch_linked(source, file)
        if file["needs_info"] or not file["url_private"]:
            # A job that somebody asked for says so; one that Slack's delivery made says nothing.
            is_asked = file.get("is_asked", False)
            file = file_facts(self._files.info(file["id"]))
            if not is_asked and is_unprocessed(file):
                raise errors.FileUnavailable
            if not (is_asked or may_be_picture(file)):
                return {"outcome": LEFT_ALONE}
        if file["is_external"] or file["mode"] in {"hidden_by_limit", "file_access"}:
            raise errors.FileHidden
        with self._hold(file["size_bytes"]):
            return self._keep(source, file["name"], self._files.download(file))

    def _fetch_linked(self, source: ImageSource, file: dict[str, Any]) -> dict[str, Any]:
        with self._links.open(source.message, file) as found:
            if sniff(found.head) is None:
                # People link to all sorts of objects, also huge ones: only who asked about this
                # one hears that it is no picture.
                if not file.get("is_asked", False):
                    return {"outcome": LEFT_ALONE}
                raise errors.NotAPicture if found.head else errors.PictureEmpty
            with self._hold(found.size_bytes):
                return self._keep(source, file["name"], found.read())

    def _hold(self, size_bytes: int | None) -> AbstractContextManager[None]:
        """Room for an original, only from its first byte on: Slack and S3 may be slow to answer."""
        return self._budget.hold(size_bytes or _AT_ONCE_BYTES)

    def _keep(self, source: ImageSource, name: str, data: bytes) -> dict[str, Any]:
        if not data:
            raise errors.PictureEmpty
        if sniff(data) is None:
            raise errors.NotAPicture
        sizes = self._store_and_decode(source, data)
        sha256 = hashlib.sha256(data).hexdigest()
        self._messages.note_picture(source.message, source.file_id, sha256=sha256)
        return {"outcome": STORED, "sha256": sha256, "name": name, **sizes}

    def _store_and_decode(self, source: ImageSource, data: bytes) -> dict[str, Any]:
        # Both take their time and neither needs the other.
        with ThreadPoolExecutor(max_workers=1) as beside:
            stored = beside.submit(self._store.store, source.store_key, data)
            prepared = self._copies.make(source, data)
            stored.result()
        return {"size_px": list(prepared.original_size_px), "copy_px": list(prepared.size_px)}
