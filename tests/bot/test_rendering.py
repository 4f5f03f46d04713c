import pytest
import sqlalchemy as sa

from bot import errors
from bot.access import Access
from bot.adapters.analysis_records import AnalysisRecords
from bot.adapters.earlier_records import EarlierRecords
from bot.adapters.message_records import Accepted, MessageRecords
from bot.adapters.render_records import RenderRecords
from bot.adapters.show_records import ShowRecords
from bot.adapters.slack_files import SlackFiles
from bot.adapters.tables import MESSAGES, REPLIES
from bot.adapters.withheld_records import WithheldRecords
from bot.model import MessageRef
from bot.rendering import Rendering
from bot.replying import Replying
from bot.sandbox.faults import Fault
from bot.seen_before import SeenBefore
from bot.showing import Showing
from bot.uploading import Uploading

LABELLED = {"outcome": "labelled", "sha256": "ab", "name": "a.jpg", "attempt": 1}
LEFT_ALONE = {"outcome": "left_alone"}
REASON = {"outcome": "picture_empty", "name": "b.jpg", "attempt": 1}


class Desk:
    """An answered message in #photos, and what renders its reply again."""

    def __init__(self, database, slack, workspace):
        self.slack = slack
        self.database = database
        self.records = MessageRecords(database)
        self.message = MessageRef("T0SANDBOX", "C0PHOTOS", slack.post("ana", "photos", text="hi"))
        self._workspace = workspace
        with database.begin() as connection:
            accepted = Accepted(self.message, self.message.ts, "U0ANA")
            files = [{"id": file_id} for file_id in ("F1", "F2", "F3", "F4")]
            self.records.accept(connection, accepted, files=files)
        for file_id, outcome in (("F1", LABELLED), ("F2", REASON), ("F3", LEFT_ALONE)):
            self.note(file_id, outcome=outcome, annotated_file_id="FA")
        self.post(1)
        self.rendering = self._rendering(database)

    def _rendering(self, database):
        api = {"token": "xoxb-1", "api_url": f"{self.slack.url}/api/"}
        files = SlackFiles(self._workspace, **api, download_limit_bytes=1)
        analyses = AnalysisRecords(database, "everything")
        showing = Showing(analyses, ShowRecords(database), WithheldRecords(database))
        self.renders = RenderRecords(database)
        records = {"records": self.records, "renders": self.renders}
        uploading = Uploading(files, None, showing, None, **records, shares=False)
        access = Access(self._workspace, "T0SANDBOX")
        before = SeenBefore(self._workspace, access, EarlierRecords(database))
        replying = Replying(self._workspace, uploading, showing, self.records, seen_before=before)
        self._files = files
        parts = (self._workspace, uploading, replying)
        return Rendering(*parts, records=self.records, renders=self.renders)

    def note(self, file_id, **values):
        """Write what is kept of a picture."""
        self.records.note_picture(self.message, file_id, **values)

    def post(self, attempt):
        """Have an attempt's reply stand in the thread."""
        words = f"reply {attempt}"
        where = {"key": words, "thread_ts": self.message.ts}
        ts = self._workspace.post("C0PHOTOS", {"text": words}, **where)
        self.records.note_reply(self.message, attempt, state="sent", reply_ts=ts)

    def open(self):
        """Open an attempt that renders again; its number."""
        with self.database.begin() as connection:
            return RenderRecords(self.database).open(connection, self.message).attempt

    def outcomes(self):
        """What is kept of each picture."""
        return [picture.outcome for picture in self.records.pictures(self.message)]

    def upload(self):
        """Bring a picture into Slack; its file id."""
        file_id = self._files.send("a.jpg", b"x", alt_text="", on_reserved=lambda _: None)
        self._files.complete(file_id)
        return file_id

    def files(self):
        """The uploads of each attempt's reply."""
        return [reply.files for reply in self.records.replies(self.message)]

    def states(self):
        """How far each attempt's reply is."""
        return [reply.state for reply in self.records.replies(self.message)]

    def thread(self):
        """What the bot says in the thread."""
        return [reply.text for reply in self.slack.replies_by_bot("photos", self.message.ts)]


@pytest.fixture
def desk(database, slack, workspace):
    """A desk with one reply."""
    return Desk(database, slack, workspace)


def test_begin(desk):
    """Answered pictures are to be drawn by what is chosen, reasons stay, uploads are fresh."""
    desk.note("F1", outcome={**LABELLED, "options": {"max_labels": 3}})
    job = {"attempt": desk.open(), "options": {"max_labels": 20}}
    begun = desk.rendering.begin(desk.message, job)

    assert begun == desk.rendering.begin(desk.message, job)
    assert begun["outcome"] == "begun"
    assert begun["pictures"] == [
        {
            "file_id": "F1",
            "attempt": 2,
            "name": "a.jpg",
            "outcome": "seen",
            "sha256": "ab",
            "options": {"max_labels": 20},
        },
        {"file_id": "F2", "attempt": 2, "name": "b.jpg", "outcome": "picture_empty"},
    ]
    kept = [one.annotated_file_id for one in desk.records.pictures(desk.message)]
    assert kept == [None, None, "FA", None]


def test_newest_wins(desk):
    """An attempt that has sent nothing falls silent when a newer one is there, at either step."""
    first, second, third = desk.open(), desk.open(), desk.open()
    begun = desk.rendering.begin(desk.message, {"attempt": first, "options": {}})
    posted = desk.rendering.post(
        desk.message, {"attempt": second, "outcomes": [{"file_id": "F1"}], "thread_ts": "1.0"}
    )
    newest = desk.rendering.begin(desk.message, {"attempt": third, "options": {}})

    assert begun == posted == {"outcome": "overtaken"}
    assert newest["outcome"] == "begun"
    assert desk.states() == ["sent", "needless", "needless", "new"]
    assert desk.thread() == ["reply 1"]


