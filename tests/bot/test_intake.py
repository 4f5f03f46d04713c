"""This is long because every way in, first or once more, is asked of the same post."""

import contextlib
import logging
import threading

import pytest
import sqlalchemy as sa
from dbos import DBOSClient

from bot import errors
from bot.adapters.database import Database
from bot.adapters.job_intake import SERIALIZER, JobIntake
from bot.adapters.job_runner import migrate_jobs
from bot.adapters.message_records import MessageRecords
from bot.adapters.removal_records import RemovalRecords
from bot.adapters.tables import MESSAGES, REPLIES
from bot.adapters.watch_records import WatchRecords
from bot.intake import Intake
from bot.model import MessageRef
from bot.posts import Post, may_be_picture

MESSAGE = MessageRef("T1", "C1", "1700000000.000100")
JPEG = {
    "id": "F1",
    "name": "dog.jpg",
    "title": "dog",
    "mimetype": "image/jpeg",
    "filetype": "jpg",
    "size": 1234,
    "mode": "hosted",
    "is_external": False,
    "url_private": "https://files.slack.com/files-pri/T1-F1/dog.jpg",
    "url_private_download": "https://files.slack.com/files-pri/T1-F1/download/dog.jpg",
    "user_team": "T1",
    "field_of_tomorrow": {"a": [1]},
}
PDF = {**JPEG, "id": "F2", "name": "menu.pdf", "mimetype": "application/pdf"}
TOMBSTONE = {"id": "F3", "mode": "tombstone"}
CONNECT = {"id": "F4", "mode": "file_access", "file_access": "check_file_info", "created": 0}


def event(*files, **facts):
    """Build a message event as Slack sends it."""
    return {
        "type": "message",
        "subtype": "file_share",
        "channel": MESSAGE.channel,
        "ts": MESSAGE.ts,
        "user": "U1",
        "text": "",
        "files": list(files),
        **facts,
    }


def post(*files, **facts):
    """Build a post from such an event."""
    return Post.from_event(event(*files, **facts), MESSAGE.team)


def intake_on(database):
    """Take posts into a database."""
    return Intake(JobIntake(database), MessageRecords(database), WatchRecords(database))


@pytest.fixture
def intake(database):
    """Takes posts into an empty database."""
    return intake_on(database)


@pytest.fixture
def records(database):
    """What is kept of messages there."""
    return MessageRecords(database)


def jobs(database):
    """Give what each stored job was asked to do, by the job's id."""
    client = DBOSClient(system_database_engine=database.engine, serializer=SERIALIZER)
    return {job.workflow_id: job.input["args"][0] for job in client.list_workflows()}


def job_ids(database):
    """Give the stored jobs' ids."""
    return sorted(jobs(database))


def test_post_becomes_job(intake, database, records):
    """An accepted post is a stored job, a message with its pictures, and a reply to be."""
    assert intake.accept(post(JPEG))
    assert jobs(database) == {
        "T1/C1/1700000000.000100/1": {
            "team": "T1",
            "channel": "C1",
            "ts": MESSAGE.ts,
            "thread_ts": MESSAGE.ts,
            "poster": "U1",
            "attempt": 1,
            "files": [
                {
                    "id": "F1",
                    "name": "dog.jpg",
                    "url_private": JPEG["url_private_download"],
                    "size_bytes": 1234,
                    "mimetype": "image/jpeg",
                    "mode": "hosted",
                    "is_external": False,
                    "needs_info": False,
                }
            ],
        }
    }
    assert records.accepted(MESSAGE).poster == "U1"
    assert [picture.file_id for picture in records.pictures(MESSAGE)] == ["F1"]
    assert [(reply.attempt, reply.state) for reply in records.replies(MESSAGE)] == [(1, "new")]


def test_words_are_not_kept(intake, database):
    """What was written beside the picture is in no job."""
    intake.accept(post(JPEG, text="my secret"))

    assert "secret" not in str(jobs(database))


def test_again_is_known(intake, database, records):
    """Slack's second delivery of a post changes nothing."""
    assert [intake.accept(post(JPEG)) for _ in range(4)] == [True, False, False, False]
    assert len(jobs(database)) == len(records.replies(MESSAGE)) == 1


def test_known_without_job(intake, database):
    """A post whose finished job was removed is still known."""
    intake.accept(post(JPEG))
    with database.begin() as connection:
        connection.execute(sa.text("DELETE FROM workflow_status"))

    assert not intake.accept(post(JPEG))
    assert jobs(database) == {}


