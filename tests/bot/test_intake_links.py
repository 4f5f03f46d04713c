import threading

import pytest
from dbos import DBOSClient

from bot.adapters.database import Database
from bot.adapters.job_intake import SERIALIZER, JobIntake
from bot.adapters.job_runner import migrate_jobs
from bot.adapters.message_records import MessageRecords
from bot.adapters.watch_records import WatchRecords
from bot.intake import Intake
from bot.links import S3Link
from bot.model import MessageRef
from bot.posts import Edit, Post, link_facts

MESSAGE = MessageRef("T1", "C1", "1.0")
DOG, CAT = S3Link("cams", "dog.jpg"), S3Link("cams", "cat.jpg")
FILE = {"id": "F1", "name": "a.jpg", "mimetype": "image/jpeg", "url_private": "https://x/y"}
SIGNED = "https://cams.s3.amazonaws.com/dog.jpg?versionId=v1&X-Amz-Signature=c0ffee"


def intake_on(database, *, reads_links=True):
    """Take posts into a database."""
    parts = JobIntake(database), MessageRecords(database), WatchRecords(database)
    return Intake(*parts, reads_links=reads_links)


@pytest.fixture
def intake(database):
    """Takes posts with links into an empty database."""
    return intake_on(database)


@pytest.fixture
def records(database):
    """What is kept of messages there."""
    return MessageRecords(database)


def post(text="", files=(), **facts):
    """Build a post of words, and of files where there are any."""
    event = {"channel": "C1", "ts": "1.0", "user": "U1", "text": text, "files": list(files)}
    return Post.from_event({**event, **facts}, "T1")


def edit(after, before="", files=()):
    """Build an edit from these words to those."""
    shown = {"ts": "1.0", "user": "U1", "files": list(files)}
    changed = {"message": {**shown, "text": after}, "previous_message": {**shown, "text": before}}
    return Edit.from_event({"channel": "C1", "ts": "2.0", **changed}, "T1")


def jobs(database):
    """Give what each stored job was asked to do, by the number of its attempt."""
    client = DBOSClient(system_database_engine=database.engine, serializer=SERIALIZER)
    asked = [job.input["args"][0] for job in client.list_workflows()]
    return {job["attempt"]: job for job in asked}


def ids(database):
    """Give the ids of the pictures of each attempt."""
    return {
        attempt: [file["id"] for file in job["files"]] for attempt, job in jobs(database).items()
    }


def test_link_becomes_picture(intake, database, records):
    """A link is kept as bucket, key, region and version, in the job and beside its picture."""
    intake.accept(post(f"<{SIGNED}>"))
    named = {"bucket": "cams", "key": "dog.jpg", "region": None, "version": "v1"}
    ((file,),) = [job["files"] for job in jobs(database).values()]
    (picture,) = records.pictures(MESSAGE)

    assert file == {"id": picture.file_id, "name": "dog.jpg", "link": named}
    assert picture.link == named
    assert "c0ffee" not in str(jobs(database))


def test_files_have_no_link(intake, records):
    """A picture that was posted as a file has no link."""
    intake.accept(post("s3://cams/dog.jpg", files=[FILE]))

    assert [picture.link is None for picture in records.pictures(MESSAGE)] == [True, False]


def test_links_may_not_count(database, records):
    """Where no place is allowed, only the files of a message count."""
    intake = intake_on(database, reads_links=False)
    odd = "https://ap-123456789012.s3-accesspoint.eu-west-1.amazonaws.com/a.jpg"

    assert not intake.accept(post(f"s3://cams/dog.jpg {odd}"))
    assert intake.accept(post("s3://cams/dog.jpg", files=[FILE]))
    assert [picture.file_id for picture in records.pictures(MESSAGE)] == ["F1"]


@pytest.mark.parametrize(
    ("mode", "poster", "expected"),
    [
        ("auto", {}, True),
        ("request", {}, False),
        ("off", {}, False),
        ("auto", {"bot_id": "B2"}, False),
        ("auto", {"bot_id": "B2", "user": None}, False),
    ],
)
def test_whose_links_count(database, intake, mode, poster, expected):
    """Links of people count where pictures do, and those of bots nowhere."""
    WatchRecords(database).change_channel("T1", "C1", mode=mode, bots_on=True)

    assert intake.accept(post("s3://cams/dog.jpg", **poster)) is expected


def test_edit_opens_attempt(intake, database, records):
    """An edit's new pictures are the next attempt, after the others, and nothing else is."""
    intake.accept(post("s3://cams/dog.jpg", files=[FILE], thread_ts="0.5"))
    taken = intake.accept_edit(
        edit("s3://cams/cat.jpg s3://cams/dog.jpg", "s3://cams/dog.jpg", [FILE])
    )
    names = [link_facts(link)["id"] for link in (DOG, CAT)]

    assert taken
    assert ids(database) == {1: ["F1", names[0]], 2: [names[1]]}
    assert [picture.file_id for picture in records.pictures(MESSAGE)] == ["F1", *names]
    assert [(reply.attempt, reply.state) for reply in records.replies(MESSAGE)] == [
        (1, "new"),
        (2, "new"),
    ]


