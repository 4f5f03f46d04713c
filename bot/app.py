"""Puts the web side together: settings in, a Bolt app out that takes Slack's events and answers.

Here and in `workshop`, and nowhere else, adapters are built.
"""

from __future__ import annotations

import logging

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult

import handlers
from bot.access import Access
from bot.adapters.database import Database
from bot.adapters.jobs import JobIntake
from bot.adapters.library_records import LibraryRecords
from bot.adapters.records import Records
from bot.adapters.rekognition import ANSWER_SETTINGS
from bot.adapters.slack import Identity, SlackWorkspace
from bot.answering import Answering, Answers
from bot.answering_channel import ChannelAnswers
from bot.answering_holds import HoldAnswers
from bot.answering_keeping import KeepingAnswers
from bot.answering_watches import WatchAnswers
from bot.budget import Budget
from bot.clients import slack_client
from bot.correcting import Correcting
from bot.explaining import Explaining
from bot.exporting import Exporting
from bot.held_back import HeldBack
from bot.holding import Holding
from bot.intake import Intake
from bot.label_names import LabelNames
from bot.listening import Listening
from bot.listing_watches import ListingWatches
from bot.matching import Matching
from bot.noticing import Noticing
from bot.pressing import Pressing
from bot.removing import Removing
from bot.removing_watches import RemovingWatches
from bot.repeats import Repeats
from bot.requesting import Requesting
from bot.reviewing import Reviewing
from bot.settings import Settings
from bot.showing import Showing
from bot.tuning import Tuning
from bot.uploading import ANSWERED
from bot.watch_window import WatchWindow
from bot.watching import Watching
from handlers.request_repeated import OnRequestRepeated

_ANSWER_WITHIN_S = 2.0
"""How long the web side waits for the database: Slack waits three seconds in all."""

_SLACK_ANSWERS_WITHIN_S = 2
"""And for Slack itself, so that commands typed while it is slow do not hold every thread."""