def accept_side_by_side(url):
    """Accept the same post in 8 threads, two for each of 4 processes' databases."""
    together, accepted = threading.Barrier(8), []
    databases = [Database(url, statement_timeout_s=5) for _ in range(4)]

    def accept(at):
        intake = intake_on(databases[at % 4])
        together.wait()
        accepted.append(intake.accept(post(JPEG)))

    threads = [threading.Thread(target=accept, args=(at,)) for at in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for database in databases:
        database.close()
    return sorted(accepted)


def test_deliveries_at_once(address):
    """A post that is delivered eight times at once is one job and one message."""
    with contextlib.closing(Database(address, statement_timeout_s=5)) as database:
        database.migrate()
        migrate_jobs(database)

        assert accept_side_by_side(address) == [False] * 7 + [True]
        assert job_ids(database) == ["T1/C1/1700000000.000100/1"]
        with database.begin() as connection:
            assert len(connection.execute(sa.select(MESSAGES)).all()) == 1
            assert len(connection.execute(sa.select(REPLIES)).all()) == 1


def test_reply_goes_into_thread(intake, database):
    """A post inside a thread is answered in that thread."""
    intake.accept(post(JPEG, thread_ts="1600000000.000200"))
    (job,) = jobs(database).values()

    assert job["thread_ts"] == "1600000000.000200"


def test_pictures_of_post_in_order(intake, database, records):
    """Of a post with other things, the pictures are taken, in order."""
    later = {**JPEG, "id": "F9"}
    intake.accept(post(later, PDF, JPEG, TOMBSTONE, CONNECT))
    (job,) = jobs(database).values()

    assert [file["id"] for file in job["files"]] == ["F9", "F1", "F4"]
    assert [picture.file_id for picture in records.pictures(MESSAGE)] == ["F9", "F1", "F4"]


@pytest.mark.parametrize("files", [[], [PDF], [TOMBSTONE]])
def test_nothing_to_look_at(intake, database, files):
    """A post without pictures is no job."""
    assert not intake.accept(post(*files))
    assert jobs(database) == {}


@pytest.mark.parametrize(
    ("mode", "bots_on", "poster", "expected"),
    [
        ("auto", False, {}, True),
        ("auto", False, {"bot_id": "B1"}, False),
        ("auto", True, {"bot_id": "B1"}, True),
        ("auto", True, {"bot_id": "B1", "user": None, "subtype": "bot_message"}, True),
        ("request", True, {}, False),
        ("off", True, {}, False),
        ("off", True, {"bot_id": "B1"}, False),
    ],
)
def test_modes(intake, database, *, mode, bots_on, poster, expected):
    """A channel's mode says whether posts count, and whether bots' posts do."""
    WatchRecords(database).change_channel("T1", "C1", mode=mode, bots_on=bots_on)

    assert intake.accept(post(JPEG, **poster)) is expected


def test_opted_out(intake, database):
    """The posts of who has opted out are left alone; everybody else's are not."""
    RemovalRecords(database).mark_person("T1", "U1")

    assert not intake.accept(post(JPEG))
    assert intake.accept(post(JPEG, user="U2"))


def test_deleted_files_are_left_out(intake, database, records):
    """A file whose deletion came before its message is left out of it."""
    RemovalRecords(database).mark_file("T1", "F1")
    assert not intake.accept(post(JPEG))
    intake.accept(post(JPEG, {**JPEG, "id": "F9"}))

    assert [picture.file_id for picture in records.pictures(MESSAGE)] == ["F9"]


def test_gone_before_it_comes(intake, database):
    """A message that was deleted before it arrived is known, and no job."""
    with database.begin() as connection:
        RemovalRecords(database).mark(connection, MESSAGE, also_unknown=True)

    assert not intake.accept(post(JPEG))
    assert jobs(database) == {}


def test_mode_of_other_channel(intake, database):
    """Another channel's mode does not matter."""
    WatchRecords(database).change_channel("T1", "C2", mode="off")

    assert intake.accept(post(JPEG))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, True),
        ({"mimetype": "image/heic", "name": "IMG_1"}, True),
        ({"mimetype": "image/svg+xml", "name": "x.svg"}, True),
        ({"mimetype": "", "name": "IMG_1.HEIC"}, True),
        ({"mimetype": "application/octet-stream", "name": "x.JPG"}, True),
        ({"mimetype": "application/octet-stream", "name": "x.bin"}, False),
        ({"mimetype": "", "name": "notes"}, True),
        ({"mimetype": "", "name": "notes.txt"}, False),
        ({"mimetype": "text/plain", "name": "jpg"}, False),
        ({"mimetype": "video/mp4", "name": "x.mp4"}, False),
        ({"mimetype": None, "name": None, "title": None}, True),
        ({"mimetype": None, "name": None, "title": "x.png"}, True),
        ({"mode": "tombstone"}, False),
        ({"mode": "hidden_by_limit", "mimetype": None, "name": None}, True),
        ({"file_access": "access_denied", "mimetype": None, "name": None}, True),
        ({"file_access": "visible", "mimetype": "text/plain", "name": "x.txt"}, False),
        ({"file_access": "check_file_info", "mimetype": None, "name": None}, True),
    ],
)
def test_what_may_be_picture(facts, expected):
    """A file counts by Slack's type or else by its name; what neither tells is looked up."""
    (file,) = post({**JPEG, **facts}).files

    assert may_be_picture(file) is expected


def test_only_promised_fields():
    """A post is read from what Slack promises alone."""
    bare = Post.from_event({"channel": "C1", "ts": "1.0", "files": [{"id": "F1"}]}, "T1")

    assert (bare.poster, bare.thread_ts, bare.is_from_bot) == ("", "1.0", False)
    assert bare.files[0]["url_private"] == ""


