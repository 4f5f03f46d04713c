"""Whether and how a picture behind an S3 link is read: for whom, from where.

Everything that is decided here is decided before AWS is asked anything.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

from bot import errors
from bot.access import Access
from bot.adapters.message_records import MessageRecords
from bot.adapters.s3_links import LinkedObject, LinkedObjects
from bot.links import S3Link, S3Place
from bot.model import MessageRef

log = logging.getLogger(__name__)


class ReadingLinks:
    """Reads what full members of the team link to, in the places that an admin has allowed."""

    def __init__(
        self,
        objects: LinkedObjects,
        access: Access,
        messages: MessageRecords,
        *,
        places: Sequence[S3Place],
        own_bucket: str,
    ) -> None:
        """Take S3, who belongs to the team, the records, the places, and the bot's own bucket."""
        self._objects = objects
        self._access = access
        self._messages = messages
        self._places = places
        self._own_bucket = own_bucket

    def open(
        self, message: MessageRef, file: dict[str, Any]
    ) -> AbstractContextManager[LinkedObject]:
        """What a job's entry with a `link` names; the right of the message's poster counts.

        Raises: errors.LinkOutOfReach, errors.LinkUnavailable, and the errors.SlackError family
        while Slack does not say who somebody is.
        """
        return self.open_for(self._poster(message), file, job=message.id)

    def open_for(
        self, person: str, file: dict[str, Any], *, job: str
    ) -> AbstractContextManager[LinkedObject]:
        """The same for a person who asks, before there is a message; `job` is for the log.

        Raises: as `open`.
        """
        link = S3Link(**file["link"])
        if refusal := self._refusal(link, person):
            # The key of an object that may be private is not for the log either.
            facts = {"job": job, "bucket": link.bucket, "reason": refusal}
            log.warning("link_refused", extra=facts)
            raise errors.LinkOutOfReach
        return self._objects.open(link)

    def _poster(self, message: MessageRef) -> str:
        accepted = self._messages.accepted(message)
        return accepted.poster if accepted else ""

    def _refusal(self, link: S3Link, person: str) -> str | None:
        if link.bucket == self._own_bucket:
            return "own_store"
        if not any(place.holds(link) for place in self._places):
            return "not_allowed"
        if not person or not self._access.is_full_member(person):
            return "no_full_member"
        return None
