"""What people take back is gone: every table and the bucket are searched for it.

This is long because each way of taking away is held to the same search.
"""

import base64
import hashlib
import itertools
import time
from dataclasses import dataclass

import pytest

from bot.adapters.database import Database
from bot.adapters.job_intake import JobIntake
from bot.listening import BEAT_S
from bot.messages import DELETE
from bot.sandbox.faults import Fault

_numbers = itertools.count(1)
_DAY_S = 24 * 3600


@dataclass(frozen=True)
class Posted:
    """A message with one picture, and all that names the picture or is made of it."""

    ts: str
    file_id: str
    name: str
    data: bytes

    @property
    def sha256(self):
        """What its analysis is kept by."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def traces(self):
        """What must be found nowhere once it is taken away."""
        part = self.data[64:96]
        coded = base64.b64encode(self.data)[64:96].decode()
        return {self.ts, self.file_id, self.name, self.sha256, coded, part.decode("latin-1")}


def post(stage, data, *, person="ana", channel="photos", name=None):
    """Post one picture under a rare name."""
    name = name or f"zanzibar{next(_numbers)}quokka.jpg"
    ts = stage.post((name, data), person=person, channel=channel)
    return Posted(ts, file_of(stage, ts, channel), name, data)


def file_of(stage, ts, channel="photos"):
    """The id of the file in a message."""
    return next(m.files[0] for m in stage.slack.messages(channel) if m.ts == ts)


def found(stage, posted, *, but=()):
    """Where traces of a picture are: tables by name, and the bucket; the guard row aside."""
    traces = posted.traces - {*but}
    places = {
        table
        for table, row in stage.rows()
        if any(trace in row for trace in traces - ({posted.ts} if table == "messages" else set()))
    }
    objects = stage.objects()
    is_kept = any(posted.ts in key or posted.file_id in key for key in objects)
    is_kept = is_kept or (posted.data in objects.values() and not but)
    return places | ({"bucket"} if is_kept else set())


def wait_gone(stage, posted, *, but=()):
    """Wait until nothing is found of a picture."""
    ends_s = time.monotonic() + stage.within_s
    while places := found(stage, posted, but=but):
        assert time.monotonic() < ends_s, (places, stage.bot.log_text()[-3000:])
        stage.settle(0.2)


def assert_gone(stage, posted, channel="photos"):
    """Nothing is found of a picture, under its message or in anybody's direct messages."""
    wait_gone(stage, posted)
    stage.settle(1.0)
    mark = f"p{posted.ts.replace('.', '')}"

    assert found(stage, posted) == set()
    assert stage.replies(posted.ts, channel) == []
    assert not [m for m in stage.slack.direct_messages("ben") if mark in m.text]


@pytest.fixture(scope="module")
def watched(quiet_stage):
    """A stage where ben watches dogs."""
    quiet_stage.command("ben", "photos", "/labels watch dog")
    return quiet_stage


@pytest.fixture
def told(watched, fresh):
    """A picture that was labelled, and that ben was told of."""
    posted = post(watched, fresh())
    watched.wait_marked(posted.ts)
    mark = f"p{posted.ts.replace('.', '')}"
    assert watched.slack.wait_for(
        lambda: any(mark in m.text for m in watched.slack.direct_messages("ben")), 20
    )
    watched.settle(0.5)
    kept = {"bucket", "pictures", "replies", "analyses", "workflow_input"}
    assert kept | {"notices", "watch_events"} <= found(watched, posted)
    return posted


def test_message_deleted(watched, told):
    """Of a message that its poster deletes nothing stays but the guard row."""
    watched.slack.delete_message("ana", "photos", told.ts)

    assert_gone(watched, told)


def test_file_deleted(watched, told):
    """Of a picture whose file its poster deletes nothing stays but the guard row."""
    watched.slack.delete_file("ana", told.file_id)

    assert_gone(watched, told)


def test_delete_pressed(watched, told):
    """When the poster presses Delete under the reply, nothing stays but the guard row."""
    (reply,) = watched.replies(told.ts)
    watched.slack.press("ana", "photos", reply.ts, DELETE)

    assert_gone(watched, told)


