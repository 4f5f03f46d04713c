"""This is long because each state that a message can be in has its own answer to who asks."""

import pytest
import sqlalchemy as sa
from dbos import DBOSClient

from bot import errors
from bot.access import Access
from bot.adapters.job_intake import SERIALIZER, JobIntake
from bot.adapters.message_records import MessageRecords, Standing
from bot.adapters.tables import MESSAGES, OPT_OUTS, PICTURES, REPLIES
from bot.adapters.watch_records import WatchRecords
from bot.asking import Asking
from bot.intake import Intake
from bot.links import S3Link
from bot.model import MessageRef
from bot.posts import link_facts
from bot.sandbox.faults import Fault
from bot.sandbox.slack.nouns import SLACK_CONNECT_STUB

TEAM = "T0SANDBOX"
PLACES = {"photos": "C0PHOTOS", "lab": "C0LAB", "alerts": "C0ALERTS", "random": "C0RANDOM"}
JPEG = ("park.jpg", b"\xff\xd8\xff\xe0 bytes")
LINK = link_facts(S3Link("cams", "folder/`R&B`.jpg", "eu-west-1"))


class Desk:
    """Where people ask, and what comes of it."""

    def __init__(self, slack, workspace, database):
        self.slack = slack
        self.database = database
        self.records = MessageRecords(database)
        self.watches = WatchRecords(database)
        self.intake = Intake(JobIntake(database), self.records, self.watches)
        self.asking = Asking(
            workspace,
            Access(workspace, TEAM),
            self.intake,
            records=self.records,
            watches=self.watches,
            links=None,
            bot_user="U0SPOTTER",
        )

    def post(self, *files, person="ana", channel="photos", **more):
        """Post, and give the message."""
        ts = self.slack.post(person, channel, list(files), **more)
        return MessageRef(TEAM, PLACES[channel], ts)

    def ask(self, message, person="U0BEN"):
        """Ask for a message's pictures, as its job does; what the asker is told, if anything."""
        job = {**message.columns(), "asker": person}
        before = self.told(person)
        self.asking.tell(job, self.asking.take_in(job))
        return "".join(self.told(person)[len(before) :])

    def told(self, person):
        """Give what only this person was shown."""
        return [m.text for m in self.slack.ephemerals(person)]

    def jobs(self):
        """Give the stored jobs by their ids."""
        client = DBOSClient(system_database_engine=self.database.engine, serializer=SERIALIZER)
        return {job.workflow_id: job.input["args"][0] for job in client.list_workflows()}

    def end(self, message, attempt=1, **outcome):
        """Let an attempt have ended with this for every picture."""
        for picture in self.records.pictures(message):
            self.records.note_picture(message, picture.file_id, outcome=outcome)
        has_reason = outcome["outcome"] != "labelled"
        ts = self.slack.post("ana", "photos", text="stands for the reply", thread_ts=message.ts)
        self.records.note_reply(message, attempt, state="sent", reply_ts=ts, has_reason=has_reason)
        return ts

    def change(self, table, **values):
        """Write into every row of a table."""
        with self.database.begin() as connection:
            connection.execute(sa.update(table).values(**values))


@pytest.fixture
def desk(slack, workspace, database):
    """A desk where nobody has asked yet."""
    return Desk(slack, workspace, database)


def test_old_message_is_taken_in(desk):
    """An unknown message becomes attempt 1 of all its pictures, each marked as asked for."""
    message = desk.post(JPEG, ("menu.pdf", b"%PDF"), ("b.png", b"png"))
    assert desk.ask(message) == ""
    ((job_id, job),) = desk.jobs().items()

    assert job_id == f"{message.id}/1"
    assert (job["poster"], job["thread_ts"], job["attempt"]) == ("U0ANA", message.ts, 1)
    assert [file["name"] for file in job["files"]] == ["park.jpg", "b.png"]
    assert all(file["is_asked"] and file["url_private"] for file in job["files"])


def test_links_are_asked_for(desk):
    """Who asks hears of a message's links too, also where the settings allow none."""
    desk.ask(desk.post(JPEG, text="with <s3://cams/door.jpg>"))
    (job,) = desk.jobs().values()

    assert [file["name"] for file in job["files"]] == ["park.jpg", "door.jpg"]
    assert all(file["is_asked"] for file in job["files"])


def test_reply_of_thread(desk):
    """A message in a thread is answered in that thread."""
    parent = desk.post(text="Look")
    message = desk.post(JPEG, thread_ts=parent.ts)
    desk.ask(message)
    (job,) = desk.jobs().values()

    assert (job["ts"], job["thread_ts"]) == (message.ts, parent.ts)


@pytest.mark.parametrize("mode", ["auto", "request"])
@pytest.mark.parametrize("person", ["ana", "camera"])
def test_modes_that_work(desk, mode, person):
    """On request it works in both modes, and for pictures of other bots."""
    desk.watches.change_channel(TEAM, "C0PHOTOS", mode=mode)

    assert desk.ask(desk.post(JPEG, person=person)) == ""
    assert len(desk.jobs()) == 1


