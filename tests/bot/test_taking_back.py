import pytest
import sqlalchemy as sa

from bot import errors
from bot.adapters.message_records import Accepted, MessageRecords
from bot.adapters.notice_records import NoticeRecords
from bot.adapters.removal_records import Doomed
from bot.adapters.slack_files import SlackFiles
from bot.adapters.tables import NOTICES
from bot.model import EXPIRED, GONE, MessageRef
from bot.replying import Replying
from bot.sandbox.faults import Fault
from bot.taking_back import TakingBack
from bot.uploading import Uploading

TEAM, CHANNEL = "T0SANDBOX", "C0PHOTOS"


class Said:
    """A message in the local Slack that the bot has answered, and told ben of."""

    def __init__(self, database, slack, workspace):
        self.database, self.slack = database, slack
        self.messages, self.notices = MessageRecords(database), NoticeRecords(database)
        self.ts = slack.post("ana", "photos", text="a picture, say")
        self.message = MessageRef(TEAM, CHANNEL, self.ts)
        with database.begin() as connection:
            accepted = Accepted(self.message, self.ts, "U0ANA")
            self.messages.accept(connection, accepted, files=[{"id": "F1"}])
        files = SlackFiles(
            workspace,
            token=slack.terms.bot_token,
            api_url=f"{slack.url}/api/",
            download_limit_bytes=1_000_000,
        )
        # Nothing is drawn or looked at here.
        uploading = Uploading(files, None, None, None, records=self.messages, shares=False)
        replying = Replying(workspace, uploading, None, self.messages, seen_before=None)
        self._taking_back = TakingBack(
            workspace, files, uploading, replying, messages=self.messages, notices=self.notices
        )
        self._say(workspace)

    def _say(self, workspace):
        body = {"text": "1 Dog"}
        key = self.messages.replies(self.message)[0].key
        self.reply_ts = workspace.post(CHANNEL, body, key=key, thread_ts=self.ts)
        notice = self.notices.open("U0BEN", self.message.picture("F1"), [])
        self.notice_key = notice.key
        self.notice_ts = workspace.post("D0BEN", body, key=notice.key)

    def note(self, state, *, knows_ts):
        """Note how far the reply and the notice are."""
        reply_ts = self.reply_ts if knows_ts else None
        notice_ts = self.notice_ts if knows_ts else None
        self.messages.note_reply(self.message, 1, state=state, reply_ts=reply_ts)
        self.note_notice(state=state, notice_ts=notice_ts)

    def note_notice(self, **values):
        """Write to the notice's row."""
        with self.database.begin() as connection:
            mine = NOTICES.c.key == self.notice_key
            connection.execute(sa.update(NOTICES).where(mine).values(**values))

    def take_back(self, *, is_expired=False, file_id=None):
        """Take back what was said, of one picture or of all."""
        doomed = Doomed(self.message, self.ts, EXPIRED if is_expired else GONE, file_id)
        pictures = self.messages.pictures(self.message)
        pictures = [p for p in pictures if file_id in {None, p.file_id}]
        self._taking_back.take_back(doomed, pictures)

    @property
    def deleted_files(self):
        """The files that Slack was asked to delete."""
        entries = self.slack.ledger.entries("slack", "files.delete")
        return sorted(entry.facts["file"] for entry in entries)

    @property
    def stands(self):
        """Whether the reply and the notice are there."""
        replies = self.slack.replies_by_bot("photos", self.ts)
        return bool(replies), bool(self.slack.direct_messages("ben"))


@pytest.fixture
def said(database, slack, workspace):
    """A reply and a notice that stand."""
    return Said(database, slack, workspace)


@pytest.mark.parametrize(
    ("state", "knows_ts"),
    [("sent", True), ("sending", False), ("given_up", False)],
    ids=["sent", "unknown", "given up"],
)
def test_said_is_taken_back(said, state, knows_ts):
    """What was said goes, also when the process died before it knew; twice is no trouble."""
    said.note(state, knows_ts=knows_ts)
    for _ in range(2):
        said.take_back()

    assert said.stands == (False, False)


def test_notice_in_channel_goes(said, workspace):
    """A channel's notice goes too, and the picture in it."""
    ts = workspace.post("C0ALERTS", {"text": "1 Dog"}, key=said.notice_key)
    said.note_notice(recipient="C0ALERTS", state="sent", notice_ts=ts, preview_file_id="F5")
    said.take_back()

    assert said.slack.messages("alerts") == []
    assert "F5" in said.deleted_files


def test_never_said(said):
    """Of what was not sent yet nothing is looked for."""
    said.note("new", knows_ts=False)
    said.take_back()

    assert said.stands == (True, True)


def test_expired_reply_stays(said):
    """When a picture was kept for long enough, its notices go and its reply stays."""
    said.note("sent", knows_ts=True)
    said.take_back(is_expired=True)

    assert said.stands == (True, False)


@pytest.mark.parametrize(
    ("file_id", "expected"),
    [(None, ["F7", "F8", "F9"]), ("F1", ["F7", "F8"])],
    ids=["message", "picture"],
)
def test_every_upload_goes(said, file_id, expected):
    """Older annotated copies go too; of one picture not those that show others now."""
    with said.database.begin() as connection:
        said.messages.add_pictures(connection, said.message, [{"id": "F2"}])
    said.messages.note_picture(said.message, "F1", annotated_file_id="F8")
    said.messages.note_picture(said.message, "F2", outcome={"annotated_file_id": "F9"})
    said.messages.note_reply(said.message, 1, files=["F7", "F8", "F9"])
    said.take_back(file_id=file_id)

    assert said.deleted_files == expected


def test_refused_for_good(said):
    """What Slack refuses for good stays there and holds nothing else up."""
    said.note("sent", knows_ts=True)
    said.slack.faults.order("slack", "chat.delete", Fault("error", error="cant_delete_message"))
    said.take_back()

    assert said.stands == (False, True)


@pytest.mark.parametrize("error", ["token_revoked", "missing_scope"])
def test_refused_until_mended(said, error):
    """What an admin can put right is worth waiting for, unless it was kept for long enough."""
    said.note("sent", knows_ts=True)
    for _ in range(2):
        said.slack.faults.order("slack", "chat.delete", Fault("error", error=error))
    with pytest.raises(errors.SlackRefused):
        said.take_back()
    said.take_back(is_expired=True)

    assert said.stands == (True, True)


def test_slack_away(said):
    """While Slack does not answer, the whole is to be done again."""
    said.note("sent", knows_ts=True)
    said.slack.faults.order("slack", "chat.delete", Fault("error", error="internal_error"))
    with pytest.raises(errors.SlackUnknown):
        said.take_back()
    said.take_back()

    assert said.stands == (False, False)
