"""Puts the working side together: settings in, a program out that does the jobs.

Each part is built once, where it is first needed; what it is for, its own module says. This is long
because whoever adds a part wants to see all the others that it can be built from.
"""

from __future__ import annotations

from functools import cached_property

from bot.access import Access
from bot.adapters.database import Database
from bot.adapters.job_intake import JobIntake
from bot.adapters.job_runner import JobRunner, migrate_jobs
from bot.adapters.jobs import Steps
from bot.adapters.library_records import LibraryRecords
from bot.adapters.memory import collect_rarely, return_freed_memory
from bot.adapters.picture_pool import PicturePool
from bot.adapters.records import Records
from bot.adapters.rekognition import ANSWER_SETTINGS, RekognitionDetector
from bot.adapters.s3 import S3ImageStore
from bot.adapters.s3_links import LinkedObjects
from bot.adapters.slack import Identity, SlackWorkspace
from bot.adapters.slack_files import SlackFiles
from bot.adapters.slack_history import SlackHistory
from bot.alerting import Alerting
from bot.asking import Asking
from bot.audience import Audience
from bot.budget import Budget
from bot.clients import rekognition_client, s3_client, slack_client
from bot.delivering import Delivering
from bot.fetching import Fetching
from bot.forgetting import Forgetting
from bot.intake import Intake
from bot.labelling import Arrivals, Labelling, Rerendering
from bot.library import Exports, Library
from bot.looking import Looking
from bot.matching import Matching
from bot.missed import Missed
from bot.notifying import Notifying
from bot.pausing import Pausing
from bot.previewing import Previewing
from bot.reading_links import ReadingLinks
from bot.removing import Removing
from bot.render_requests import RenderRequests
from bot.rendering import Rendering
from bot.replying import Replying
from bot.seen_before import SeenBefore
from bot.settings import Settings
from bot.showing import Showing
from bot.sweeping import Sweeping
from bot.taking_back import TakingBack
from bot.uploading import ANSWERED, Uploading
from bot.waiting import Waiting
from bot.welcoming import Welcoming
from bot.working_copies import WorkingCopies

_WORK_WITHIN_S = 30.0


