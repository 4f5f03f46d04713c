import pytest
import sqlalchemy as sa
from dbos import DBOSClient
from slack_sdk import WebClient

from bot.access import Access
from bot.adapters.job_intake import SERIALIZER, JobIntake
from bot.adapters.library_records import LibraryRecords
from bot.adapters.message_records import Accepted
from bot.adapters.records import Records
from bot.adapters.rekognition import ANSWER_SETTINGS
from bot.adapters.slack import SlackWorkspace
from bot.adapters.tables import MESSAGES
from bot.answering import AWAY, Asker
from bot.answering_watches import WatchAnswers
from bot.correcting import GUEST, Correcting
from bot.explaining import Explaining
from bot.exporting import Exporting
from bot.label_names import LabelNames
from bot.matching import Matching
from bot.model import EXPIRED, MessageRef
from bot.pressing import Press, Pressing
from bot.reply_buttons import AMOUNT, EXPLAIN, EXPORT, STYLE, WATCH, WRONG
from bot.rules import parse_rule
from bot.sandbox.faults import Fault
from bot.show_options import LESS, MORE, STYLES, combine
from bot.showing import Showing
from bot.watching import WATCHES_MOST, Watching

TEAM = "T0SANDBOX"
MESSAGE = MessageRef(TEAM, "C0PHOTOS", "1.000100")
STRANGER = "Only people of this workspace who can see this channel can do that."
NOT_KEPT = "I keep nothing of what was posted there any more, so its answer stays as it is."
UNDER_WAY = "Another answer is on its way, or there already: look in the thread."
CHANGES = [
    (WRONG, "Dog"),
    (AMOUNT, "more"),
    (AMOUNT, "less"),
    (STYLE, "one"),
]
EVERY_PRESS = [(WATCH, "Dog"), (EXPORT, "csv"), (EXPLAIN, "watches"), *CHANGES]


class Desk:
    """The buttons under the answer to a message of two pictures; both show a dog."""

    def __init__(self, database, workspace, *, team=TEAM):
        self.database = database
        self.records = records = Records(database)
        access, jobs = Access(workspace, team), JobIntake(database)
        showing = Showing(records.analyses, records.shows, records.withheld)
        with database.begin() as connection:
            accepted = Accepted(MESSAGE, MESSAGE.ts, "U0ANA")
            records.messages.accept(connection, accepted, files=[{"id": "F1"}, {"id": "F2"}])
        for file_id in ("F1", "F2"):
            answer = {"Labels": [{"Name": "Dog", "Confidence": 99.0}]}
            records.analyses.note_answer(TEAM, file_id * 9, answer)
            outcome = {"outcome": "labelled", "sha256": file_id * 9, "name": "x", "attempt": 1}
            records.messages.note_picture(MESSAGE, file_id, outcome=outcome, sha256=file_id * 9)
        records.messages.note_reply(MESSAGE, 1, state="sent", reply_ts="2.000200")
        self._pressing = Pressing(
            access,
            jobs,
            records.renders,
            watching=WatchAnswers(
                Watching(
                    access,
                    LabelNames(access, showing, records.catalogue, slash_command="/labels"),
                    records.watches,
                ),
                records.watches,
                slash_command="/labels",
            ),
            correcting=Correcting(
                access,
                showing,
                jobs,
                messages=records.messages,
                renders=records.renders,
                shows=records.shows,
                withheld=records.withheld,
                catalogue=records.catalogue,
            ),
            exporting=Exporting(
                access, jobs, LibraryRecords(database, ANSWER_SETTINGS, answered=("labelled",))
            ),
            explaining=Explaining(
                access,
                Matching(showing, records.messages, records.watches),
                records,
                slash_command="/labels",
            ),
        )

    def press(self, button, choice, *, person="U0BEN", attempt=1, message=MESSAGE, at="1.5"):
        """Press under the reply of an attempt; what is answered."""
        asker = Asker(TEAM, person, message.channel, at=at)
        return self._pressing.press(Press(asker, message, attempt, button, choice))

    def jobs(self):
        """What each stored job was asked to do."""
        client = DBOSClient(system_database_engine=self.database.engine, serializer=SERIALIZER)
        return [job.input["args"][0] for job in client.list_workflows()]

    def watched(self, person):
        """What a person watches."""
        return [watch.rule_text for watch in self.records.watches.of_owner(TEAM, person)]


@pytest.fixture
def workspace(slack):
    """The local Slack as the web side sees it, which waits for nothing."""
    client = WebClient(
        slack.terms.bot_token, base_url=f"{slack.url}/api/", timeout=2, retry_handlers=[]
    )
    return SlackWorkspace(client, patient=False)


@pytest.fixture
def desk(database, workspace):
    """The buttons under a reply that stands."""
    return Desk(database, workspace)


@pytest.mark.parametrize("person", ["U0BEN", "U0GUEST"])
def test_watch_is_kept(desk, person):
    """Whoever sees the channel, a guest too, watches what they choose, as by the command."""
    said = desk.press(WATCH, "Rubik's Cube", person=person)

    assert said.startswith("You now watch *Rubik's Cube*")
    assert desk.watched(person) == ["Rubik's Cube"]


