import contextlib
import logging

import pytest

from bot import errors
from bot.access import Access
from bot.adapters.message_records import Accepted, MessageRecords
from bot.links import S3Link, S3Place
from bot.model import MessageRef
from bot.posts import link_facts
from bot.reading_links import ReadingLinks
from bot.sandbox.faults import Fault

MESSAGE = MessageRef("T0SANDBOX", "C0PHOTOS", "1.0")
PLACES = (S3Place("cams", "front/"), S3Place("open", ""), S3Place("ours", ""))
OPEN = S3Link("open", "dog.jpg")
OTHERS = ("U0GUEST", "U0CAMERA", "B0CAMERA", "U0NOBODY", "")


def posted_by(person):
    """Name the message that somebody posted."""
    return MessageRef("T0SANDBOX", "C0PHOTOS", f"1.{person}")


class Objects:
    """Objects that all say where they are; remembers who asked."""

    def __init__(self):
        self.asked = []

    def open(self, link):
        """Give bytes."""
        self.asked.append(link)
        return contextlib.nullcontext(link.key.encode())


@pytest.fixture
def objects():
    """What stands for S3."""
    return Objects()


@pytest.fixture
def records(database):
    """Records of a message of ana's, and of one of everybody else's."""
    records = MessageRecords(database)
    with database.begin() as connection:
        records.accept(connection, Accepted(MESSAGE, "1.0", "U0ANA"), files=[])
        for person in OTHERS:
            records.accept(connection, Accepted(posted_by(person), "1.0", person), files=[])
    return records


@pytest.fixture
def read(objects, workspace, records):
    """A function that reads a link which somebody posted in a message."""
    access = Access(workspace, "T0SANDBOX")
    reading = ReadingLinks(objects, access, records, places=PLACES, own_bucket="ours")

    def read(link, message=MESSAGE):
        with reading.open(message, link_facts(link)) as found:
            return found

    return read


@pytest.mark.parametrize(
    "link",
    [
        OPEN,
        S3Link("cams", "front/dog.jpg", "us-east-1", "v1"),
        S3Link("cams", "front/../dog.jpg"),
        S3Link("cams", "front/"),
    ],
)
def test_allowed_is_read(read, objects, link):
    """An object in an allowed place is read as the link names it."""
    assert read(link) == link.key.encode()
    assert objects.asked == [link]


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        (S3Link("cams", "frontal/dog.jpg"), "not_allowed"),
        (S3Link("cams", "front"), "not_allowed"),
        (S3Link("cams", "Front/dog.jpg"), "not_allowed"),
        (S3Link("cams", "../cams/front/dog.jpg"), "not_allowed"),
        (S3Link("cams", "/front/dog.jpg"), "not_allowed"),
        (S3Link("open2", "dog.jpg"), "not_allowed"),
        (S3Link("ours", "t/T1/C1/1.0/F1"), "own_store"),
    ],
)
def test_elsewhere_is_refused(read, objects, slack, caplog, link, reason):
    """Everything else is refused before AWS or Slack is asked, and the log says why."""
    with caplog.at_level(logging.INFO, logger="bot"), pytest.raises(errors.LinkOutOfReach):
        read(link)
    (record,) = caplog.records

    assert (record.bucket, record.reason) == (link.bucket, reason)
    assert link.key not in [str(value) for value in vars(record).values()]
    assert objects.asked == slack.ledger.entries("slack") == []


@pytest.mark.parametrize("person", OTHERS)
def test_others_are_refused(read, objects, person):
    """Who is no full member of the team gets the same refusal, and AWS is not asked."""
    with pytest.raises(errors.LinkOutOfReach):
        read(OPEN, posted_by(person))

    assert objects.asked == []


def test_unknown_poster(read, objects):
    """Where nobody knows who posted a link, it is not read."""
    with pytest.raises(errors.LinkOutOfReach):
        read(OPEN, MessageRef("T0SANDBOX", "C0PHOTOS", "2.0"))

    assert objects.asked == []


def test_slack_is_waited_for(read, objects, slack):
    """While Slack does not say who the poster is, that is no refusal."""
    slack.faults.order("slack", "users.info", Fault("status", status=503))
    with pytest.raises(errors.SlackUnknown):
        read(OPEN)

    assert objects.asked == []
    assert read(OPEN) == b"dog.jpg"
