import contextlib
import threading
from types import SimpleNamespace

import pytest

from bot import errors
from bot.adapters.message_records import Accepted, MessageRecords
from bot.adapters.picture_worker import Prepared
from bot.adapters.removal_records import RemovalRecords
from bot.adapters.slack_files import SlackFiles
from bot.fetching import LEFT_ALONE, STORED, Fetching
from bot.model import MessageRef
from bot.posts import Post

PNG = b"\x89PNG\r\n\x1a\n and what a picture is made of"


class Copies:
    """Working copies that make nothing; something may happen while they are made."""

    def __init__(self):
        self.meanwhile = lambda: None
        self.kept = set()

    def make(self, source, _data):
        """Make one."""
        self.kept.add(source)
        self.meanwhile()
        return Prepared(b"", (640, 480), (4000, 3000), "PNG", 1)

    def drop(self, source):
        """Drop one."""
        self.kept.discard(source)


class Store(dict):
    """A store in memory."""

    store = dict.__setitem__


class Links:
    """Linked objects, whose bytes stand in the job's entry."""

    def __init__(self):
        self.before_answer = lambda: None

    @contextlib.contextmanager
    def open(self, _message, file):
        """Open one."""
        self.before_answer()
        yield SimpleNamespace(
            head=file["link"], size_bytes=len(file["link"]), read=lambda: file["link"]
        )


class Desk:
    """A picture in the local Slack whose message was taken in, and what fetches it."""

    def __init__(self, database, slack, workspace):
        self.copies, self.store, self.slack = Copies(), Store(), slack
        self.links = Links()
        self._database = database
        messages = MessageRecords(database)
        files = SlackFiles(
            workspace,
            token=slack.terms.bot_token,
            api_url=f"{slack.url}/api/",
            download_limit_bytes=1_000_000,
        )
        self._fetching = Fetching(files, self.store, self.copies, messages, links=self.links)
        ts = slack.post("ana", "photos", [("a.png", PNG)])
        (file_id,) = slack.messages("photos")[-1].files
        self.message = MessageRef("T0SANDBOX", "C0PHOTOS", ts)
        with database.begin() as connection:
            accepted = Accepted(self.message, ts, "U0ANA")
            messages.accept(connection, accepted, files=[{"id": file_id}])
        self.source = self.message.picture(file_id)

    def fetch(self):
        """Fetch it."""
        shown = self.slack.world.url + f"/files-pri/T0SANDBOX-{self.source.file_id}/download/a.png"
        event = {
            "channel": "C0PHOTOS",
            "ts": self.message.ts,
            "files": [{"id": self.source.file_id, "name": "a.png", "url_private": shown}],
        }
        (file,) = Post.from_event(event, "T0SANDBOX").files
        return self._fetching.fetch(self.source, file)["outcome"]

    def fetch_linked(self, data, **facts):
        """Fetch it as if it were an object with these bytes behind a link."""
        file = {"id": self.source.file_id, "name": "a", "link": data, **facts}
        return self._fetching.fetch(self.source, file)["outcome"]

    def take_away(self):
        """Have the message be gone."""
        with self._database.begin() as connection:
            RemovalRecords(self._database).mark(connection, self.message, also_unknown=False)

    @property
    def downloads(self):
        """How often bytes were asked for."""
        return self.slack.ledger.count("slack", "download")


@pytest.fixture
def desk(database, slack, workspace):
    """A picture to fetch."""
    return Desk(database, slack, workspace)


def test_fetched(desk):
    """A picture goes into the store byte for byte, under its own key."""
    assert desk.fetch() == STORED
    assert desk.store == {desk.source.store_key: PNG}


def test_gone_is_not_fetched(desk):
    """What was taken away is not even downloaded."""
    desk.take_away()

    assert desk.fetch() == LEFT_ALONE
    assert (desk.downloads, desk.store) == (0, {})


def test_goes_meanwhile(desk):
    """What is taken away while it is fetched is left alone from then on, and not kept in memory."""
    desk.copies.meanwhile = desk.take_away

    assert desk.fetch() == LEFT_ALONE
    assert desk.copies.kept == set()


def test_slow_links_hold_nothing(desk):
    """While S3 and Slack are slow to answer for many links, other pictures are fetched."""
    asked, answers = threading.Semaphore(0), threading.Event()

    def wait():
        asked.release()
        answers.wait(30)

    desk.links.before_answer = wait
    slow = [threading.Thread(target=desk.fetch_linked, args=(PNG,)) for _ in range(5)]
    for thread in slow:
        thread.start()
    for _ in slow:
        assert asked.acquire(timeout=10)
    outcome = desk.fetch()
    answers.set()
    for thread in slow:
        thread.join(10)

    assert outcome == STORED


def test_linked_other_things(desk):
    """A linked object that is no picture concerns nobody, except whoever asked about it."""
    assert desk.fetch_linked(PNG) == STORED
    assert desk.fetch_linked(b"%PDF-1.7") == LEFT_ALONE
    with pytest.raises(errors.NotAPicture):
        desk.fetch_linked(b"%PDF-1.7", is_asked=True)
    with pytest.raises(errors.PictureEmpty):
        desk.fetch_linked(b"", is_asked=True)
