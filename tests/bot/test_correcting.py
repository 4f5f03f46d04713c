import pytest
from dbos import DBOSClient

from bot.access import Access
from bot.adapters.analysis_records import AnalysisRecords
from bot.adapters.catalogue_records import CatalogueRecords
from bot.adapters.job_intake import SERIALIZER, JobIntake
from bot.adapters.message_records import Accepted, MessageRecords
from bot.adapters.render_records import RenderRecords
from bot.adapters.show_records import ShowRecords
from bot.adapters.withheld_records import WithheldRecords
from bot.answering import Asker
from bot.commands import parse_command
from bot.correcting import GUEST, Correcting
from bot.label_catalogue import Catalogue
from bot.model import MessageRef, ShowSettings
from bot.showing import Showing

TEAM = "T0SANDBOX"
MESSAGE = MessageRef(TEAM, "C0PHOTOS", "1.000100")
REPLY_TS = "2.000200"
UNKNOWN = "I know no picture behind that link that you may see."


def link(channel="C0PHOTOS", ts="1.000100"):
    """Slack's link to a message."""
    return f"https://our.slack.com/archives/{channel}/p{ts.replace('.', '')}"


def answer_of(*names):
    """A kept answer with these labels, as sure as their order."""
    labels = [{"Name": name, "Confidence": 99.0 - at} for at, name in enumerate(names)]
    return {"Labels": labels}


class Desk:
    """Where corrections are typed, with one answered message of two pictures."""

    def __init__(self, database, workspace):
        self.database = database
        self.shows = ShowRecords(database)
        self.withheld = WithheldRecords(database)
        self.catalogue = CatalogueRecords(database)
        self.messages = MessageRecords(database)
        self.analyses = analyses = AnalysisRecords(database, "everything")
        with database.begin() as connection:
            accepted = Accepted(MESSAGE, MESSAGE.ts, "U0ANA")
            self.messages.accept(connection, accepted, files=[{"id": "F1"}, {"id": "F2"}])
        for file_id, names in (("F1", ("Dog", "Grass")), ("F2", ("Dog", "Cat"))):
            analyses.note_answer(TEAM, file_id * 9, answer_of(*names))
            outcome = {"outcome": "labelled", "sha256": file_id * 9, "name": "x", "attempt": 1}
            self.messages.note_picture(MESSAGE, file_id, outcome=outcome)
        self.answered()
        self._correcting = Correcting(
            Access(workspace, TEAM),
            Showing(analyses, self.shows, self.withheld),
            JobIntake(database),
            messages=self.messages,
            renders=RenderRecords(database),
            shows=self.shows,
            withheld=self.withheld,
            catalogue=self.catalogue,
        )

    def answered(self, state="sent"):
        """Have the message's reply stand, or not."""
        self.messages.note_reply(MESSAGE, 1, state=state, reply_ts=REPLY_TS)

    def note_waiting(self, label):
        """Have a label wait for an admin."""
        self.withheld.note_waiting(TEAM, [label])

    def type(self, text, person="U0BEN"):
        """Type a command, and give the answer."""
        command = parse_command(text)
        answer = self._correcting.answers[type(command)]
        return answer(Asker(TEAM, person, "C0PHOTOS"), command)

    def kept(self, file_id):
        """What is kept about a picture, by whom."""
        found = self.shows.corrections(MESSAGE.picture(file_id))
        return [(one.kind, one.label, one.to, one.person) for one in found]

    def jobs(self):
        """What each stored job was asked to do."""
        client = DBOSClient(system_database_engine=self.database.engine, serializer=SERIALIZER)
        return {job.workflow_id: job.input["args"][0] for job in client.list_workflows()}


@pytest.fixture
def desk(database, workspace):
    """A desk where nothing was corrected yet."""
    return Desk(database, workspace)


def test_correction_is_kept(desk):
    """A correction is kept with who said it, and a job renders the reply again."""
    answer = desk.type(f"wrong grass in {link()}")

    assert answer == "Noted: it shows no *grass*. A corrected answer comes in the thread."
    assert desk.kept("F1") == [("wrong", "grass", None, "U0BEN")]
    assert desk.kept("F2") == []
    assert desk.jobs() == {
        f"{MESSAGE.id}/2": {
            **MESSAGE.columns(),
            "thread_ts": MESSAGE.ts,
            "attempt": 2,
            "options": {},
        }
    }


