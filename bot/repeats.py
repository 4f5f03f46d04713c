"""Knows which of people's requests came before, for as long as their signatures are good."""

from __future__ import annotations

import logging

from bot.adapters.request_records import RequestRecords

log = logging.getLogger(__name__)


class Repeats:
    """Remembers requests by Slack's signature, over all processes."""

    def __init__(self, requests: RequestRecords) -> None:
        """Take the records."""
        self._requests = requests

    def is_first(self, signature: str) -> bool:
        """Whether a request with this signature comes for the first time.

        Raises: errors.RecordsUnavailable.
        """
        is_first = self._requests.note(signature)
        if not is_first:
            log.warning("request_repeated")
        return is_first
