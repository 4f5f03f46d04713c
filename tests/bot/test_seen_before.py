import pytest

from bot.access import Access
from bot.adapters.database import Database
from bot.adapters.earlier_records import EarlierRecords
from bot.adapters.message_records import Accepted, MessageRecords
from bot.adapters.tables import MESSAGES
from bot.messages import Earlier, PictureAnswer, reply_body
from bot.model import MessageRef
from bot.sandbox.faults import Fault
from bot.sandbox.slack.nouns import Channel
from bot.seen_before import SeenBefore

TEAM = "T0SANDBOX"
SHA = "ab" * 32
LABELLED = {"outcome": "labelled"}


class Album:
    """Pictures posted in the local Slack, one after the other, with the same bytes."""

    def __init__(self, slack, database, workspace):
        self.slack = slack
        self.database = database
        self.records = MessageRecords(database)
        self.seen_before = SeenBefore(workspace, Access(workspace, TEAM), EarlierRecords(database))

    def post(self, channel, outcome=LABELLED, sha256=SHA):
        """Post a picture that came to this outcome."""
        place = self.slack.world.channel(channel).id
        message = MessageRef(TEAM, place, self.slack.post("ana", channel, text="Look"))
        with self.database.begin() as connection:
            accepted = Accepted(message, message.ts, "U0ANA")
            self.records.accept(connection, accepted, files=[{"id": "F1"}])
        self.records.note_picture(message, "F1", outcome=outcome, sha256=sha256)
        return message

    def found(self, message, sha256=SHA):
        """The link that is told under a message, if any."""
        earlier = self.seen_before.find(message, sha256)
        return earlier and earlier.link

    def link(self, message):
        """The address of a message."""
        return f"{self.slack.url}/archives/{message.channel}/p{message.ts.replace('.', '')}"


@pytest.fixture
def album(slack, database, workspace):
    """No picture yet."""
    with slack.world.changed:
        members = ["U0ANA", "U0BEN", "U0SPOTTER"]
        slack.world.channels["C0SHARED"] = Channel(
            "C0SHARED", "shared", "public", members, 0, is_ext_shared=True
        )
    return Album(slack, database, workspace)


def test_first_time(album):
    """A picture that was never posted before is not said to be."""
    assert album.found(album.post("photos")) is None


@pytest.mark.parametrize(
    ("first", "then", "is_told"),
    [
        ("photos", "photos", True),
        ("lab", "lab", True),
        ("D0ANA", "D0ANA", True),
        ("shared", "shared", True),
        ("photos", "alerts", True),
        ("photos", "lab", True),
        ("photos", "D0ANA", True),
        ("lab", "photos", False),
        ("D0ANA", "photos", False),
        ("D0ANA", "lab", False),
        ("shared", "photos", False),
        ("photos", "shared", False),
    ],
)
def test_where_it_was(album, first, then, is_told):
    """An earlier place is named when it is this channel, or a public one, and no outsider reads."""
    earlier = album.post(first)

    assert album.found(album.post(then)) == (album.link(earlier) if is_told else None)


def test_this_channel_first(album):
    """The first post in this channel is named rather than an older one elsewhere."""
    album.post("alerts")
    here = album.post("photos")
    album.post("photos")

    assert album.found(album.post("photos")) == album.link(here)


def test_direct_messages_hide_nothing(album):
    """A direct message that came first keeps a public place from nobody."""
    album.post("D0ANA")
    public = album.post("alerts")

    assert album.found(album.post("photos")) == album.link(public)


def test_private_hides_nothing(album, slack):
    """An older place that turns out to be private keeps a public one from nobody."""
    with slack.world.changed:
        slack.world.channels["C0OLD"] = Channel("C0OLD", "old", "private", ["U0ANA"], 0)
    album.post("old")
    public = album.post("alerts")

    assert album.found(album.post("photos")) == album.link(public)


def test_when_it_was(album):
    """The time is that of the earlier post."""
    earlier = album.post("photos")
    found = album.seen_before.find(album.post("photos"), SHA)

    assert found.posted_at_s == int(float(earlier.ts))


def test_later_is_not_before(album):
    """What was posted after a message is not before it, in whatever order they are labelled."""
    first = album.post("photos")
    album.post("photos")

    assert album.found(first) is None


def test_same_message(album):
    """Two pictures of the same bytes in one message are not before one another."""
    message = MessageRef(TEAM, "C0PHOTOS", "1700000000.000100")
    with album.database.begin() as connection:
        accepted = Accepted(message, message.ts, "U0ANA")
        album.records.accept(connection, accepted, files=[{"id": "F1"}, {"id": "F2"}])
    for file_id in ("F1", "F2"):
        album.records.note_picture(message, file_id, outcome=LABELLED, sha256=SHA)

    assert album.found(message) is None


@pytest.mark.parametrize("outcome", [{"outcome": "budget_spent"}, {"outcome": "picture_broken"}])
def test_not_answered(album, outcome):
    """A post that was not answered does not count."""
    album.post("photos", outcome)

    assert album.found(album.post("photos")) is None


def test_other_bytes(album):
    """Another picture is another picture."""
    album.post("photos", sha256="cd" * 32)

    assert album.found(album.post("photos")) is None


@pytest.mark.parametrize("state", ["gone", "expired"])
def test_taken_away(album, state):
    """What was taken away, or is no longer kept, is not spoken of."""
    album.post("photos")
    with album.database.begin() as connection:
        connection.execute(MESSAGES.update().values(state=state))

    assert album.found(album.post("photos")) is None


def test_deleted_in_slack(album, slack):
    """A message that Slack no longer has is not linked to."""
    earlier = album.post("photos")
    slack.delete_message("ana", "photos", earlier.ts)

    assert album.found(album.post("photos")) is None


@pytest.mark.parametrize("call", ["conversations.info", "chat.getPermalink"])
@pytest.mark.parametrize("error", ["internal_error", "channel_not_found"])
def test_slack_does_not_say(album, slack, call, error):
    """Where Slack does not say what is needed, nothing is said."""
    album.post("alerts")
    later = album.post("photos")
    slack.faults.order("slack", call, Fault("error", error=error))

    assert album.found(later) is None
    assert album.found(later) is not None


def test_on_both_databases(address, slack, workspace):
    """The earlier post is found on either kind of database."""
    database = Database(address, statement_timeout_s=5)
    database.migrate()
    album = Album(slack, database, workspace)
    earlier = album.post("alerts")
    found = album.found(album.post("photos"))
    database.close()

    assert found == album.link(earlier)


def test_words():
    """The words stand below the picture and in the plain text, with the date as readers see it."""
    earlier = Earlier("https://acme.slack.com/archives/C1/p1", posted_at_s=1_793_664_000)
    answers = [
        PictureAnswer("a.jpg", headline="1 Dog", annotated_file_id="F1", seen_before=earlier),
        PictureAnswer("b.jpg", headline="1 Cat", annotated_file_id="F2"),
    ]
    body = reply_body(answers, retry_value="1.0/1")
    contexts = [block for block in body["blocks"] if block["type"] == "context"]
    texts = [element for block in contexts for element in block["elements"]]
    said = (
        "<https://acme.slack.com/archives/C1/p1|Seen before> on "
        "<!date^1793664000^{date}|2026-11-03>"
    )

    assert texts == [{"type": "mrkdwn", "text": said, "verbatim": True}]
    assert [said in line for line in body["text"].splitlines()] == [True, False]
