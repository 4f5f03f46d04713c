"""Puts things together: settings in, a running program out. The only place that builds adapters.

A long file on purpose: what is built from what is seen here in one place.
"""

from __future__ import annotations

import logging
from functools import cached_property

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult

import handlers
from bot.access import Access
from bot.adapters.analysis_records import AnalysisRecords
from bot.adapters.call_records import CallRecords
from bot.adapters.database import Database
from bot.adapters.job_runner import JobRunner, migrate_jobs
from bot.adapters.jobs import JobIntake, Steps
from bot.adapters.listening_records import ListeningRecords
from bot.adapters.memory import return_freed_memory
from bot.adapters.message_records import MessageRecords
from bot.adapters.picture_pool import PicturePool
from bot.adapters.rekognition import ANSWER_SETTINGS, RekognitionDetector
from bot.adapters.render_records import RenderRecords
from bot.adapters.s3 import S3ImageStore
from bot.adapters.s3_links import LinkedObjects
from bot.adapters.show_records import ShowRecords
from bot.adapters.slack import Identity, SlackWorkspace
from bot.adapters.slack_files import SlackFiles
from bot.adapters.slack_history import SlackHistory
from bot.adapters.watch_records import WatchRecords
from bot.adapters.withheld_records import WithheldRecords
from bot.alerting import Alerting
from bot.answering import Answering
from bot.asking import Asking
from bot.budget import Budget
from bot.clients import rekognition_client, s3_client, slack_client
from bot.correcting import Correcting
from bot.fetching import Fetching
from bot.intake import Intake
from bot.labelling import Arrivals, Labelling, Rerendering
from bot.listening import Listening
from bot.looking import Looking
from bot.missed import Missed
from bot.reading_links import ReadingLinks
from bot.rendering import Rendering
from bot.replying import Replying
from bot.requesting import Requesting
from bot.reviewing import Reviewing
from bot.seen_before import SeenBefore
from bot.settings import Settings
from bot.showing import Showing
from bot.tuning import Tuning
from bot.uploading import Uploading
from bot.waiting import Waiting
from bot.welcoming import Welcoming
from bot.working_copies import WorkingCopies

_ANSWER_WITHIN_S = 2.0
"""How long the web side waits for the database: Slack waits three seconds in all."""

_SLACK_ANSWERS_WITHIN_S = 2
"""And for Slack itself, so that commands typed while it is slow do not hold every thread."""

_WORK_WITHIN_S = 30.0


def showing_on(database: Database) -> Showing:
    """What is shown, from the records of a database."""
    return Showing(
        AnalysisRecords(database, ANSWER_SETTINGS), ShowRecords(database), WithheldRecords(database)
    )


