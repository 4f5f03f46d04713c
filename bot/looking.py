"""The second step of a picture: what Rekognition says about it, asked at most once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from bot import errors
from bot.adapters.analysis_records import AnalysisRecords
from bot.adapters.database import on_one_connection
from bot.adapters.message_records import MessageRecords
from bot.adapters.rekognition import RekognitionDetector
from bot.budget import Budget
from bot.fetching import LEFT_ALONE, STORED
from bot.model import ImageSource
from bot.working_copies import WorkingCopies

SEEN = "seen"
UNSEEN = "unseen"
_IN_LINE = 8
"""How many calls of a process wait for their turn, each with its picture in memory."""
_WRITE_TRIES = 600
_WRITE_PAUSE_S = 1.0


def _write(write: Callable[[], None]) -> None:
    """Write what was paid for, however long the database is away: a call made again costs again."""
    for _ in range(_WRITE_TRIES):
        try:
            return write()
        except errors.RecordsUnavailable:
            time.sleep(_WRITE_PAUSE_S)
    return write()


class Looking:
    """Asks Rekognition, and keeps its whole answer."""

    def __init__(
        self,
        detector: RekognitionDetector,
        copies: WorkingCopies,
        analyses: AnalysisRecords,
        *,
        budget: Budget,
        messages: MessageRecords,
    ) -> None:
        """Take the detector, the working copies, the records, and what allows a call."""
        self._detector = detector
        self._copies = copies
        self._analyses = analyses
        self._budget = budget
        self._messages = messages
        self._line = threading.Semaphore(_IN_LINE)

    def recall(self, source: ImageSource, sha256: str) -> dict[str, Any]:
        """`{"outcome": "seen"}` when the answer is kept, else `{"outcome": "unseen", "calls"}`.

        `calls` is how many calls for this picture ended without an answer. What was taken away in
        the meantime is left alone.
        """
        with on_one_connection():
            stands = self._messages.stands(source)
            is_answered, calls = self._analyses.asked(source.team, sha256)
        if not stands:
            self._copies.drop(source)
            return {"outcome": LEFT_ALONE}
        return {"outcome": SEEN} if is_answered else {"outcome": UNSEEN, "calls": calls}

    def ask(self, source: ImageSource, sha256: str, calls: int) -> dict[str, Any]:
        """One DetectLabels call; `{"outcome": "seen"}`, or how it failed.

        Never raises what we know: a second call must be reserved like the first.
        Every failure is counted, so that Try again asks anew instead of finding this very one.
        A picture that was taken away is not asked for; who posted the same asks by their own copy.
        """
        try:
            with self._line:
                known = self.recall(source, sha256)
                if known["outcome"] != UNSEEN:
                    return known if known["outcome"] == SEEN else {"outcome": STORED}
                picture = self._copies.get(source)
                self._budget.reserve()
            response = self._detector.detect_labels(picture)
        except Exception as exc:
            if not self._messages.stands(source):
                return {"outcome": STORED}
            self.note_lost(source.team, sha256, calls)
            if not isinstance(exc, errors.SpotterError):
                raise
            return exc.to_outcome()
        _write(partial(self._analyses.note_answer, source.team, sha256, response))
        return {"outcome": SEEN}

    def note_lost(self, team: str, sha256: str, calls: int) -> dict[str, Any]:
        """Count a call that brought no answer."""
        _write(partial(self._analyses.note_call, team, sha256, calls=calls + 1))
        return errors.DetectorUnavailable().to_outcome()
