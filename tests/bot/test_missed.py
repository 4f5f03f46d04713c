import pytest
import sqlalchemy as sa
from dbos import DBOSClient

from bot import errors
from bot.access import Access
from bot.adapters.job_intake import SERIALIZER, JobIntake
from bot.adapters.message_records import MessageRecords
from bot.adapters.removal_records import RemovalRecords
from bot.adapters.slack_history import SlackHistory
from bot.adapters.tables import MESSAGES
from bot.adapters.watch_records import WatchRecords
from bot.intake import Intake
from bot.missed import Missed
from bot.posts import Post
from bot.removing import Removing
from bot.sandbox.faults import Fault
from bot.sandbox.slack.nouns import Message

TEAM = "T0SANDBOX"
JPEG = b"\xff\xd8\xff\xe0 as good as a picture here"
HOUR_S = 3600.0


class Silence:
    """A time in which people post and nobody listens."""

    def __init__(self, slack, database, workspace):
        self.slack = slack
        self.database = database
        self.watches = WatchRecords(database)
        self.intake = Intake(JobIntake(database), MessageRecords(database), self.watches)
        messages = MessageRecords(database)
        self._missed = Missed(
            SlackHistory(workspace),
            self.intake,
            Removing(
                JobIntake(database), messages, RemovalRecords(database), Access(workspace, TEAM)
            ),
            messages,
            identity=workspace.identity(),
        )
        self.began_s = float(slack.post("ana", "photos", text="It begins.")) + 90

    def post(self, channel="photos", person="ana", name="a.jpg", **more):
        """Post a picture; its ts."""
        return self.slack.post(person, channel, [(name, JPEG)], **more)

    def end(self, *, hours=6, after_s=600.0):
        """Look through every channel; how many posts that brings in."""
        job = {
            "heard_at_s": self.began_s,
            "back_at_s": self.began_s + after_s,
            "hours": hours,
        }
        channels = self._missed.channels()["channels"]
        return sum(self._missed.look_back(channel, job)["accepted"] for channel in channels)

    def end_deletions(self, *, hours=6):
        """Look for what was deleted; the ts of what is still there to work on."""
        job = {"back_at_s": self.began_s + 600, "hours": hours}
        for channel in self._missed.channels()["channels"]:
            self._missed.miss_deleted(channel, job)
        with self.database.begin() as connection:
            live = sa.select(MESSAGES.c.ts).where(MESSAGES.c.state == "live")
            return sorted(connection.execute(live).scalars())

    def found(self):
        """The ts of all messages that were ever taken in, in the order in which they were."""
        with self.database.begin() as connection:
            rows = connection.execute(
                sa.select(MESSAGES.c.ts).order_by(MESSAGES.c.accepted_at_s, MESSAGES.c.ts)
            )
            return [row[0] for row in rows]


@pytest.fixture
def silence(slack, database, workspace):
    """A silence that has just begun."""
    return Silence(slack, database, workspace)


def test_every_channel(silence):
    """What was posted in any channel that the bot is in, and to itself, is taken in."""
    posted = [silence.post(channel) for channel in ("photos", "lab", "D0ANA", "alerts")]
    silence.post("random")

    assert silence.end() == 4
    assert sorted(silence.found()) == posted


def test_deleted_meanwhile(silence):
    """What was deleted in the silence is taken away, also in a thread; all else stays."""
    first, parent, stays = silence.post(), silence.post(), silence.post()
    reply = silence.post(thread_ts=parent)
    silence.end()
    assert silence.end_deletions() == [first, parent, stays, reply]
    silence.slack.delete_message("ana", "photos", first)
    silence.slack.delete_message("ana", "photos", parent)
    assert silence.end_deletions() == [stays, reply]
    silence.slack.delete_message("ana", "photos", reply)

    assert silence.end_deletions(hours=-1) == [stays, reply]
    assert silence.end_deletions() == [stays]


def test_deletion_cannot_be_seen(silence):
    """While Slack does not show what stands there, nothing is taken for deleted."""
    posted = silence.post()
    silence.end()
    error = Fault("error", error="internal_error")
    silence.slack.faults.order("slack", "conversations.history", error, times=9)
    with pytest.raises(errors.SlackUnknown):
        silence.end_deletions()
    silence.slack.faults.clear()

    assert silence.end_deletions() == [posted]


def test_never_twice(silence):
    """What Slack delivered before is known, and so is what was found before."""
    posted = silence.post()
    silence.post()
    with silence.slack.world.changed:
        shown = silence.slack.world.message("C0PHOTOS", posted)
    event = {"channel": "C0PHOTOS", "ts": posted, "user": "U0ANA", "files": []}
    event["files"] = [{"id": shown.files[0], "mimetype": "image/jpeg"}]

    assert silence.intake.accept(Post.from_event(event, TEAM))
    assert [silence.end(), silence.end()] == [1, 0]