def test_reaction_of_poster(watched, told):
    """The poster's opt-out emoji on the message takes it away."""
    watched.slack.react("ana", "photos", told.ts, "no_entry_sign")

    assert_gone(watched, told)


def test_opted_out(watched, told):
    """When the poster opts out, what was kept goes, and later posts are left alone until opt-in."""
    answer = watched.command("ana", "photos", "/labels optout")
    assert_gone(watched, told)
    later = post(watched, told.data)
    watched.settle(2.0)
    assert watched.marks(later.ts) == set()
    watched.command("ana", "photos", "/labels optin")
    welcome = post(watched, told.data)
    watched.wait_marked(welcome.ts)

    assert "leave your pictures alone" in answer
    assert watched.replies(later.ts) == []


def test_reaction_of_others(watched, told):
    """The opt-out emoji of somebody else, and the poster's other emoji, take nothing away."""
    watched.slack.react("ben", "photos", told.ts, "no_entry_sign")
    watched.slack.react("ana", "photos", told.ts, "thumbsup")
    watched.settle(2.0)

    assert len(watched.replies(told.ts)) == 1
    assert "bucket" in found(watched, told)


def test_delete_pressed_by_others(watched, fresh):
    """Who neither posted the picture nor is an admin is told so, and nothing goes."""
    posted = post(watched, fresh(), person="ana")
    watched.wait_marked(posted.ts)
    (reply,) = watched.replies(posted.ts)
    watched.slack.press("ben", "photos", reply.ts, DELETE)
    watched.settle(1.0)

    answer = watched.slack.ephemerals("ben")[-1].text
    assert answer == "Only who posted the picture, and admins, can delete this."
    assert len(watched.replies(posted.ts)) == 1
    assert "bucket" in found(watched, posted)


def test_delete_pressed_by_admin(watched, fresh):
    """An admin may press Delete under a reply to somebody else's picture."""
    posted = post(watched, fresh(), person="ben")
    watched.wait_marked(posted.ts)
    (reply,) = watched.replies(posted.ts)
    watched.slack.press("ana", "photos", reply.ts, DELETE)

    assert_gone(watched, posted)


def test_deleted_twice(watched, told):
    """A deletion that is delivered twice is one."""
    watched.faults.order("event", "message", Fault("duplicate"))
    watched.slack.delete_message("ana", "photos", told.ts)

    assert_gone(watched, told)


def test_channel_deleted(watched, fresh):
    """Of what was posted in a deleted channel nothing stays; who had it told hears of that once."""
    watched.command("ben", "photos", "/labels watch zebra tell #alerts")
    posted = post(watched, fresh(), channel="alerts")
    watched.wait_marked(posted.ts, "alerts")
    watched.slack.delete_channel("ana", "alerts")
    wait_gone(watched, posted)

    assert found(watched, posted) == set()
    paused = "that channel is deleted. Paused: *zebra tell <#C0ALERTS>*"
    assert watched.slack.wait_for(
        lambda: [paused in m.text for m in watched.slack.direct_messages("ben")].count(True) == 1,
        20,
    )


def test_one_of_two_files(watched, fresh):
    """When one of two files is deleted, the reply stays with the other picture alone."""
    names, data = ("zebu.jpg", "okapi.jpg"), (fresh(), fresh())
    ts = watched.post(*zip(names, data, strict=True))
    watched.wait_marked(ts)
    files = next(m.files for m in watched.slack.messages("photos") if m.ts == ts)
    gone = Posted("no ts of its own", files[0], names[0], data[0])
    kept = Posted(ts, files[1], names[1], data[1])
    watched.slack.delete_file("ana", files[0])
    wait_gone(watched, gone)
    (reply,) = watched.replies(ts)

    assert [block["type"] for block in reply.blocks].count("image") == 1
    assert "zebu" not in reply.text
    assert "bucket" in found(watched, kept)
    watched.slack.delete_file("ana", files[1])
    assert_gone(watched, kept)


