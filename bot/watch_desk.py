"""Puts together what the web side has about watches: making, listing, holding and explaining them.

A part of `app`, whose adapters it is given; everything here is made once and shared.
"""

from __future__ import annotations

from functools import cached_property

from bot.access import Access
from bot.adapters.records import Records
from bot.adapters.slack import SlackWorkspace
from bot.answering import Answers
from bot.answering_holds import HoldAnswers
from bot.answering_watches import WatchAnswers
from bot.explaining import Explaining
from bot.held_back import HeldBack
from bot.holding import Holding
from bot.label_names import LabelNames
from bot.listing_watches import ListingWatches
from bot.matching import Matching
from bot.noticing import Noticing
from bot.removing_watches import RemovingWatches
from bot.showing import Showing
from bot.watch_window import WatchWindow
from bot.watching import Watching


class WatchDesk:
    """All use cases about watches, for one workspace."""

    def __init__(
        self,
        workspace: SlackWorkspace,
        access: Access,
        records: Records,
        showing: Showing,
        *,
        slash_command: str,
        site_url: str,
    ) -> None:
        """Take Slack, who may see what, what is kept and shown, our name and the address."""
        self._workspace = workspace
        self._access = access
        self._records = records
        self._showing = showing
        self._name = slash_command
        self._site_url = site_url

    @property
    def answers(self) -> tuple[Answers, ...]:
        """The answers to every command about watches."""
        watches, name = self._records.watches, self._name
        holds = HoldAnswers(self._holding, self._making, watches, slash_command=name)
        answering = (self.watching, self.listing, self.explaining, holds)
        return tuple(each.answers for each in answering)

    @cached_property
    def watching(self) -> WatchAnswers:
        """Carries out `watch` and `unwatch`, typed or pressed."""
        return WatchAnswers(self._making, self._records.watches, slash_command=self._name)

    @cached_property
    def explaining(self) -> Explaining:
        """Says why somebody was told, or was not."""
        matching = Matching(self._showing, self._records.messages, self._records.watches)
        return Explaining(self._access, matching, self._records, slash_command=self._name)

    @cached_property
    def window(self) -> WatchWindow:
        """The window in which a watch is made or changed."""
        return WatchWindow(self._workspace, self._making, self._names)

    @cached_property
    def listing(self) -> ListingWatches:
        """The list of watches, and its buttons."""
        return ListingWatches(
            self._access,
            self.window,
            self._holding,
            self._removing,
            watches=self._records.watches,
            holds=self._records.holds,
            slash_command=self._name,
        )

    @cached_property
    def noticing(self) -> Noticing:
        """The buttons under a notice."""
        return Noticing(
            self._access,
            self._records.notices,
            holding=self._holding,
            removing=self._removing,
            explaining=self.explaining,
            held_back=HeldBack(
                self._access,
                events=self._records.watch_events,
                site_url=self._site_url,
            ),
        )

    @cached_property
    def _making(self) -> Watching:
        return Watching(self._access, self._names, self._records.watches)

    @cached_property
    def _names(self) -> LabelNames:
        return LabelNames(
            self._access, self._showing, self._records.catalogue, slash_command=self._name
        )

    @cached_property
    def _holding(self) -> Holding:
        return Holding(
            self._workspace,
            self._access,
            watches=self._records.watches,
            holds=self._records.holds,
            slash_command=self._name,
        )

    @cached_property
    def _removing(self) -> RemovingWatches:
        return RemovingWatches(self._access, self._records.watches)