def test_before_the_silence(silence):
    """What was posted before the silence is left alone, but for its last moments."""
    silence.post()
    silence.began_s += 3600
    silence.post()

    assert silence.end(after_s=HOUR_S) == 0


def test_hours_end_it(silence):
    """After a long silence only the last hours are looked through."""
    silence.post()

    assert silence.end(hours=2, after_s=2.1 * HOUR_S) == 0
    assert silence.end(hours=3, after_s=2.1 * HOUR_S) == 1


def test_in_threads(silence):
    """A picture in a thread is found, also where the thread began before the silence."""
    older = silence.slack.post("ana", "photos", text="A thread")
    silence.slack.post("ben", "photos", text="A word", thread_ts=older)
    silence.began_s = float(silence.slack.post("ana", "photos", text="The silence")) + 90
    younger = silence.slack.post("ana", "photos", text="Another")
    posted = [silence.post(thread_ts=older), silence.post(person="ben", thread_ts=younger)]

    assert silence.end() == 2
    assert sorted(silence.found()) == posted


def test_same_rules(silence):
    """Modes, other bots and what is no picture are heeded as ever."""
    silence.watches.change_channel(TEAM, "C0LAB", mode="off")
    silence.post("lab")
    silence.post(person="camera")
    silence.slack.post("ana", "photos", [("notes.txt", b"words")])
    silence.slack.post("ana", "photos", text="words")

    assert silence.end() == 0


def test_taken_away(silence):
    """A message or a file that is gone is not found."""
    posted, kept = silence.post(), silence.post()
    with silence.slack.world.changed:
        file_id = silence.slack.world.message("C0PHOTOS", kept).files[0]
    silence.slack.delete_message("ana", "photos", posted)
    silence.slack.delete_file("ana", file_id)

    assert silence.end() == 0


def test_own_files(silence):
    """What the bot has shared itself is no post, even where other bots are welcome."""
    silence.watches.change_channel(TEAM, "C0PHOTOS", bots_on=True)
    theirs = silence.post(person="camera")
    with silence.slack.world.changed:
        world = silence.slack.world
        files = list(world.message("C0PHOTOS", theirs).files)
        own = Message("C0PHOTOS", world.next_ts(), "U0SPOTTER", bot_id="B0SPOTTER", files=files)
        world.channel("photos").add(own)

    assert silence.end() == 1
    assert silence.found() == [theirs]


def test_before_it_came(silence):
    """Of what was posted before the bot came to a channel Slack would have told it nothing."""
    silence.post("random")
    silence.slack.invite("ana", "random", "spotter")
    after = silence.post("random")

    assert silence.end() == 1
    assert silence.found() == [after]


def test_welcome_is_owed(silence):
    """Where the bot was let in meanwhile a welcome is owed, once, unless it has said something."""
    silence.slack.invite("ana", "random", "spotter")
    joined = silence.slack.messages("random")[-1].ts
    silence.end()
    silence.end()
    client = DBOSClient(system_database_engine=silence.database.engine, serializer=SERIALIZER)
    (job,) = client.list_workflows()

    assert job.workflow_id == f"{TEAM}/C0RANDOM/welcome/{joined}"
    assert (job.name, job.queue_partition_key) == ("welcome", "C0RANDOM")
    assert [*job.input["args"]] == [{"team": TEAM, "channel": "C0RANDOM"}]


def test_welcome_was_said(silence):
    """Where the bot has spoken since it was let in no welcome is owed any more."""
    silence.slack.invite("ana", "random", "spotter")
    with silence.slack.world.changed:
        ts = silence.slack.world.next_ts()
        hello = Message("C0RANDOM", ts, "U0SPOTTER", "Hello!", bot_id="B0SPOTTER")
        silence.slack.world.channel("random").add(hello)
    silence.end()
    client = DBOSClient(system_database_engine=silence.database.engine, serializer=SERIALIZER)

    assert client.list_workflows() == []


def test_many_pages(silence):
    """A silence with more messages than a page is looked through to its end, in order."""
    first = silence.post()
    with silence.slack.world.changed:
        for _ in range(450):
            ts = silence.slack.world.next_ts()
            silence.slack.world.channel("photos").add(Message("C0PHOTOS", ts, "U0BEN", "So?"))
    last = silence.post()

    assert silence.end() == 2
    assert silence.found() == [first, last]


def test_slack_is_busy(silence):
    """Where Slack asks for patience it gets it."""
    silence.post()
    for call in ("users.conversations", "conversations.history"):
        silence.slack.faults.order("slack", call, Fault("rate_limited", retry_after="1"))

    assert silence.end() == 1