def test_edit_again_is_known(intake, database):
    """Slack's second delivery of an edit adds nothing."""
    intake.accept(post("s3://cams/dog.jpg"))
    change = edit("s3://cams/dog.jpg s3://cams/cat.jpg", "s3://cams/dog.jpg")

    assert [intake.accept_edit(change) for _ in range(3)] == [True, False, False]
    assert set(jobs(database)) == {1, 2}


def test_edits_in_any_order(intake, database):
    """Two edits that arrive in the wrong order add one picture each."""
    texts = ["s3://cams/dog.jpg"]
    for name in ("cat", "bird"):
        texts.append(f"{texts[-1]} s3://cams/{name}.jpg")
    intake.accept(post(texts[0]))
    for number in (2, 1):
        assert intake.accept_edit(edit(texts[number], texts[number - 1]))

    names = [[file["name"] for file in jobs(database)[n]["files"]] for n in (1, 2, 3)]
    assert names == [["dog.jpg"], ["bird.jpg"], ["cat.jpg"]]


def test_edit_before_message(intake, database):
    """A message of which the edit arrives first is accepted as it is then, once."""
    assert intake.accept_edit(edit("s3://cams/dog.jpg s3://cams/cat.jpg", "s3://cams/dog.jpg"))
    assert not intake.accept(post("s3://cams/dog.jpg"))
    assert ids(database) == {1: [link_facts(DOG)["id"], link_facts(CAT)["id"]]}


@pytest.mark.parametrize("after", ["s3://cams/dog.jpg!", "Nothing", "s3://cams/notes.txt"])
def test_edit_without_pictures(intake, database, after):
    """An edit that adds no picture is no attempt, and takes nothing back."""
    intake.accept(post("s3://cams/dog.jpg"))

    assert not intake.accept_edit(edit(after, "s3://cams/dog.jpg"))
    assert set(jobs(database)) == {1}


def test_edit_where_off(intake, database):
    """An edit in a channel that is not on auto is left alone."""
    WatchRecords(database).change_channel("T1", "C1", mode="request")

    assert not intake.accept_edit(edit("s3://cams/dog.jpg"))


def test_edit_of_gone_message(intake, database, records):
    """A message that was taken away is not taken up again by an edit."""
    intake.accept(post("s3://cams/dog.jpg"))
    with database.begin() as connection:
        connection.exec_driver_sql("UPDATE messages SET state = 'gone'")

    assert not intake.accept_edit(edit("s3://cams/dog.jpg s3://cams/cat.jpg", "s3://cams/dog.jpg"))
    assert len(records.pictures(MESSAGE)) == 1


def test_edit_keeps_words_beyond(intake, database):
    """Pictures that were beyond the tenth stay so when only words change."""
    text = " ".join(f"s3://cams/{n}.jpg" for n in range(12))
    intake.accept(post(text))

    assert not intake.accept_edit(edit(f"{text} Look!", text))
    assert len(ids(database)[1]) == 11


def test_edits_at_once(address):
    """An edit that is delivered eight times at once opens one attempt."""
    database = Database(address, statement_timeout_s=5)
    database.migrate()
    migrate_jobs(database)
    intake = intake_on(database)
    intake.accept(post("s3://cams/dog.jpg"))
    together, taken = threading.Barrier(8), []

    def deliver():
        together.wait()
        taken.append(
            intake.accept_edit(edit("s3://cams/dog.jpg s3://cams/cat.jpg", "s3://cams/dog.jpg"))
        )

    threads = [threading.Thread(target=deliver) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = ids(database)
    database.close()

    assert sorted(taken) == [False] * 7 + [True]
    assert set(found) == {1, 2}


def fail(records, link, attempt=1):
    """Note that a link's picture ended in a reason that can pass."""
    outcome = {"outcome": "link_out_of_reach", "name": "dog.jpg", "attempt": attempt}
    records.note_picture(MESSAGE, link_facts(link)["id"], outcome=outcome)


def test_try_again_reads_link(intake, database, records):
    """Trying again takes a link from what was kept of it, and says that somebody asked."""
    intake.accept(post("s3://cams/dog.jpg"))
    fail(records, DOG)
    intake.try_again(MESSAGE, after=1)

    assert jobs(database)[2]["files"] == [{**link_facts(DOG), "is_asked": True}]


def test_try_again_after_edit(intake, database, records):
    """A reason can be tried again, once, although an edit has opened an attempt since."""
    intake.accept(post("s3://cams/dog.jpg"))
    fail(records, DOG)
    intake.accept_edit(edit("s3://cams/dog.jpg s3://cams/cat.jpg", "s3://cams/dog.jpg"))
    fail(records, CAT, attempt=2)
    tried = [intake.try_again(MESSAGE, after=after) for after in (1, 1, 2, 2, 1)]

    assert tried == [True, False, True, False, False]
    assert ids(database) == {
        1: [link_facts(DOG)["id"]],
        2: [link_facts(CAT)["id"]],
        3: [link_facts(DOG)["id"]],
        4: [link_facts(CAT)["id"]],
    }