class FrontDoor:
    """What takes Slack's events in and answers commands: all that the web side needs."""

    def __init__(self, settings: Settings, identity: Identity) -> None:
        """Open the database with a short time-out, and build the Bolt app."""
        self.settings = settings
        self._identity = identity
        self.database = Database(
            settings.database_url.get_secret_value(), statement_timeout_s=_ANSWER_WITHIN_S
        )
        self._records = Records(self.database)
        self.jobs = JobIntake(self.database)
        self.bolt = self._build_bolt()
        self.listening = Listening(
            self.jobs,
            self._records.listening,
            team=identity.team,
            hours=settings.catch_up_hours,
        )

    def _build_bolt(self) -> App:
        client = slack_client(self.settings, timeout_s=_SLACK_ANSWERS_WITHIN_S)
        result = AuthorizeResult(
            enterprise_id=None,
            team_id=self._identity.team,
            bot_token=self.settings.slack_bot_token.get_secret_value(),
            bot_id=self._identity.bot,
            bot_user_id=self._identity.user,
        )
        app = App(
            # Bolt gives loggers of its own a level of its own; this one heeds ours.
            logger=logging.getLogger("slack_bolt"),
            client=client,
            # Asking auth.test for every event would lose events whenever Slack is unwell.
            authorize=lambda: result,
            process_before_response=True,
            # The server has checked the signature before; Socket Mode has none.
            request_verification_enabled=False,
            ssl_check_enabled=False,
        )
        handlers.register(
            app,
            self._use_cases(SlackWorkspace(client, patient=False)),
            slash_command=self.settings.slash_command,
            label_emoji=self.settings.label_emoji,
            opt_out_emoji=self.settings.opt_out_emoji,
        )
        app.use(OnRequestRepeated(Repeats(self._records.requests)))
        return app

    def _use_cases(self, workspace: SlackWorkspace) -> handlers.UseCases:
        access = Access(workspace, self._identity.team, admins=self.settings.admins)
        requesting = self._requesting(access)
        removing = Removing(self.jobs, self._records.messages, self._records.removals, access)
        tuning = Tuning(
            workspace,
            access,
            self._records.shows,
            withheld=self._records.withheld,
            bot_user=self._identity.user,
            usual_percent=self.settings.show_from_percent,
        )
        window = self._watch_window(workspace, access)
        watch_list = self._watch_list(workspace, access, window)
        return handlers.UseCases(
            intake=Intake(
                self.jobs,
                self._records.messages,
                self._records.watches,
                reads_links=bool(self.settings.s3_link_allow),
            ),
            answering=self._answering(
                workspace,
                access,
                requesting=requesting,
                removing=removing,
                others=(tuning.answers, watch_list.answers),
            ),
            requesting=requesting,
            removing=removing,
            tuning=tuning,
            pressing=self._pressing(access),
            watch_list=watch_list,
            watch_window=window,
            noticing=self._noticing(workspace, access),
        )

    def _requesting(self, access: Access) -> Requesting:
        return Requesting(
            self.jobs,
            access,
            messages=self._records.messages,
            watches=self._records.watches,
            slash_command=self.settings.slash_command,
            bot_user=self._identity.user,
        )

    def _answering(
        self,
        workspace: SlackWorkspace,
        access: Access,
        *,
        requesting: Requesting,
        removing: Removing,
        others: tuple[Answers, ...],
    ) -> Answering:
        name, watches = self.settings.slash_command, self._records.watches
        keep_days = self.settings.keep_days
        return Answering(
            requesting.answers,
            self._exporting(access).answers,
            self._watch_answers(access).answers,
            ChannelAnswers(
                access,
                Budget(self.jobs, self._records.calls, limit=self.settings.rekognition_per_month),
                self._records,
                self._showing,
                slash_command=name,
                label_emoji=self.settings.label_emoji,
                bot_user=self._identity.user,
                keep_days=keep_days,
            ).answers,
            KeepingAnswers(
                access, removing, watches, slash_command=name, keep_days=keep_days
            ).answers,
            *others,
            self._reviewing(access).answers,
            self._correcting(access).answers,
            self._explaining(access).answers,
            HoldAnswers(self._holding(workspace, access), watches, slash_command=name).answers,
            slash_command=name,
            label_emoji=self.settings.label_emoji,
        )

    def _pressing(self, access: Access) -> Pressing:
        return Pressing(
            access,
            self.jobs,
            self._records.renders,
            watching=self._watch_answers(access),
            correcting=self._correcting(access),
            exporting=self._exporting(access),
            explaining=self._explaining(access),
        )

    def _exporting(self, access: Access) -> Exporting:
        library = LibraryRecords(self.database, ANSWER_SETTINGS, answered=ANSWERED)
        return Exporting(access, self.jobs, library)

    def _noticing(self, workspace: SlackWorkspace, access: Access) -> Noticing:
        records = self._records
        return Noticing(
            access,
            records.notices,
            holding=self._holding(workspace, access),
            removing=RemovingWatches(access, records.watches),
            explaining=self._explaining(access),
            held_back=HeldBack(
                access,
                messages=records.messages,
                events=records.watch_events,
                site_url=self._identity.url,
            ),
        )

    def _holding(self, workspace: SlackWorkspace, access: Access) -> Holding:
        return Holding(
            workspace,
            access,
            watches=self._records.watches,
            holds=self._records.holds,
            slash_command=self.settings.slash_command,
        )

    def _explaining(self, access: Access) -> Explaining:
        matching = Matching(self._showing, self._records.messages, self._records.watches)
        return Explaining(
            access, matching, self._records, slash_command=self.settings.slash_command
        )

    def _watch_answers(self, access: Access) -> WatchAnswers:
        return WatchAnswers(
            self._watching(access),
            self._records.watches,
            slash_command=self.settings.slash_command,
        )

    def _watching(self, access: Access) -> Watching:
        return Watching(access, self._names(access), self._records.watches)

    def _names(self, access: Access) -> LabelNames:
        name = self.settings.slash_command
        return LabelNames(access, self._showing, self._records.catalogue, slash_command=name)

    def _reviewing(self, access: Access) -> Reviewing:
        return Reviewing(
            access,
            self._records.withheld,
            self._records.catalogue,
            slash_command=self.settings.slash_command,
        )

    def _watch_window(self, workspace: SlackWorkspace, access: Access) -> WatchWindow:
        return WatchWindow(workspace, self._watching(access), self._names(access))

    def _watch_list(
        self, workspace: SlackWorkspace, access: Access, window: WatchWindow
    ) -> ListingWatches:
        return ListingWatches(
            access,
            window,
            self._holding(workspace, access),
            RemovingWatches(access, self._records.watches),
            watches=self._records.watches,
            holds=self._records.holds,
            slash_command=self.settings.slash_command,
        )

    def _correcting(self, access: Access) -> Correcting:
        return Correcting(
            access,
            self._showing,
            self.jobs,
            messages=self._records.messages,
            renders=self._records.renders,
            shows=self._records.shows,
            withheld=self._records.withheld,
            catalogue=self._records.catalogue,
        )

    @property
    def _showing(self) -> Showing:
        return Showing(
            self._records.analyses,
            self._records.shows,
            self._records.withheld,
            usual_percent=self.settings.show_from_percent,
        )

    def is_ready(self) -> bool:
        """Whether an event could be stored right now."""
        return self.database.is_there()
