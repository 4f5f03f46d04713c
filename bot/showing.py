"""What a channel is shown of a picture now: the stored answer, through `bot.shown`, as it is set.

The one way from a stored answer to anything that people see.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from bot import errors
from bot.adapters.analysis_records import AnalysisRecords
from bot.adapters.database import on_one_connection
from bot.adapters.rekognition import parse_detect_labels
from bot.adapters.show_records import ShowRecords
from bot.adapters.withheld_records import WithheldRecords
from bot.drawing_style import Style
from bot.hiding import Hiding, find_hidden
from bot.model import PERCENT_SHOWN_FROM, Analysis, ImageSource, ShowSettings
from bot.show_options import Options, with_options
from bot.shown import Shown, show
from bot.withheld import Withholding


class Showing:
    """Puts together what is known of a picture and what may be seen of it."""

    def __init__(
        self,
        analyses: AnalysisRecords,
        shows: ShowRecords,
        withheld: WithheldRecords,
        *,
        usual_percent: float = PERCENT_SHOWN_FROM,
    ) -> None:
        """Take the answers, the settings and corrections, what is withheld, the usual threshold."""
        self._analyses = analyses
        self._shows = shows
        self._withheld = withheld
        self._usual_percent = usual_percent

    def shown(self, source: ImageSource, sha256: str, options: Options | None = None) -> Shown:
        """What is shown of a picture that was looked at.

        Raises: errors.AnswerNotKept, errors.RecordsUnavailable.
        """
        with on_one_connection():
            settings = with_options(self.settings(source.team, source.channel), options or {})
            answer = self._analysis(source.team, sha256)
            withholding = self.withholding(source.team)
            corrections = self._shows.corrections(source)
        shown = show(answer, settings=settings, withholding=withholding, corrections=corrections)
        waiting = {label.name for label in answer.labels if withholding.is_waiting(label)}
        correctors = dict.fromkeys(one.person for one in corrections)
        return Shown(shown, settings, tuple(correctors), frozenset(waiting))

    def settings(self, team: str, channel: str) -> ShowSettings:
        """What holds in a channel: its own threshold, or that of the whole bot."""
        kept = self._shows.settings(team, channel)
        if kept.threshold_percent is None:
            return dataclasses.replace(kept, threshold_percent=self._usual_percent)
        return kept

    def hiding(self, source: ImageSource, sha256: str, shown: Shown, style: Style) -> Hiding:
        """What a style hides in a picture, shown or not: by what was said before any correction."""
        answer = self._analysis(source.team, sha256) if style.hide else None
        return find_hidden(shown.analysis, style, answer=answer)

    def told(self, source: ImageSource, response: dict[str, Any]) -> Analysis:
        """What may be told of an answer that was fetched already, for whoever fetches many."""
        settings = self._shows.settings(source.team, source.channel)
        return show(
            parse_detect_labels(response),
            settings=settings,
            withholding=self.withholding(source.team),
            corrections=self._shows.corrections(source),
        )

    def withholding(self, team: str) -> Withholding:
        """What a team withholds now."""
        return self._withheld.withholding(team)

    def names_seen(self, team: str) -> dict[str, set[str]]:
        """Every name shown in a team, by channel, without those withheld since.

        Who may know it is decided elsewhere.
        """
        withholding = self.withholding(team)
        return {
            channel: {name for name in names if not withholding.is_withheld(name)}
            for channel, names in self._analyses.names_seen(team).items()
        }

    def note_seen(self, source: ImageSource, shown: Shown) -> None:
        """Remember which names a picture shows in its channel, and which wait for an admin."""
        self._withheld.note_waiting(source.team, shown.waiting)
        self._analyses.note_seen(source, {label.name for label in shown.analysis.labels})

    def note_named(self, sources: Iterable[ImageSource], name: str) -> None:
        """Remember a name that somebody gave to what is in these pictures."""
        for source in sources:
            self._analyses.note_seen(source, {name})

    def _analysis(self, team: str, sha256: str) -> Analysis:
        answer = self._analyses.answer(team, sha256)
        if answer is None:
            raise errors.AnswerNotKept
        return parse_detect_labels(answer)