def test_same_bytes_twice(watched, fresh):
    """An analysis stays until the last picture of the same bytes goes."""
    data = fresh()
    first = post(watched, data)
    watched.wait_marked(first.ts)
    second = post(watched, data)
    watched.wait_marked(second.ts)
    part = data[64:96].decode("latin-1")
    watched.slack.delete_message("ana", "photos", first.ts)
    wait_gone(watched, first, but={first.sha256, part})

    assert "analyses" in found(watched, second)
    assert len(watched.replies(second.ts)) == 1
    watched.slack.delete_message("ana", "photos", second.ts)
    assert_gone(watched, second)


# -- orders


def test_deletion_comes_first(watched, fresh):
    """A deletion that arrives before its message keeps it from being taken in."""
    watched.faults.order("event", "message", Fault("slow", seconds=2))
    posted = post(watched, fresh())
    watched.slack.delete_message("ana", "photos", posted.ts)
    assert watched.slack.wait_for(lambda: watched.deliveries(posted.ts), 10)
    watched.settle(2.0)

    assert watched.deliveries(posted.ts)[-1]["status"] == 200
    assert found(watched, posted) == set()
    assert any(posted.ts in row for table, row in watched.rows() if table == "messages")


def test_file_deletion_comes_first(watched, fresh):
    """A file whose deletion arrives before its message is left out of it."""
    watched.faults.order("event", "message", Fault("slow", seconds=2))
    posted = post(watched, fresh())
    watched.slack.delete_file("ana", posted.file_id)
    assert watched.slack.wait_for(lambda: watched.deliveries(posted.ts), 10)
    watched.settle(2.0)

    assert found(watched, posted) == {"deleted_files"}
    assert watched.replies(posted.ts) == []


def test_plain_deletion_leaves_nothing(watched):
    """Of a deleted message without a picture nothing is written down."""
    ts = watched.slack.post("ana", "photos", text="nothing to see")
    watched.slack.delete_message("ana", "photos", ts)
    watched.settle(1.5)

    assert not any(ts in row for _, row in watched.rows())


@pytest.mark.parametrize(
    ("service", "call", "way"),
    [
        ("slack", "download", "message"),
        ("s3", "PutObject", "message"),
        ("rekognition", "DetectLabels", "message"),
        ("slack", "upload", "message"),
        ("slack", "files.completeUploadExternal", "message"),
        ("slack", "chat.postMessage", "message"),
        ("s3", "PutObject", "file"),
        ("slack", "chat.postMessage", "file"),
        ("rekognition", "DetectLabels", "reaction"),
    ],
)
def test_taken_away_at_work(watched, fresh, service, call, way):
    """What is taken away while its job is at any call comes to no reply, and is gone."""
    said, asked = replies_posted(watched), watched.detections
    watched.faults.order(service, call, Fault("slow", seconds=1.5))
    posted = post(watched, fresh())
    assert watched.until_no_faults(20)
    if way == "message":
        watched.slack.delete_message("ana", "photos", posted.ts)
    elif way == "file":
        watched.slack.delete_file("ana", posted.file_id)
    else:
        watched.slack.react("ana", "photos", posted.ts, "no_entry_sign")
    watched.settle(2.0)

    assert_gone(watched, posted)
    assert replies_posted(watched) - said == (call == "chat.postMessage")
    assert watched.detections - asked == (call not in {"download", "PutObject"})


def replies_posted(stage):
    """How many replies were ever sent."""
    sent = stage.ledger.entries("slack", "chat.postMessage")
    return sum(one.facts.get("channel") == "C0PHOTOS" for one in sent)


def test_call_for_two(watched, fresh):
    """Who waits for a call made by somebody else's picture gets an answer when that one goes."""
    watched.faults.order("rekognition", "DetectLabels", Fault("slow", seconds=2))
    first = post(watched, fresh())
    assert watched.until_no_faults(20)
    second = post(watched, first.data)
    watched.settle(0.5)
    watched.slack.delete_message("ana", "photos", first.ts)
    watched.wait_marked(second.ts)
    part = first.data[64:96].decode("latin-1")
    wait_gone(watched, first, but={first.sha256, part})
    (reply,) = watched.replies(second.ts)

    assert reply.text.startswith("1 Dog")
    watched.slack.delete_message("ana", "photos", second.ts)
    assert_gone(watched, second)