def test_mode_off(desk):
    """In a channel that is switched off the asker hears so."""
    desk.watches.change_channel(TEAM, "C0PHOTOS", mode="off")

    assert desk.ask(desk.post(JPEG)).startswith("I am switched off in this channel")
    assert desk.jobs() == {}


def test_under_way(desk):
    """While the answer is under way, asking again says so and opens nothing."""
    message = desk.post(JPEG)
    desk.ask(message)

    assert desk.ask(message).startswith("I am at it already")
    assert len(desk.jobs()) == 1


def test_delivery_after_asking(desk):
    """A message that was asked for before Slack delivered it is not taken in twice."""
    message = desk.post(JPEG)
    desk.ask(message)
    records = desk.records

    assert records.standing(message) == Standing(1, "live")
    with desk.database.begin() as connection:
        assert not records.accept(connection, records.accepted(message), files=[])


def test_answered(desk):
    """Once answered, the asker is pointed to the reply."""
    message = desk.post(JPEG)
    desk.ask(message)
    ts = desk.end(message, outcome="labelled")
    said = desk.ask(message)

    assert said.startswith("I have answered that already: <http")
    assert f"/p{ts.replace('.', '')}" in said
    assert len(desk.jobs()) == 1


def test_answered_before_needless(desk):
    """Where the last attempt said nothing the asker is pointed to the reply that stands."""
    message = desk.post(JPEG)
    desk.ask(message)
    ts = desk.end(message, outcome="labelled")
    with desk.database.begin() as connection:
        desk.records.next_attempt(connection, message, after=1)
    desk.records.note_reply(message, 2, state="needless")

    assert f"/p{ts.replace('.', '')}" in desk.ask(message)


def test_passing_reason(desk):
    """After a reason that can pass the next attempt opens; at once again, it is under way."""
    message = desk.post(JPEG)
    desk.ask(message)
    desk.end(message, outcome="detector_busy", name="park.jpg")
    assert desk.ask(message) == ""
    assert desk.ask(message).startswith("I am at it already")

    assert sorted(desk.jobs()) == [f"{message.id}/1", f"{message.id}/2"]


def test_lasting_reason(desk):
    """After a reason that cannot pass the asker is pointed to it."""
    message = desk.post(JPEG)
    desk.ask(message)
    ts = desk.end(message, outcome="picture_broken", name="park.jpg")

    assert f"/p{ts.replace('.', '')}" in desk.ask(message)
    assert len(desk.jobs()) == 1


def test_taken_away(desk):
    """What was taken away is left alone, also when it still stands in Slack."""
    message = desk.post(JPEG)
    desk.ask(message)
    desk.change(MESSAGES, state="gone")

    assert desk.ask(message) == "That was taken away, so it is left alone."
    assert len(desk.jobs()) == 1


def test_not_forgotten_yet(desk):
    """What expired and is just being forgotten is not taken in at the same moment."""
    message = desk.post(JPEG)
    desk.ask(message)
    desk.end(message, outcome="labelled")
    desk.change(MESSAGES, state="expired")

    assert desk.ask(message).endswith("is just being deleted. Ask again in a minute.")
    assert len(desk.jobs()) == 1


def test_expired(desk):
    """What was kept as long as the settings say may be asked for anew."""
    message = desk.post(JPEG)
    desk.ask(message)
    desk.end(message, outcome="labelled")
    desk.change(MESSAGES, state="expired")
    with desk.database.begin() as connection:
        connection.execute(sa.delete(PICTURES))
        connection.execute(sa.delete(REPLIES))
    assert desk.ask(message) == ""

    assert [file["name"] for file in desk.jobs()[f"{message.id}/2"]["files"]] == ["park.jpg"]
    assert desk.records.standing(message) == Standing(2, "live")


def test_left_alone_before(desk):
    """A file that was silently left alone gets words when somebody asks for it."""
    message = desk.post(JPEG, stub=SLACK_CONNECT_STUB)
    desk.ask(message)
    desk.records.note_reply(message, 1, state="needless")
    assert desk.ask(message) == ""

    assert desk.jobs()[f"{message.id}/2"]["files"][0]["is_asked"]


def test_poster_opted_out(desk):
    """Pictures of somebody who wants them left alone are, and the words blame nobody."""
    with desk.database.begin() as connection:
        connection.execute(sa.insert(OPT_OUTS).values(team=TEAM, person="U0ANA", since_s=1.0))

    assert "prefers it to be left alone" in desk.ask(desk.post(JPEG))
    assert desk.jobs() == {}


@pytest.mark.parametrize("files", [(), (("menu.pdf", b"%PDF"),)])
def test_no_picture(desk, files):
    """A message without a picture is no job, and its asker hears so."""
    assert desk.ask(desk.post(*files, text="Look")) == "I see no picture in that message."
    assert desk.jobs() == {}


def test_missing_message(desk):
    """A message that was deleted meanwhile is no job, and its asker hears so."""
    message = desk.post(JPEG)
    desk.slack.delete_message("ana", "photos", message.ts)

    assert desk.ask(message).startswith("I do not find that message")
    assert desk.jobs() == {}


