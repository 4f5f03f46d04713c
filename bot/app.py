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
from bot.adapters.job_intake import JobIntake
from bot.adapters.library_records import LibraryRecords
from bot.adapters.records import Records
from bot.adapters.rekognition import ANSWER_SETTINGS
from bot.adapters.slack import Identity, SlackWorkspace
from bot.answering import Answering, Answers
from bot.answering_channel import ChannelAnswers
from bot.answering_keeping import KeepingAnswers
from bot.budget import Budget
from bot.clients import slack_client
from bot.correcting import Correcting
from bot.exporting import Exporting
from bot.intake import Intake
from bot.listening import Listening
from bot.pressing import Pressing
from bot.removing import Removing
from bot.repeats import Repeats
from bot.requesting import Requesting
from bot.reviewing import Reviewing
from bot.settings import Settings
from bot.showing import Showing
from bot.tuning import Tuning
from bot.uploading import ANSWERED
from bot.watch_desk import WatchDesk
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
        watch_desk = WatchDesk(
            workspace,
            access,
            self._records,
            self._showing,
            slash_command=self.settings.slash_command,
            site_url=self._identity.url,
        )
        return handlers.UseCases(
            intake=Intake(
                self.jobs,
                self._records.messages,
                self._records.watches,
                reads_links=bool(self.settings.s3_link_allow),
            ),
            answering=self._answering(
                access,
                requesting=requesting,
                removing=removing,
                others=(tuning.answers, *watch_desk.answers),
            ),
            requesting=requesting,
            removing=removing,
            tuning=tuning,
            pressing=self._pressing(access, watch_desk),
            watch_list=watch_desk.listing,
            watch_window=watch_desk.window,
            noticing=watch_desk.noticing,
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
            ChannelAnswers(
                access,
                Budget(
                    self.jobs,
                    self._records.calls,
                    limit=self.settings.rekognition_per_month,
                    per_second=float(self.settings.rekognition_per_second),
                ),
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
            slash_command=name,
            label_emoji=self.settings.label_emoji,
        )

    def _pressing(self, access: Access, watch_desk: WatchDesk) -> Pressing:
        return Pressing(
            access,
            self.jobs,
            self._records.renders,
            watching=watch_desk.watching,
            correcting=self._correcting(access),
            exporting=self._exporting(access),
            explaining=watch_desk.explaining,
        )

    def _exporting(self, access: Access) -> Exporting:
        library = LibraryRecords(self.database, ANSWER_SETTINGS, answered=ANSWERED)
        return Exporting(access, self.jobs, library)

    def _reviewing(self, access: Access) -> Reviewing:
        return Reviewing(
            access,
            self._records.withheld,
            self._records.catalogue,
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
