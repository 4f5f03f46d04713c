import pytest
from dbos import DBOSClient

from bot.access import Access
from bot.adapters.jobs import SERIALIZER, JobIntake
from bot.adapters.records import Records
from bot.answering import AWAY, Asker
from bot.answering_watches import WatchAnswers
from bot.correcting import GUEST, Correcting
from bot.exporting import Exporting
from bot.model import MessageRef
from bot.pressing import Press, Pressing
from bot.sandbox.faults import Fault
from bot.show_options import LESS, MORE
from bot.showing import Showing
from tests.bot.test_correcting import MESSAGE, TEAM, Desk

STRANGER = "Only people of this workspace who can see this channel can do that."
EVERY_PRESS = [
    ("watch", "Dog"),
    ("export", "csv"),
    ("mark_wrong", "Dog"),
    ("change_amount", "more"),
    ("change_style", "one"),
]
CHANGES = EVERY_PRESS[2:]
