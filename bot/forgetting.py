"""How a message, or one of its pictures, is forgotten: everywhere, and again until nobody is at it.

First goes what waits for nobody: the originals and the answers. Then goes the rest, and the rows
only once no job works on the message any more: until then something may still come, and the rows
say where to look for it. Nothing that is returned names anything, because the record of the job
that forgets stays longest.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bot.adapters.message_records import PictureRecord
from bot.adapters.records import Records
from bot.adapters.removal_records import Doomed
from bot.adapters.s3 import S3ImageStore
from bot.taking_back import TakingBack, uploads_of
from bot.working_copies import WorkingCopies

FORGOTTEN = "forgotten"
AT_WORK = "at_work"
"""The outcome when everything is gone that was there, and more may come."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Lot:
    """What is to be forgotten, with those of its pictures that are meant."""

    doomed: Doomed
    pictures: list[PictureRecord]

    @cached_property
    def sha256s(self) -> set[str]:
        """What the answers about its pictures are kept by."""
        return {picture.sha256 for picture in self.pictures if picture.sha256}

    @property
    def job_ids(self) -> list[str]:
        """The jobs that are not called by the message."""
        return [picture.asked_job for picture in self.pictures if picture.asked_job]


class Forgetting:
    """Takes things out of the store, memory, Slack and the records."""

    def __init__(
        self,
        store: S3ImageStore,
        copies: WorkingCopies,
        taking_back: TakingBack,
        records: Records,
    ) -> None:
        """Take every place where something of a picture may be."""
        self._store = store
        self._copies = copies
        self._taking_back = taking_back
        self._messages = records.messages
        self._removals = records.removals
        self._erasing = records.erasing
        self._jobs = records.jobs

    def drop_content(self, key: str, position: int | None) -> dict[str, Any]:
        """Take away the originals and the answers about them; `{"outcome": "forgotten"}`.

        Raises: the family of errors.StoreError.
        """
        lot = self._find(key, position)
        if lot:
            self._drop_content(lot)
        return {"outcome": FORGOTTEN}

    def take_back(self, key: str, position: int | None) -> dict[str, Any]:
        """Take away what was said in Slack by now, also while jobs are at work.

        Raises: the family of errors.SlackError.
        """
        lot = self._find(key, position)
        if lot:
            self._taking_back.take_back(lot.doomed, lot.pictures)
        return {"outcome": FORGOTTEN}

    def finish(self, key: str, position: int | None) -> dict[str, Any]:
        """Take all away that is left; `{"outcome"}`: forgotten, or at_work to come again.

        Raises: the families of errors.StoreError and SlackError.
        """
        lot = self._find(key, position)
        if lot is None:
            return {"outcome": FORGOTTEN}
        if self._are_at_work(lot):
            return {"outcome": AT_WORK}
        self._drop_content(lot)
        self._taking_back.take_back(lot.doomed, lot.pictures)
        return {"outcome": FORGOTTEN if self._erase(lot) else AT_WORK}

    def _find(self, key: str, position: int | None) -> Lot | None:
        doomed = self._removals.doomed(key, position)
        if doomed is None:
            return None
        pictures = self._messages.pictures(doomed.message)
        return Lot(doomed, [p for p in pictures if doomed.file_id in {None, p.file_id}])

    def _are_at_work(self, lot: Lot) -> bool:
        message = lot.doomed.message
        # Others of the same bytes may wait for a call that was made by this message's copy.
        others = self._removals.sharing(message, lot.sha256s)
        return self._jobs.are_at_work([message, *others], job_ids=lot.job_ids)

    def _drop_content(self, lot: Lot) -> None:
        for picture in lot.pictures:
            source = lot.doomed.message.picture(picture.file_id)
            self._store.delete(source.store_key)
            self._copies.drop(source)
        self._erasing.erase_analyses(lot.doomed.message.team, lot.sha256s)

    def _erase(self, lot: Lot) -> bool:
        """Remove the records; False where somebody came to work, or something changed."""
        if self._are_at_work(lot):
            return False
        self._jobs.remove(lot.doomed.message, lot.sha256s, job_ids=lot.job_ids)
        is_erased = self._erasing.erase(
            lot.doomed,
            file_ids=[picture.file_id for picture in lot.pictures],
            sha256s=lot.sha256s,
            uploads=uploads_of(lot.pictures),
        )
        if is_erased:
            log.info("forgotten", extra={"job": lot.doomed.message.id})
        return is_erased

    def erase_team(self, team: str) -> dict[str, Any]:
        """Remove what is kept of a team besides its messages."""
        self._erasing.erase_team(team)
        return {"outcome": FORGOTTEN}

    def end_team(self, team: str) -> dict[str, Any]:
        """Remove the last of a team's own rows, the guards; at_work while messages are left."""
        if self._removals.is_any_left(team):
            return {"outcome": AT_WORK}
        self._erasing.erase_guards(team)
        return {"outcome": FORGOTTEN}

    def end_records(self, purge_id: str) -> dict[str, Any]:
        """Remove the records of the jobs of the team that this job purged; at_work while any is."""
        return {"outcome": FORGOTTEN if self._jobs.remove_of_purged(purge_id) else AT_WORK}
