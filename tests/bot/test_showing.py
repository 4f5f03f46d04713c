import re
from pathlib import Path

import pytest

from bot import errors
from bot.adapters.analysis_records import AnalysisRecords
from bot.adapters.show_records import ShowRecords
from bot.adapters.withheld_records import WithheldRecords
from bot.drawing_style import Style
from bot.hiding import Hiding
from bot.model import Correction, ImageSource, RatioBox, ShowSettings
from bot.showing import Showing

SOURCE = ImageSource("T1", "C1", "1.0", "F1")
SHA256 = "ab" * 32


def answer(*names, model):
    """An answer of a model, with these labels."""
    labels = [
        {"Name": name, "Confidence": 95.0, "Categories": [{"Name": "Person Description"}]}
        for name in names
    ]
    return {"Labels": labels, "LabelModelVersion": model}


class Desk:
    """A picture that was looked at, and what is kept about it."""

    def __init__(self, database):
        self.database = database
        self.shows = ShowRecords(database)
        self.withheld = WithheldRecords(database)
        self.analyses = AnalysisRecords(database, "everything")
        self.showing = Showing(self.analyses, self.shows, self.withheld)

    def look(self, *names, model="3.0"):
        """Have Rekognition say this, whatever it said before."""
        self.analyses.note_answer("T1", SHA256, answer(*names, model=model))

    def names(self, source=SOURCE, **options):
        """What is shown."""
        chosen = self.showing.shown(source, SHA256, options).summary()
        return {seen.name for seen in (*chosen.objects, *chosen.scenes)}


@pytest.fixture
def desk(database):
    """A desk with a picture of a hand and a face."""
    desk = Desk(database)
    desk.look("Hand", "Face", "Woman", "Wizard")
    return desk


def test_rerun_keeps_corrections(desk):
    """After a re-run with a newer model, what was corrected stays corrected."""
    with desk.database.begin() as connection:
        desk.shows.add_correction(connection, SOURCE, Correction("wrong", "Face", person="U1"))
        desk.shows.add_correction(connection, SOURCE, Correction("add", "Mask", person="U1"))
    assert desk.names() == {"Hand", "Mask"}
    desk.look("Face", "Hand", "Head", model="4.0")

    assert desk.names() == {"Hand", "Head", "Mask"}
    assert desk.showing.shown(SOURCE, SHA256).analysis.model_version == "4.0"
    assert desk.names(ImageSource("T1", "C2", "1.0", "F1")) == {"Face", "Hand", "Head"}


def test_options_over_settings(desk):
    """What is chosen for one reply comes on top of the channel's settings."""
    desk.shows.change_settings("T1", "C1", lambda _: ShowSettings(threshold_percent=96.0))

    assert desk.names() == set()
    assert desk.names(threshold_percent=90.0) == {"Hand", "Face"}


def test_hidden_stays_hidden(desk):
    """What is hidden is found in the whole answer, though the channel is shown nothing of it."""
    style = Style(hide=("Woman",))
    shown = desk.showing.shown(SOURCE, SHA256)

    assert desk.showing.hiding(SOURCE, SHA256, shown, style).boxes
    assert not desk.showing.hiding(SOURCE, SHA256, shown, style).names
    assert desk.showing.hiding(SOURCE, SHA256, shown, Style()) == Hiding()


def test_withheld_people_stay_hidden(desk):
    """People that a channel hides stay hidden, without a word, once an admin withholds “Person”."""
    box = {"Left": 0.5, "Top": 0.25, "Width": 0.25, "Height": 0.5}
    woman = {"Name": "Woman", "Confidence": 95.0, "Parents": [{"Name": "Person"}]}
    woman["Instances"] = [{"BoundingBox": box, "Confidence": 95.0}]
    desk.analyses.note_answer("T1", SHA256, {"Labels": [woman], "LabelModelVersion": "4.0"})
    desk.withheld.change("T1", "Person", is_withheld=True, person="U1")
    style = Style(hide=("Person",))
    shown = desk.showing.shown(SOURCE, SHA256, {"style": style.to_json()})
    hidden = desk.showing.hiding(SOURCE, SHA256, shown, style)

    assert desk.names() == set()
    assert hidden == Hiding(boxes=(RatioBox(0.5, 0.25, 0.25, 0.5),))


def test_lost_answer_is_no_answer(desk):
    """An answer that is not kept is told apart from one that names nothing."""
    desk.look()
    assert desk.names() == set()

    with pytest.raises(errors.AnswerNotKept):
        desk.showing.shown(SOURCE, "cd" * 32)


def test_channel_over_everywhere(desk):
    """What is set for everywhere holds where neither the channel nor the reply says otherwise."""
    desk.showing = Showing(desk.analyses, desk.shows, desk.withheld, usual_percent=96.0)
    assert desk.names() == set()
    assert desk.names(threshold_percent=90.0) == {"Hand", "Face"}
    desk.shows.change_settings("T1", "C1", lambda _: ShowSettings(threshold_percent=80.0))

    assert desk.names() == {"Hand", "Face"}


def test_only_shown_names_are_remembered(desk):
    """Suggestions get the shown names alone; what is new of its kind waits for an admin."""
    desk.showing.note_seen(SOURCE, desk.showing.shown(SOURCE, SHA256))

    assert desk.analyses.names_seen("T1") == {"C1": {"Hand", "Face"}}
    assert desk.withheld.waiting("T1") == ["Wizard"]


def test_one_way_to_answers():
    """No module but this one makes a stored answer into labels."""
    bot = Path(__file__).parents[2] / "bot"
    modules = [path for path in bot.rglob("*.py") if "sandbox" not in path.parts]
    readers = [path.name for path in modules if re.search("parse_detect_labels", path.read_text())]

    assert sorted(readers) == ["rekognition.py", "showing.py"]
