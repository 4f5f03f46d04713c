"""What waits for the month's limit of calls goes on by itself once there are calls left."""

from __future__ import annotations

import logging
from collections.abc import Callable

from bot.adapters.call_records import CallRecords
from bot.budget import Budget
from bot.intake import Intake

_AT_ONCE = 10

log = logging.getLogger(__name__)


class Waiting:
    """Opens the next attempt for waiting messages, as many at a time as the month has room for.

    Each is opened once, whichever process is first: with that, it waits no longer.
    """

    def __init__(
        self,
        intake: Intake,
        budget: Budget,
        calls: CallRecords,
        *,
        under_way: Callable[[], int],
    ) -> None:
        """Take what opens attempts, the month's limit, who waits for it, and what goes on."""
        self._intake = intake
        self._calls = calls
        self._budget = budget
        self._under_way = under_way

    def resume(self) -> None:
        """Open the next few, the oldest first.

        Raises: errors.RecordsUnavailable.
        """
        waiting = self._calls.waiting(limit=_AT_ONCE)
        room = self._room() if waiting else 0
        for message in waiting:
            if room < 1:
                break
            pictures = self._intake.resume(message)
            log.info("message_resumed", extra={"job": message.id, "pictures": pictures})
            room -= pictures

    def _room(self) -> int:
        """Calls that nobody else is about to make: what is under way may need some of them."""
        left = self._budget.left()
        room = _AT_ONCE if left is None else left
        return room - self._under_way() if room else 0