class Workshop:
    """What does the jobs: all that a worker needs."""

    def __init__(self, settings: Settings, identity: Identity, *, alone: bool) -> None:
        """Build the use cases; `alone` says that no other process does jobs on this database."""
        self._settings = settings
        self._identity = identity
        self.database = Database(
            settings.database_url.get_secret_value(), statement_timeout_s=_WORK_WITHIN_S
        )
        self._records = Records(self.database)
        self._jobs = JobIntake(self.database)
        self._steps = Steps(retry_for_s=float(settings.retry_for_s), alone=alone)
        self.pool = PicturePool(
            workers=2,
            memory_bytes=int(settings.picture_memory),
            max_frames=settings.picture_frames,
            time_limit_s=30.0,
        )
        self.runner = JobRunner(
            self.database,
            alone=alone,
            has_thread=self._steps.has_thread,
            daily_job="Library.sweep",
        )
        self.labelling = self._labelling()
        self.rerendering = self._rerendering()
        self.library = self._library()
        self.exports = self._exports()

    def launch(self) -> None:
        """Start doing jobs."""
        return_freed_memory()
        waiting = Waiting(
            self._intake,
            self._budget,
            self._records.calls,
            under_way=self.runner.pictures_under_way,
        )
        self.pool.warm_up()
        self.runner.launch(self._jobs, chores=[waiting.resume])
        collect_rarely()

    def stop(self) -> None:
        """Finish what can be finished soon; the rest stays in the database."""
        self._steps.stop()
        self.runner.stop()
        self.pool.close()
        self.runner.leave()

    # -- the jobs

    def _labelling(self) -> Labelling:
        return Labelling(
            self._steps,
            fetching=Fetching(
                self._files, self._store, self._copies, self._records.messages, links=self._links
            ),
            looking=self._looking,
            uploading=self._uploading,
            replying=self._replying,
            alerting=self._alerting,
            arrivals=self._arrivals,
            welcoming=Welcoming(
                self._workspace,
                self._records.watches,
                keep_days=self._settings.keep_days,
                slash_command=self._settings.slash_command,
                label_emoji=self._settings.label_emoji,
                opt_out_emoji=self._settings.opt_out_emoji,
            ),
        )

    def _rerendering(self) -> Rerendering:
        rendering = Rendering(
            self._workspace,
            self._uploading,
            self._replying,
            records=self._records.messages,
            renders=self._records.renders,
        )
        return Rerendering(self._steps, self._uploading, rendering)

    def _library(self) -> Library:
        records, days = self._records, self._settings.keep_days
        taking_back = TakingBack(
            self._workspace,
            self._files,
            self._uploading,
            self._replying,
            messages=records.messages,
            notices=records.notices,
        )
        forgetting = Forgetting(self._store, self._copies, taking_back, records)
        sweeping = Sweeping(
            records.keeping,
            self._removing,
            self._files,
            self._access,
            renders=RenderRequests(self._jobs, records.renders),
            keep_days=days,
        )
        return Library(self._steps, forgetting, sweeping)

    def _exports(self) -> Exports:
        delivering = Delivering(
            workspace=self._workspace,
            files=self._files,
            access=self._access,
            library=LibraryRecords(self.database, ANSWER_SETTINGS, answered=ANSWERED),
            showing=self._showing,
            site_url=self._identity.url,
        )
        return Exports(self._steps, delivering)

    @property
    def _alerting(self) -> Alerting:
        records = self._records
        matching = Matching(self._showing, records.messages, records.watches)
        pausing = Pausing(self._workspace, records)
        notifying = Notifying(
            self._workspace,
            Audience(self._workspace, self._access),
            matching,
            pausing,
            previewing=self._previewing,
            records=records,
            site_url=self._identity.url,
        )
        return Alerting(
            self._steps,
            workspace=self._workspace,
            showing=self._showing,
            matching=matching,
            notifying=notifying,
            pausing=pausing,
            notices=records.notices,
        )

    @property
    def _arrivals(self) -> Arrivals:
        asking = Asking(
            self._workspace,
            self._access,
            self._intake,
            records=self._records.messages,
            watches=self._records.watches,
            links=self._links,
            bot_user=self._identity.user,
        )
        history = SlackHistory(self._workspace)
        records = self._records.messages
        missed = Missed(history, self._intake, self._removing, records, identity=self._identity)
        return Arrivals(asking, missed)

    # -- what they are done with

    @cached_property
    def _intake(self) -> Intake:
        return Intake(
            self._jobs,
            self._records.messages,
            self._records.watches,
            reads_links=bool(self._settings.s3_link_allow),
        )

    @cached_property
    def _removing(self) -> Removing:
        records = self._records
        return Removing(self._jobs, records.messages, records.removals, self._access)

    @cached_property
    def _budget(self) -> Budget:
        return Budget(
            self._jobs,
            self._records.calls,
            limit=self._settings.rekognition_per_month,
            per_second=float(self._settings.rekognition_per_second),
            ops_channel=self._settings.ops_channel,
        )

    @cached_property
    def _looking(self) -> Looking:
        return Looking(
            RekognitionDetector(rekognition_client()),
            self._copies,
            self._records.analyses,
            budget=self._budget,
            messages=self._records.messages,
        )

    @cached_property
    def _showing(self) -> Showing:
        return Showing(
            self._records.analyses,
            self._records.shows,
            self._records.withheld,
            usual_percent=self._settings.show_from_percent,
        )

    @cached_property
    def _uploading(self) -> Uploading:
        return Uploading(
            self._files,
            self.pool,
            self._showing,
            self._copies,
            records=self._records.messages,
            renders=self._records.renders,
            shares=self._settings.reply_picture == "share",
        )

    @property
    def _previewing(self) -> Previewing:
        return Previewing(
            self._files,
            self.pool,
            self._showing,
            self._copies,
            notices=self._records.notices,
            shares=self._settings.reply_picture == "share",
        )

    @cached_property
    def _replying(self) -> Replying:
        return Replying(
            self._workspace,
            self._uploading,
            self._showing,
            self._records.messages,
            seen_before=SeenBefore(self._workspace, self._access, self._records.earlier),
        )

    @property
    def _links(self) -> ReadingLinks:
        return ReadingLinks(
            LinkedObjects(s3_client(), limit_bytes=int(self._settings.download_limit)),
            self._access,
            self._records.messages,
            places=self._settings.s3_link_allow,
            own_bucket=self._settings.s3_bucket,
        )

    # -- whom they talk to

    @cached_property
    def _access(self) -> Access:
        return Access(self._workspace, self._identity.team, admins=self._settings.admins)

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


def migrate(settings: Settings) -> None:
    """Bring the database to this release's shape."""
    database = Database(
        settings.database_url.get_secret_value(), statement_timeout_s=_WORK_WITHIN_S
    )
    database.migrate()
    migrate_jobs(database)
    database.close()
