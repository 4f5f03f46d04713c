import pytest

from bot.adapters.message_records import Accepted
from bot.adapters.records import Records
from bot.adapters.slack_files import SlackFiles
from bot.model import MessageRef
from bot.show_options import STYLES
from bot.showing import Showing
from bot.uploading import Uploading

MESSAGE = MessageRef("T0SANDBOX", "C0PHOTOS", "1.000100")
SEEN = {"outcome": "seen", "sha256": "ab", "name": "a.jpg"}


class Pen:
    """Notes by which style each picture was drawn, instead of drawing it."""

    def __init__(self):
        self.styles = []

    def annotate(self, _copy, _analysis, style, *, hiding):  # noqa: ARG002 - as the pool is called
        """Note the style; what would be drawn."""
        self.styles.append(style)
        return b"a picture"


class Copies:
    """Working copies that nobody looks at."""

    def get(self, _source):
        """One of them."""
        return b"a copy"

    def drop(self, _source):
        """Forget one."""


class Desk:
    """A message of two pictures, of which one was answered, and what draws and uploads."""

    def __init__(self, database, slack, workspace):
        self.database, self.records, self.pen = database, Records(database), Pen()
        with database.begin() as connection:
            accepted = Accepted(MESSAGE, MESSAGE.ts, "U0ANA")
            files = [{"id": "F1"}, {"id": "F2"}]
            self.records.messages.accept(connection, accepted, files=files)
        answer = {"Labels": [{"Name": "Dog", "Confidence": 99.0}]}
        self.records.analyses.note_answer(MESSAGE.team, "ab", answer)
        self.records.messages.note_reply(MESSAGE, 1, state="sent", reply_ts="2.0")
        api = {"token": slack.terms.bot_token, "api_url": f"{slack.url}/api/"}
        self.uploading = Uploading(
            SlackFiles(workspace, **api, download_limit_bytes=1),
            self.pen,
            Showing(self.records.analyses, self.records.shows, self.records.withheld),
            Copies(),
            records=self.records.messages,
            renders=self.records.renders,
            shares=False,
        )

    def choose(self, options):
        """Choose something under the reply."""
        with self.database.begin() as connection:
            self.records.renders.open(connection, MESSAGE, options=options)

    def draw(self, file_id="F2", **found):
        """Draw one of the pictures; what comes of it."""
        return self.uploading.draw(MESSAGE.picture(file_id), {**SEEN, **found})


@pytest.fixture
def desk(database, slack, workspace):
    """A desk with one reply."""
    return Desk(database, slack, workspace)


def test_drawn_like_those_beside(desk):
    """A picture that failed and is tried again is drawn in the style chosen for the others."""
    desk.choose(STYLES["one"])
    outcome = desk.draw()

    assert [style.colours for style in desk.pen.styles] == ["one"]
    assert outcome["outcome"] == "labelled"
    assert outcome["options"] == STYLES["one"]


def test_own_choice_counts(desk):
    """An attempt that renders draws by what was chosen until then, whatever came after."""
    desk.choose(STYLES["one"])

    assert desk.draw(options={})["options"] == {}
    assert [style.colours for style in desk.pen.styles] == ["label"]