@pytest.mark.parametrize("moment", ["arrival", "effect"])
@pytest.mark.parametrize(
    ("service", "call"),
    [("s3", "DeleteObject"), ("slack", "chat.delete"), ("slack", "files.delete")],
)
def test_kill_while_forgetting(watched, told, service, call, moment):
    """After a kill in the middle of forgetting, the next start brings it to its end."""
    watched.faults.kill_at(service, call, moment)
    watched.slack.delete_message("ana", "photos", told.ts)
    assert watched.until_no_faults(), "never called"
    watched.start()

    assert_gone(watched, told)


def test_store_away(watched, told):
    """While the store does not answer, forgetting waits, and goes on by itself."""
    watched.faults.order("s3", "DeleteObject", Fault("status", status=503), times=12)
    watched.slack.delete_message("ana", "photos", told.ts)

    assert_gone(watched, told)


# -- for how long


def sweep(stage, at_s):
    """Have the daily sweep done now, with its clock at this time."""
    job_id, database = (
        f"daily/test-{next(_numbers)}",
        Database(stage.records, statement_timeout_s=5),
    )
    with database.begin() as connection:
        JobIntake(database).enqueue(
            connection, "Library.sweep", job_id=job_id, queue="sweeping", args={"now_s": at_s}
        )
    database.close()
    ends_s = time.monotonic() + 30
    while not any(job_id in row and "SUCCESS" in row for _, row in stage.rows()):
        assert time.monotonic() < ends_s, stage.bot.log_text()[-3000:]
        stage.settle(0.2)


def test_kept_for_so_long(watched, fresh):
    """What is older than the channel's days, or the setting's, goes; its reply may go later."""
    answers = [
        watched.command("ana", "lab", "/labels keep 30d"),
        watched.command("ben", "photos", "/labels keep 1d"),
    ]
    here, there = post(watched, fresh(), channel="lab"), post(watched, fresh())
    watched.wait_marked(here.ts, "lab")
    watched.wait_marked(there.ts)
    now_s = time.time()
    sweep(watched, now_s + 29 * _DAY_S)
    assert "bucket" in found(watched, here)
    sweep(watched, now_s + 31 * _DAY_S)
    wait_gone(watched, here, but={here.ts})
    assert "bucket" in found(watched, there)
    sweep(watched, now_s + 89 * _DAY_S)
    assert "bucket" in found(watched, there)
    sweep(watched, now_s + 91 * _DAY_S)
    wait_gone(watched, there, but={there.ts})

    assert answers[0].startswith("Pictures and labels are kept for 30 days here.")
    assert answers[1] == "Only admins can change how long pictures are kept."
    assert "kept for 30 days" in watched.command("ana", "lab", "/labels status")
    assert len(watched.replies(here.ts, "lab")) == len(watched.replies(there.ts)) == 1
    assert found(watched, here) == found(watched, there) == {"replies"}
    watched.slack.delete_message("ana", "lab", here.ts)
    assert_gone(watched, here, "lab")


def test_lost_in_slack(watched, fresh):
    """A file that Slack removed without a word is found by the sweep; newer ones stay."""
    lost, kept = post(watched, fresh(), channel="lab"), post(watched, fresh(), channel="lab")
    for posted in (lost, kept):
        watched.wait_marked(posted.ts, "lab")
    watched.slack.lose_file(lost.file_id)
    sweep(watched, time.time())

    assert_gone(watched, lost, "lab")
    assert "bucket" in found(watched, kept)
    assert len(watched.replies(kept.ts, "lab")) == 1


def test_uninstalled(tmp_path, stage_of, fresh):
    """When the app is removed, all that is kept of the team goes for good, but what is in Slack."""
    with stage_of(tmp_path, "socket") as stage:
        stage.command("ben", "photos", "/labels watch dog")
        posted = post(stage, fresh())
        stage.wait_marked(posted.ts)
        stage.wait_notice("ben")
        sweep(stage, time.time())
        stage.slack.uninstall("ana")
        wait_gone(stage, posted)

        def kept():
            return {table for table, row in stage.rows() if "T0SANDBOX" in row}

        assert stage.slack.wait_for(lambda: not kept(), 30), kept()
        stage.settle(BEAT_S + 1.0)
        assert kept() == set()
        assert stage.objects() == {}