def test_all_that_show_it(desk):
    """Without a number a correction is about every picture that shows the label; one job does."""
    desk.type(f"rename DOG to arctic fox in {link(ts=REPLY_TS)}")

    assert desk.kept("F1") == desk.kept("F2") == [("rename", "DOG", "Arctic Fox", "U0BEN")]
    assert len(desk.jobs()) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("wrong cat in {} 1", "*cat* is not among what I show there."),
        ("wrong platypus in {}", "*platypus* is not among what I show there."),
        ("wrong woman in {}", "*woman* is not among what I show there."),
        ("add cat to {}", "There are 2 pictures: put the number of one behind the link."),
        ("add dog to {} 2", "*Dog* is already among what I show there."),
        ("add lady to {} 1", "I do not say *Lady* to anybody: it guesses"),
        ("rename dog to girl in {}", "I do not say *Girl* to anybody: it guesses"),
        ("rename dog to two old girls in {}", "I do not say *Two Old Girls* to any"),
        ("add prayer beads shop to {} 1", "I do not say *Prayer Beads Shop* to anybody: it gue"),
        ("rename dog to wizard in {}", "I do not say *Wizard* before an admin has decided"),
        ("wrong dog in {} 3", UNKNOWN),
    ],
)
def test_nothing_to_correct(desk, text, words):
    """What would change nothing, or say what is withheld, is answered and not kept."""
    desk.note_waiting("Wizard")
    assert desk.type(text.format(link())).startswith(words)
    assert desk.kept("F1") == desk.kept("F2") == []
    assert desk.jobs() == {}


def test_add_below_threshold(desk):
    """A label that Rekognition was too unsure of can be added by hand."""
    unsure = ShowSettings(threshold_percent=98.5)
    desk.shows.change_settings(TEAM, "C0PHOTOS", lambda _: unsure)

    assert desk.type(f"add cat to {link()} 2").startswith("Noted: it shows *Cat*.")
    assert desk.kept("F2") == [("add", "Cat", None, "U0BEN")]


def test_list_spells_names(desk):
    """With Amazon's list, other names for labels are kept as the label, spelt as there."""
    desk.catalogue.replace(
        Catalogue({"TV": (), "Mobile Phone": ()}, {"Cell Phone": "Mobile Phone"})
    )
    desk.type(f"add cell phone to {link()} 1")
    desk.answered()
    desk.type(f"rename cat to tv in {link()}")

    assert desk.kept("F1") == [("add", "Mobile Phone", None, "U0BEN")]
    assert desk.kept("F2") == [("rename", "cat", "TV", "U0BEN")]


def test_given_names_are_seen(desk):
    """A name that somebody gave counts as seen in the channel of the picture."""
    desk.type(f"add our mascot to {link()} 1")

    assert desk.analyses.names_seen(TEAM) == {"C0PHOTOS": {"Our Mascot"}}


def test_again_is_no_news(desk):
    """The same correction once more is answered, and not kept twice."""
    desk.type(f"wrong grass in {link()}")

    assert "is not among" in desk.type(f"wrong grass in {link()}")
    assert len(desk.kept("F1")) == 1


@pytest.mark.parametrize("state", ["new", "sending"])
def test_under_way(desk, state):
    """While the first answer is under way nothing is corrected, nor kept."""
    desk.answered(state)

    assert desk.type(f"wrong grass in {link()}").startswith("I am still at work")
    assert desk.kept("F1") == []
    assert desk.jobs() == {}


@pytest.mark.parametrize(
    ("where", "person"),
    [
        (link(ts="9.000900"), "U0BEN"),
        (link("C0LAB"), "U0BEN"),
        (link("C0NOWHERE"), "U0BEN"),
        (link("C0LAB"), "U0GUEST"),
    ],
)
def test_unknown_and_unseen(desk, where, person):
    """A picture that is not there and one that the asker may not see get the same words."""
    assert desk.type(f"wrong dog in {where}", person) == UNKNOWN
    assert desk.jobs() == {}


def test_guests_correct_nothing(desk):
    """A guest who sees the picture hears that a member can correct it."""
    assert desk.type(f"wrong dog in {link()}", "U0GUEST") == GUEST
    assert desk.jobs() == {}
