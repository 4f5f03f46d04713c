"""What watches say to a picture as it is shown now, and under which circumstances it was posted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot import rules
from bot.adapters.database import on_one_connection
from bot.adapters.message_records import Accepted, MessageRecords
from bot.adapters.watch_records import WatchRecords
from bot.model import ImageSource, Watch
from bot.rules import Posted, Rule, Verdict
from bot.showing import Showing
from bot.shown import Shown


@dataclass(frozen=True)
class SeenPicture:
    """A picture that stands: what is shown of it, and how it was posted."""

    source: ImageSource
    sha256: str
    accepted: Accepted
    shown: Shown
    s3_url: str | None = None

    def posted(self, watch: Watch) -> Posted:
        """The circumstances, as a watch's rule asks for them."""
        return Posted(
            channel=self.source.channel,
            poster=self.accepted.poster,
            is_own=watch.owner == self.accepted.poster,
            by_bot=self.accepted.is_from_bot,
            s3_url=self.s3_url,
        )


@dataclass(frozen=True)
class Match:
    """What one watch says to a picture."""

    watch: Watch
    rule: Rule
    verdict: Verdict


class Matching:
    """Finds the watches that a picture fires."""

    def __init__(self, showing: Showing, messages: MessageRecords, watches: WatchRecords) -> None:
        """Take what is shown, and the records."""
        self._showing = showing
        self._messages = messages
        self._watches = watches

    def seen(self, source: ImageSource) -> SeenPicture | None:
        """A picture that was looked at; None when it stands no more.

        Raises: errors.AnswerNotKept.
        """
        with on_one_connection():
            accepted = self._messages.accepted(source.message)
            pictures = self._messages.pictures(source.message)
            found = [one for one in pictures if one.file_id == source.file_id]
            if accepted is None or not found or not self._messages.stands(source):
                return None
            (picture,) = found
            sha256 = picture.sha256 or ""
            shown = self._showing.shown(source, sha256)
        link = picture.link
        url = f"s3://{link['bucket']}/{link['key']}" if link else None
        return SeenPicture(source, sha256, accepted, shown, url)

    def find(self, seen: SeenPicture) -> list[Match]:
        """The watches of the team that fire for a picture, the oldest first."""
        names = rules.names_of(seen.shown.analysis)
        return self.fired(self._watches.for_labels(seen.source.team, names), seen)

    def fired(self, watches: Iterable[Watch], seen: SeenPicture) -> list[Match]:
        """Those of the watches that fire for a picture."""
        matches = (self.match(watch, seen) for watch in watches)
        return [match for match in matches if match.verdict.fired]

    def match(self, watch: Watch, seen: SeenPicture) -> Match:
        """What one watch says to a picture, and why."""
        rule = rules.stored_rule(watch.rule_text)
        verdict = rule.explain(
            seen.shown.analysis,
            threshold_percent=seen.shown.threshold_percent,
            posted=seen.posted(watch),
        )
        return Match(watch, rule, verdict)
