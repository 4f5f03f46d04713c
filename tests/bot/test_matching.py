import pytest

from bot.adapters.message_records import Accepted
from bot.adapters.records import Records
from bot.matching import Matching
from bot.model import Correction, MessageRef
from bot.rules import parse_rule
from bot.showing import Showing

MESSAGE = MessageRef("T1", "C1", "1.0")
SOURCE = MESSAGE.picture("F1")
LINK = {"bucket": "cams", "key": "door/1.jpg", "region": None, "version": None}


class Wall:
    """One picture of a dog, and whoever watches."""

    def __init__(self, database):
        self.database, self.records = database, Records(database)
        records = self.records
        self.showing = Showing(records.analyses, records.shows, records.withheld)
        self.matching = Matching(self.showing, records.messages, records.watches)
        answer = {"Labels": [{"Name": "Dog", "Confidence": 99.0}]}
        records.analyses.note_answer("T1", "aa", answer)

    def post(self, *, poster="U1", link=None, is_from_bot=False):
        """Post the picture."""
        accepted = Accepted(MESSAGE, MESSAGE.ts, poster, is_from_bot)
        with self.database.begin() as connection:
            files = [{"id": "F1", "link": link}]
            self.records.messages.accept(connection, accepted, files=files)
        self.records.messages.note_picture(MESSAGE, "F1", sha256="aa")

    def fires(self, text, owner="U2"):
        """Whether somebody's watch fires for it."""
        self.records.watches.add("T1", owner, parse_rule(text))
        found = self.matching.find(self.matching.seen(SOURCE))
        return text in [match.watch.rule_text for match in found]


@pytest.fixture
def wall(database):
    """That wall, with nothing on it yet."""
    return Wall(database)


def test_who_posted(wall):
    """Posts of bots count unless a rule leaves them out, whoever the bot posts as."""
    wall.post(poster="U7", is_from_bot=True)

    assert wall.fires("dog")
    assert wall.fires("dog from bots")
    assert not wall.fires("dog not from bots")
    assert wall.fires("dog from <@U7>")


def test_people_are_no_bots(wall):
    """What a person posts is not from a bot."""
    wall.post()

    assert wall.fires("dog not from bots")
    assert not wall.fires("dog from bots")
    assert not wall.fires("dog", "U1")
    assert wall.fires("dog from me", "U1")


def test_place_in_s3(wall):
    """A picture from S3 lies in its bucket and folder; a posted file lies in none."""
    wall.post(link=LINK)

    assert wall.fires("dog in s3://cams/door")
    assert not wall.fires("dog in s3://cams/yard")


def test_posted_file_in_no_bucket(wall):
    """A file that was posted is not from S3."""
    wall.post()

    assert not wall.fires("dog in s3://cams")


def test_what_is_shown_counts(wall):
    """A watch looks at what is shown: a corrected label fires it no more, an added one does."""
    wall.post()
    assert wall.fires("dog")
    with wall.database.begin() as connection:
        for kind, label in (("wrong", "Dog"), ("add", "Cat")):
            said = Correction(kind, label, person="U1", at_s=1.0)
            wall.records.shows.add_correction(connection, SOURCE, said)

    assert not wall.fires("animal or dog")
    assert wall.fires("cat")


def test_unknown_picture(wall):
    """A picture that was never taken in, or was taken away, is not seen."""
    assert wall.matching.seen(SOURCE) is None
    wall.post()
    assert wall.matching.seen(SOURCE).sha256 == "aa"
    with wall.database.begin() as connection:
        wall.records.removals.mark(connection, MESSAGE, also_unknown=False)

    assert wall.matching.seen(SOURCE) is None