def test_too_many_watches(desk):
    """Who has as many watches as one person can have hears so, and gets no other."""
    for number in range(WATCHES_MOST):
        desk.records.watches.add(TEAM, "U0BEN", parse_rule(f"cat bigger than {number + 1}%"))

    assert desk.press(WATCH, "Dog").startswith("You have 100 watches")
    assert "Dog" not in desk.watched("U0BEN")


@pytest.mark.parametrize("person", ["U0BEN", "U0GUEST"])
def test_why_is_said(desk, person):
    """Whoever sees the channel, a guest too, hears what their watches say to these pictures."""
    desk.press(WATCH, "Dog", person=person)
    said = desk.press(EXPLAIN, "watches", person=person)

    assert said.count("• *Dog*: ") == 2
    assert said.startswith("*Picture 1*")


@pytest.mark.parametrize("person", ["U0BEN", "U0GUEST"])
def test_export_is_asked(desk, person):
    """Whoever sees the channel, a guest too, gets the message's labels in a direct message."""
    said = desk.press(EXPORT, "coco", person=person)
    (job,) = desk.jobs()

    assert "in a direct message" in said
    assert (job["person"], job["format"]) == (person, "coco")
    assert job["scope"] == {
        "channels": ["C0PHOTOS"],
        "ts": MESSAGE.ts,
        "since_s": None,
        "thread_ts": None,
    }


def test_export_chosen_twice(desk):
    """The same file chosen again at once is one file; a moment later, or another one, is a new."""
    moments = ["1700000001.000100", "1700000002.000100", "1700000012.000100"]
    for at in moments:
        desk.press(EXPORT, "csv", at=at)
    desk.press(EXPORT, "json", at=moments[0])
    desk.press(EXPORT, "csv", at=moments[0], attempt=2)

    assert sorted(job["format"] for job in desk.jobs()) == ["csv", "csv", "csv", "json"]


@pytest.mark.parametrize(
    ("button", "choice", "options"),
    [
        (AMOUNT, "more", MORE),
        (AMOUNT, "less", LESS),
        *((STYLE, style, options) for style, options in STYLES.items()),
    ],
)
def test_one_rendering(desk, button, choice, options):
    """A press has the reply rendered again without a word; the next press says that it comes."""
    assert desk.press(button, choice) == ""
    assert desk.press(button, choice) == UNDER_WAY
    (job,) = desk.jobs()

    assert (job["attempt"], job["options"]) == (2, combine({}, options))


def test_next_reply_has_own(desk):
    """The buttons of the reply that came of a press work in their turn."""
    desk.press(AMOUNT, "more")
    desk.records.messages.note_reply(MESSAGE, 2, state="sent", reply_ts="3.000300")

    assert desk.press(STYLE, "one", attempt=1) == UNDER_WAY
    assert desk.press(STYLE, "one", attempt=2) == ""
    assert sorted(job["attempt"] for job in desk.jobs()) == [2, 3]


def test_failed_rendering(desk):
    """A rendering that came to nothing keeps nobody from pressing again."""
    desk.press(AMOUNT, "more")
    desk.records.messages.note_reply(MESSAGE, 2, state="needless")

    assert desk.press(AMOUNT, "more") == ""


def test_wrong_for_all(desk):
    """A wrong label goes from every picture of the message that shows it, which is said."""
    said = desk.press(WRONG, "Dog")
    kept = [desk.records.shows.corrections(MESSAGE.picture(file)) for file in ("F1", "F2")]

    assert "That goes for all 2 pictures that showed it." in said
    assert [(one.kind, one.label, one.person) for (one,) in kept] == [
        ("wrong", "Dog", "U0BEN"),
    ] * 2
    assert "is not among" in desk.press(WRONG, "Dog")


@pytest.mark.parametrize(("button", "choice"), CHANGES)
def test_nothing_is_kept(desk, button, choice):
    """Where nothing is kept any more, a press hears so, and not that something is on its way."""
    with desk.database.begin() as connection:
        connection.execute(sa.update(MESSAGES).values(state=EXPIRED))

    assert desk.press(button, choice) == NOT_KEPT
    assert desk.jobs() == []


@pytest.mark.parametrize(("button", "choice"), CHANGES)
def test_guests_change_nothing(desk, button, choice):
    """A guest in the channel hears that a member can change the reply."""
    assert desk.press(button, choice, person="U0GUEST") == GUEST
    assert desk.jobs() == []


@pytest.mark.parametrize(("button", "choice"), EVERY_PRESS)
def test_outsiders_are_refused(database, workspace, button, choice):
    """Somebody from another workspace can do nothing, though they see the channel."""
    desk = Desk(database, workspace, team="T0OTHER")

    assert desk.press(button, choice) == STRANGER
    assert desk.jobs() == desk.watched("U0BEN") == []


@pytest.mark.parametrize(("button", "choice"), EVERY_PRESS)
def test_who_cannot_see(desk, button, choice):
    """Who has left a private channel can do nothing about its pictures any more."""
    message = MessageRef(TEAM, "C0LAB", "1.000100")

    assert desk.press(button, choice, message=message) == STRANGER
    assert desk.jobs() == []


@pytest.mark.parametrize(("button", "choice"), EVERY_PRESS)
def test_slack_is_away(slack, desk, button, choice):
    """When Slack does not say who may, nothing is done, and the answer says so."""
    slack.faults.order("slack", "users.info", Fault("rate_limited", retry_after="30"))

    assert desk.press(button, choice) == AWAY
    assert desk.jobs() == []