@pytest.mark.parametrize(
    ("person", "channel"), [("U0BEN", "lab"), ("U0GUEST", "alerts"), ("U0NOBODY", "photos")]
)
def test_who_may_not_see(desk, person, channel):
    """Who may not see a channel cannot have its pictures labelled, and is shown nothing of it."""
    message = desk.post(JPEG, channel=channel)
    job = {**message.columns(), "asker": person}
    taken = desk.asking.take_in(job)
    desk.asking.tell(job, taken)

    assert taken == {"outcome": "not_for_asker"}
    assert desk.jobs() == {}
    assert all(one.channel.startswith("D") for one in desk.slack.world.ephemerals)
    assert not any(channel in one.text for one in desk.slack.world.ephemerals)


def test_guest_of_channel(desk):
    """A guest may ask in a channel that they are in."""
    assert desk.ask(desk.post(JPEG), "U0GUEST") == ""
    assert len(desk.jobs()) == 1


def test_bot_not_in_channel(desk):
    """Where the bot is not, nothing is read, and nothing is said there."""
    job = {**desk.post(JPEG, channel="random").columns(), "asker": "U0BEN"}
    taken = desk.asking.take_in(job)

    assert desk.asking.tell(job, taken) == {"outcome": "told"}
    assert desk.jobs() == {}


def test_telling_is_courtesy(desk):
    """What Slack may or may not have said to the asker is not said again."""
    message = desk.post(text="Look")
    desk.slack.faults.order("slack", "chat.postEphemeral", Fault("drop_after"))
    assert desk.ask(message, "U0ANA") == "I see no picture in that message."

    assert desk.told("U0ANA") == ["I see no picture in that message."]


def test_unforeseen_is_told(desk):
    """What nobody foresaw is told with the reference that is in the log."""
    message = desk.post(JPEG)
    trouble = {"outcome": "unexpected", "facts": {"reference": "1a2b3c4d"}}
    desk.asking.tell({**message.columns(), "asker": "U0ANA"}, trouble)

    assert "(ref 1a2b3c4d)" in desk.told("U0ANA")[0]


# -- links


def announce(desk, place, key="k1", asker="U0ANA"):
    """Post the message about a link."""
    job = {"team": TEAM, "asker": asker, "place": place, "link": LINK}
    return job, desk.asking.announce(job, key)


def test_link_is_announced(desk):
    """The message about a link names its asker and the picture, harmlessly, and nothing else."""
    _, announced = announce(desk, "C0ALERTS")
    (posted,) = desk.slack.messages("alerts")

    assert (announced["channel"], announced["ts"]) == ("C0ALERTS", posted.ts)
    assert posted.text == "<@U0ANA> asked me to look at `'R&amp;B'.jpg`"
    assert posted.blocks[0]["text"]["verbatim"] is True
    assert posted.metadata["event_payload"] == {"key": "k1"}
    assert "cams" not in str(posted.blocks)


def test_announced_once(desk):
    """A message about a link that may stand there already is looked up, and not sent again."""
    assert announce(desk, "C0ALERTS") == announce(desk, "C0ALERTS")
    announce(desk, "C0ALERTS", "k2")

    assert len(desk.slack.messages("alerts")) == 2


@pytest.mark.parametrize(
    ("place", "asker", "where"),
    [
        ("D0ANA", "U0ANA", "D0ANA"),
        ("C0RANDOM", "U0ANA", "D0ANA"),
        ("C0NOWHERE", "U0ANA", "D0ANA"),
        ("D0ELSE", "U0ANA", "D0ANA"),
        ("C0ALERTS", "U0GUEST", "D0GUEST"),
    ],
)
def test_announced_directly(desk, place, asker, where):
    """Where the bot or the asker is not in a place, the way is a direct message."""
    _, announced = announce(desk, place, asker=asker)

    assert announced["channel"] == where


def test_announced_when_slack_says(desk):
    """While Slack does not say where the answer may come, nothing is posted."""
    desk.slack.faults.order("slack", "conversations.info", Fault("status", status=503))
    with pytest.raises(errors.SlackUnknown):
        announce(desk, "C0ALERTS")

    assert desk.slack.messages("alerts") == []


def test_link_is_taken_in(desk):
    """The announced message is taken in as if its asker had posted the picture, once."""
    job, announced = announce(desk, "C0ALERTS")
    for _ in range(2):
        desk.asking.accept_link(job, announced, "T0/C0/link/U0/1")
    ((job_id, stored),) = desk.jobs().items()

    assert job_id == f"{TEAM}/C0ALERTS/{announced['ts']}/1"
    assert (stored["poster"], stored["thread_ts"]) == ("U0ANA", announced["ts"])
    assert stored["files"] == [{**LINK, "is_asked": True, "asked_job": "T0/C0/link/U0/1"}]


def test_refused_is_not_under_way(desk):
    """Where Slack did not take the answer, asking has the pictures looked at anew."""
    message = desk.post(JPEG)
    desk.ask(message)
    desk.records.note_reply(message, 1, state="refused")

    assert desk.ask(message) == ""
    assert sorted(desk.jobs()) == [f"{message.id}/1", f"{message.id}/2"]