class FrontDoor:
    """What takes Slack's events in and answers commands: all that the web side needs."""

    def __init__(self, settings: Settings, identity: Identity) -> None:
        """Open the database with a short time-out, and build the Bolt app."""
        self.settings = settings
        self.database = Database(
            settings.database_url.get_secret_value(), statement_timeout_s=_ANSWER_WITHIN_S
        )
        self.jobs = JobIntake(self.database)
        self.bolt = self._build_bolt(identity)
        self.listening = Listening(
            self.jobs,
            ListeningRecords(self.database),
            team=identity.team,
            hours=settings.catch_up_hours,
        )

    def _build_bolt(self, identity: Identity) -> App:
        token = self.settings.slack_bot_token.get_secret_value()
        client = slack_client(self.settings, timeout_s=_SLACK_ANSWERS_WITHIN_S)
        result = AuthorizeResult(
            enterprise_id=None,
            team_id=identity.team,
            bot_token=token,
            bot_id=identity.bot,
            bot_user_id=identity.user,
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
        use = self._use_cases(SlackWorkspace(client, patient=False), identity)
        handlers.register(
            app,
            use,
            slash_command=self.settings.slash_command,
            label_emoji=self.settings.label_emoji,
        )
        return app

    def _use_cases(self, workspace: SlackWorkspace, identity: Identity) -> handlers.UseCases:
        messages, watches = MessageRecords(self.database), WatchRecords(self.database)
        withheld = WithheldRecords(self.database)
        access = Access(workspace, identity.team, admins=self.settings.admins)
        shows = ShowRecords(self.database)
        tuning = Tuning(workspace, access, shows, bot_user=identity.user)
        reviewing = Reviewing(access, withheld, slash_command=self.settings.slash_command)
        requesting = Requesting(
            self.jobs,
            access,
            messages=messages,
            watches=watches,
            slash_command=self.settings.slash_command,
            bot_user=identity.user,
        )
        return handlers.UseCases(
            intake=Intake(
                self.jobs, messages, watches, reads_links=bool(self.settings.s3_link_allow)
            ),
            answering=Answering(
                access,
                requesting.answers,
                tuning.answers,
                reviewing.answers,
                self._correcting(access).answers,
                watches=watches,
                messages=messages,
                showing=showing_on(self.database),
                slash_command=self.settings.slash_command,
                label_emoji=self.settings.label_emoji,
                bot_user=identity.user,
                budget=Budget(
                    self.jobs,
                    CallRecords(self.database),
                    limit=self.settings.rekognition_per_month,
                ),
            ),
            requesting=requesting,
            tuning=tuning,
        )

    def _correcting(self, access: Access) -> Correcting:
        return Correcting(
            access,
            showing_on(self.database),
            self.jobs,
            messages=MessageRecords(self.database),
            renders=RenderRecords(self.database),
            shows=ShowRecords(self.database),
            withheld=WithheldRecords(self.database),
        )

    def is_ready(self) -> bool:
        """Whether an event could be stored right now."""
        return self.database.is_there()


class Workshop:
    """What does the jobs: all that a worker needs."""

    def __init__(self, settings: Settings, identity: Identity, *, alone: bool) -> None:
        """Build the use cases; `alone` says that no other process does jobs on this database."""
        self._settings = settings
        self._identity = identity
        self.database = Database(
            settings.database_url.get_secret_value(), statement_timeout_s=_WORK_WITHIN_S
        )
        self.pool = PicturePool(
            workers=2,
            memory_bytes=int(settings.picture_memory),
            max_frames=settings.picture_frames,
            time_limit_s=30.0,
        )
        self.runner = JobRunner(
            self.database,
            rekognition_per_second=float(settings.rekognition_per_second),
            alone=alone,
            has_thread=self._steps.has_thread,
        )
        self.labelling = self._labelling()

    def _labelling(self) -> Labelling:
        messages = self._messages
        access = Access(self._workspace, self._identity.team)
        uploading = Uploading(
            self._files,
            self.pool,
            showing_on(self.database),
            self._copies,
            records=messages,
            shares=self._settings.reply_picture == "share",
        )
        replying = Replying(
            self._workspace,
            uploading,
            showing_on(self.database),
            messages,
            seen_before=SeenBefore(self._workspace, access, messages),
        )
        self.rerendering = self._rerendering(uploading, replying)
        return Labelling(
            self._steps,
            fetching=Fetching(
                self._files, self._store, self._copies, messages, links=self._links(messages)
            ),
            looking=self._looking,
            uploading=uploading,
            replying=replying,
            alerting=Alerting(
                self._steps,
                workspace=self._workspace,
                access=access,
                showing=showing_on(self.database),
                watches=WatchRecords(self.database),
                slash_command=self._settings.slash_command,
            ),
            arrivals=self._arrivals(access),
            welcoming=Welcoming(
                self._workspace,
                WatchRecords(self.database),
                keep_days=self._settings.keep_days,
                slash_command=self._settings.slash_command,
                label_emoji=self._settings.label_emoji,
                opt_out_emoji=self._settings.opt_out_emoji,
            ),
        )

    def _arrivals(self, access: Access) -> Arrivals:
        asking = Asking(
            self._workspace,
            access,
            self._intake,
            records=self._messages,
            watches=WatchRecords(self.database),
            bot_user=self._identity.user,
        )
        history = SlackHistory(self._workspace)
        return Arrivals(asking, Missed(history, self._intake, self._identity))

    @cached_property
    def _jobs(self) -> JobIntake:
        return JobIntake(self.database)

    @cached_property
    def _messages(self) -> MessageRecords:
        return MessageRecords(self.database)

    @cached_property
    def _intake(self) -> Intake:
        return Intake(
            self._jobs,
            self._messages,
            WatchRecords(self.database),
            reads_links=bool(self._settings.s3_link_allow),
        )

    @cached_property
    def _budget(self) -> Budget:
        return Budget(
            self._jobs,
            CallRecords(self.database),
            limit=self._settings.rekognition_per_month,
            ops_channel=self._settings.ops_channel,
        )

    def _links(self, messages: MessageRecords) -> ReadingLinks:
        return ReadingLinks(
            LinkedObjects(s3_client(), limit_bytes=int(self._settings.download_limit)),
            Access(self._workspace, self._identity.team),
            messages,
            places=self._settings.s3_link_allow,
            own_bucket=self._settings.s3_bucket,
        )

    def _rerendering(self, uploading: Uploading, replying: Replying) -> Rerendering:
        rendering = Rendering(
            self._workspace,
            uploading,
            replying,
            records=MessageRecords(self.database),
            renders=RenderRecords(self.database),
        )
        return Rerendering(self._steps, uploading, rendering)

    @cached_property
    def _steps(self) -> Steps:
        return Steps(retry_for_s=float(self._settings.retry_for_s))

    @cached_property
    def _workspace(self) -> SlackWorkspace:
        return SlackWorkspace(slack_client(self._settings))

    @cached_property
    def _files(self) -> SlackFiles:
        return SlackFiles(
            self._workspace,
            token=self._settings.slack_bot_token.get_secret_value(),
            api_url=self._settings.slack_api_url,
            download_limit_bytes=int(self._settings.download_limit),
        )

    @cached_property
    def _store(self) -> S3ImageStore:
        return S3ImageStore(s3_client(), self._settings.s3_bucket)

    @cached_property
    def _copies(self) -> WorkingCopies:
        return WorkingCopies(self._store, self.pool)

    @cached_property
    def _looking(self) -> Looking:
        return Looking(
            RekognitionDetector(rekognition_client()),
            self._copies,
            AnalysisRecords(self.database, ANSWER_SETTINGS),
            self._budget,
        )

    def launch(self) -> None:
        """Start doing jobs."""
        return_freed_memory()
        waiting = Waiting(
            self._intake,
            self._budget,
            CallRecords(self.database),
            messages=self._messages,
            under_way=self.runner.messages_under_way,
        )
        self.pool.warm_up()
        self.runner.launch(self._jobs, chores=[waiting.resume])

    def stop(self) -> None:
        """Finish what can be finished soon; the rest stays in the database."""
        self.runner.stop()
        self.pool.close()
        self.runner.leave()


def migrate(settings: Settings) -> None:
    """Bring the database to this release's shape."""
    database = Database(
        settings.database_url.get_secret_value(), statement_timeout_s=_WORK_WITHIN_S
    )
    database.migrate()
    migrate_jobs(database)
    database.close()