@pytest.mark.parametrize("table", [None, REPLIES])
def test_taken_away_meanwhile(desk, table):
    """Where the message was taken away in the meantime, nothing is drawn and nothing is posted."""
    job = {"attempt": desk.open(), "options": {}, "outcomes": [], "thread_ts": "1.0"}
    with desk.database.begin() as connection:
        connection.execute(sa.update(MESSAGES).values(state="gone"))
        if table is not None:
            connection.execute(sa.delete(table))

    assert desk.rendering.begin(desk.message, job) == {"outcome": "overtaken"}
    assert desk.rendering.post(desk.message, job) == {"outcome": "overtaken"}
    assert desk.rendering.retire(desk.message) == {"outcome": "retired"}
    assert desk.thread() == ["reply 1"]


def test_answer_does_not_overtake(desk):
    """An attempt that looks at what was waiting does not stand for one that renders again."""
    job = {"attempt": desk.open(), "options": {}}
    with desk.database.begin() as connection:
        assert desk.records.next_attempt(connection, desk.message, after=2)

    assert desk.rendering.begin(desk.message, job)["outcome"] == "begun"


def test_older_replies_go(desk):
    """Whatever stood before the newest rendered reply is taken back, once."""
    desk.post(desk.open())
    desk.post(desk.open())
    assert desk.thread() == ["reply 1", "reply 2", "reply 3"]
    for _ in range(2):
        desk.rendering.retire(desk.message)

    assert desk.thread() == ["reply 3"]
    assert desk.states() == ["retired", "retired", "sent"]


def test_later_answer_stays(desk):
    """A picture that was tried again after the rendering keeps its reply."""
    desk.post(desk.open())
    with desk.database.begin() as connection:
        assert desk.records.next_attempt(connection, desk.message, after=2)
    desk.post(3)
    desk.rendering.retire(desk.message)

    assert desk.thread() == ["reply 2", "reply 3"]


def test_newer_outcome_stays(desk):
    """A picture that a newer attempt took up is neither said again nor written over."""
    job = {"attempt": desk.open(), "options": {}, "thread_ts": desk.message.ts}
    begun = desk.rendering.begin(desk.message, job)
    with desk.database.begin() as connection:
        assert desk.records.next_attempt(connection, desk.message, after=2)
    newer = {**REASON, "outcome": "labelled", "sha256": "cd", "attempt": 3}
    desk.note("F2", outcome=newer)
    desk.note("F1", outcome={**REASON, "attempt": 2})
    posted = desk.rendering.post(desk.message, {**job, "outcomes": begun["pictures"][1:]})
    reason = {**begun["pictures"][1], "file_id": "F1"}
    outcomes = [begun["pictures"][1], reason]
    desk.records.note_reply(desk.message, 2, state="sent", outcomes=outcomes)

    assert posted == {"outcome": "left_alone"}
    assert desk.thread() == ["reply 1"]
    assert desk.outcomes()[:2] == [{**reason, "attempt": 2}, newer]


def test_refused_changes_nothing(desk):
    """A rendering that Slack refuses leaves the outcomes as they were, and nobody waits for it."""
    before = desk.outcomes()
    attempt = desk.open()
    desk.slack.faults.order("slack", "chat.postMessage", Fault("error", error="is_archived"))
    job = {"attempt": attempt, "options": {}, "thread_ts": desk.message.ts}
    outcomes = [{"file_id": "F2", **REASON}]
    with pytest.raises(errors.SlackRefused):
        desk.rendering.post(desk.message, {**job, "outcomes": outcomes})
    desk.rendering.refuse(desk.message, attempt)

    assert desk.outcomes() == before
    assert desk.states() == ["sent", "refused"]
    assert desk.open() == 3


@pytest.mark.parametrize(
    ("error", "raised"),
    [("cant_delete_message", errors.SlackRefused), ("internal_error", errors.SlackUnknown)],
)
def test_one_refusal_stops_nothing(desk, error, raised):
    """Every older reply is tried, and the sweep finds the one that could not be taken back."""
    desk.post(desk.open())
    desk.post(desk.open())
    desk.slack.faults.order("slack", "chat.delete", Fault("error", error=error))
    with pytest.raises(raised):
        desk.rendering.retire(desk.message)
    assert desk.thread() == ["reply 1", "reply 3"]
    outlived = desk.renders.outlived(at_most=9)
    desk.rendering.retire(desk.message)

    assert outlived == [desk.message]
    assert desk.thread() == ["reply 3"]
    assert desk.renders.outlived(at_most=9) == []


def test_overtaken_uploads_go(desk):
    """What an overtaken attempt uploaded is known until it is deleted, and then deleted."""
    old, new = desk.open(), desk.open()
    file_id = desk.upload()
    desk.records.note_upload(desk.message.picture("F1"), file_id, attempt=old)
    desk.rendering.post(desk.message, {"attempt": old, "outcomes": [], "thread_ts": "1.0"})
    assert desk.files() == [None, [file_id], None]
    desk.post(new)
    desk.rendering.retire(desk.message)

    assert desk.slack.world.file(file_id).deleted
    assert desk.files() == [None, None, None]


def test_standing_uploads_stay(desk):
    """An upload that a newer reply shows too is not deleted with the older one."""
    file_id = desk.upload()
    for attempt in (desk.open(), desk.open()):
        desk.post(attempt)
        desk.records.note_reply(desk.message, attempt, files=[file_id])
    desk.rendering.retire(desk.message)

    assert not desk.slack.world.file(file_id).deleted