def end(records, *outcomes):
    """Note how the pictures of the message ended."""
    for file_id, outcome in outcomes:
        records.note_picture(MESSAGE, file_id, outcome=outcome)


def test_try_again_once(intake, database, records):
    """Try again opens exactly one next attempt, however often it is pressed."""
    intake.accept(post(JPEG))
    end(records, ("F1", {"outcome": "detector_busy", "name": "dog.jpg"}))

    assert [intake.try_again(MESSAGE, after=1) for _ in range(3)] == [True, False, False]
    assert job_ids(database) == [f"T1/C1/{MESSAGE.ts}/{attempt}" for attempt in (1, 2)]
    assert [reply.attempt for reply in records.replies(MESSAGE)] == [1, 2]


def test_try_again_at_once(database, intake, records):
    """Two people who press at the same moment open one attempt."""
    intake.accept(post(JPEG))
    end(records, ("F1", {"outcome": "detector_busy"}))
    together, opened = threading.Barrier(4), []

    def press():
        together.wait()
        opened.append(intake.try_again(MESSAGE, after=1))

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(opened) == [False, False, False, True]
    assert len(jobs(database)) == 2


def test_try_again_what_failed(intake, database, records):
    """The next attempt is about the pictures whose reason can pass, asked for anew."""
    intake.accept(
        post(JPEG, {**JPEG, "id": "F2"}, {**JPEG, "id": "F3"}, thread_ts="1600000000.000200")
    )
    end(
        records,
        ("F1", {"outcome": "labelled", "name": "a"}),
        ("F2", {"outcome": "store_unavailable", "name": "b.jpg"}),
        ("F3", {"outcome": "picture_empty", "name": "c"}),
    )
    intake.try_again(MESSAGE, after=1)
    job = jobs(database)[f"T1/C1/{MESSAGE.ts}/2"]

    assert [(file["id"], file["name"], file["needs_info"]) for file in job["files"]] == [
        ("F2", "b.jpg", True)
    ]
    assert (job["attempt"], job["poster"], job["thread_ts"]) == (2, "U1", "1600000000.000200")


@pytest.mark.parametrize("outcome", [None, {"outcome": "labelled"}, {"outcome": "picture_empty"}])
def test_nothing_to_try_again(intake, database, records, outcome):
    """What is under way, done, or cannot pass is not tried again."""
    intake.accept(post(JPEG))
    end(records, ("F1", outcome))

    assert not intake.try_again(MESSAGE, after=1)
    assert len(jobs(database)) == 1


def test_try_again_old_button(intake, records):
    """The button of an earlier attempt opens nothing."""
    intake.accept(post(JPEG))
    end(records, ("F1", {"outcome": "detector_busy"}))
    intake.try_again(MESSAGE, after=1)

    assert not intake.try_again(MESSAGE, after=1)
    assert intake.try_again(MESSAGE, after=2)


def test_try_again_gone(intake, database, records):
    """What was taken away is not tried again."""
    intake.accept(post(JPEG))
    end(records, ("F1", {"outcome": "detector_busy"}))
    with database.begin() as connection:
        RemovalRecords(database).mark(connection, MESSAGE, also_unknown=False)

    assert not intake.try_again(MESSAGE, after=1)
    assert len(jobs(database)) == 1


def test_try_again_unknown(intake, database):
    """A message that was never accepted is not tried again."""
    assert not intake.try_again(MESSAGE, after=1)
    assert jobs(database) == {}


def test_locked_database_keeps_nothing(database):
    """While the database is locked nothing is half stored, and the next delivery is."""
    with contextlib.closing(Database(str(database.url), statement_timeout_s=0.2)) as impatient:
        intake = intake_on(impatient)
        with database.begin() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            with pytest.raises(errors.RecordsUnavailable):
                intake.accept(post(JPEG))

        assert intake.accept(post(JPEG))
        assert len(jobs(database)) == 1


def test_full_database_keeps_nothing(intake, database, caplog):
    """Where the disk is full neither the row nor the job stays, and no file name gets out."""
    with database.begin() as connection:
        for number in range(60):
            connection.exec_driver_sql("INSERT INTO workers VALUES (?, 0)", (f"{number:0900}",))
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
    many = [{**JPEG, "id": f"F{n}", "name": f"private-{n}.jpg" * 20} for n in range(99)]
    with pytest.raises(errors.RecordsUnavailable) as caught:
        intake.accept(post(*many))
    logging.getLogger("test").error("failed", exc_info=caught.value)

    assert jobs(database) == {}
    assert MessageRecords(database).accepted(MESSAGE) is None
    assert "private-" not in caplog.text


def test_log_names_the_message(intake, caplog):
    """The log says which message came in, under the id that its job has, and no more of it."""
    with caplog.at_level(logging.INFO, logger="bot.intake"):
        for _ in range(2):
            intake.accept(post(JPEG))

    assert [record.getMessage() for record in caplog.records] == [
        "message_accepted",
        "message_known",
    ]
    assert {record.job for record in caplog.records} == {f"T1/C1/{MESSAGE.ts}"}
