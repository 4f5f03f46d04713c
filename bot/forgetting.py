"""How a message, or one of its pictures, is forgotten: everywhere, and again until nobody is at it.

Each time it takes away what is there by now, and the rows only once no job works on the message any
more: until then something may still come, and the rows say where to look for it. Nothing that it
returns names anything, because the record of its own job stays longest.
"""

from __future__ import annotations

import logging
from typing import Any

from bot.adapters.job_records import JobRecords
from bot.adapters.message_records import MessageRecords
from bot.adapters.removal_records import RemovalRecords
from bot.adapters.s3 import S3ImageStore
from bot.taking_back import TakingBack
from bot.working_copies import WorkingCopies

FORGOTTEN = "forgotten"
AT_WORK = "at_work"
"""The outcome when everything is gone that was there, and more may come."""

log = logging.getLogger(__name__)


class Forgetting:
    """Takes things out of the store, memory, Slack and the records."""

    def __init__(
        self,
        store: S3ImageStore,
        copies: WorkingCopies,
        taking_back: TakingBack,
        *,
        messages: MessageRecords,
        removals: RemovalRecords,
        jobs: JobRecords,
    ) -> None:
        """Take every place where something of a picture may be."""
        self._store = store
        self._copies = copies
        self._taking_back = taking_back
        self._messages = messages
        self._removals = removals
        self._jobs = jobs

    def forget(self, key: str, position: int | None) -> dict[str, Any]:
        """Take away what a key stands for; `{"outcome"}`: forgotten, or at_work to come again.

        Raises: the families of errors.StoreError and SlackError.
        """
        doomed = self._removals.doomed(key, position)
        if doomed is None:
            return {"outcome": FORGOTTEN}
        pictures = self._messages.pictures(doomed.message)
        pictures = [p for p in pictures if doomed.file_id in {None, p.file_id}]
        sha256s = {picture.sha256 for picture in pictures if picture.sha256}
        # Others of the same bytes may wait for a call that was made by this message's copy.
        others = self._removals.sharing(doomed.message, sha256s)
        are_at_work = self._jobs.are_at_work([doomed.message, *others])
        for picture in pictures:
            source = doomed.message.picture(picture.file_id)
            self._store.delete(source.store_key)
            self._copies.drop(source)
        self._taking_back.take_back(doomed, pictures)
        if are_at_work:
            return {"outcome": AT_WORK}
        self._jobs.remove(doomed.message, sha256s)
        file_ids = [picture.file_id for picture in pictures]
        self._removals.erase(doomed, file_ids=file_ids, sha256s=sha256s)
        log.info("forgotten", extra={"job": doomed.message.id})
        return {"outcome": FORGOTTEN}

    def erase_team(self, team: str) -> dict[str, Any]:
        """Remove what is kept of a team besides its messages."""
        self._removals.erase_team(team)
        return {"outcome": FORGOTTEN}
