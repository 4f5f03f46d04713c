"""Everything that is kept, on one database: each kind of it by its name."""

from __future__ import annotations

from bot.adapters.analysis_records import AnalysisRecords
from bot.adapters.call_records import CallRecords
from bot.adapters.catalogue_records import CatalogueRecords
from bot.adapters.database import Database
from bot.adapters.earlier_records import EarlierRecords
from bot.adapters.erasing_records import ErasingRecords
from bot.adapters.hold_records import HoldRecords
from bot.adapters.job_records import JobRecords
from bot.adapters.keeping_records import KeepingRecords
from bot.adapters.listening_records import ListeningRecords
from bot.adapters.message_records import MessageRecords
from bot.adapters.notice_records import NoticeRecords
from bot.adapters.pause_records import PauseRecords
from bot.adapters.rekognition import ANSWER_SETTINGS
from bot.adapters.removal_records import RemovalRecords
from bot.adapters.render_records import RenderRecords
from bot.adapters.request_records import RequestRecords
from bot.adapters.sending_records import SendingRecords
from bot.adapters.show_records import ShowRecords
from bot.adapters.watch_event_records import WatchEventRecords
from bot.adapters.watch_records import WatchRecords
from bot.adapters.withheld_records import WithheldRecords


class Records:
    """What the program remembers; none of them holds a connection of its own."""

    def __init__(self, database: Database) -> None:
        """Take the database that all of it lies in."""
        self.analyses = AnalysisRecords(database, ANSWER_SETTINGS)
        self.calls = CallRecords(database)
        self.catalogue = CatalogueRecords(database)
        self.earlier = EarlierRecords(database)
        self.erasing = ErasingRecords(database)
        self.holds = HoldRecords(database)
        self.jobs = JobRecords(database)
        self.keeping = KeepingRecords(database)
        self.listening = ListeningRecords(database)
        self.messages = MessageRecords(database)
        self.notices = NoticeRecords(database)
        self.pauses = PauseRecords(database)
        self.removals = RemovalRecords(database)
        self.renders = RenderRecords(database)
        self.sending = SendingRecords(database)
        self.requests = RequestRecords(database)
        self.shows = ShowRecords(database)
        self.watch_events = WatchEventRecords(database)
        self.watches = WatchRecords(database)
        self.withheld = WithheldRecords(database)
