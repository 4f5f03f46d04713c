import pytest

from bot.adapters.analysis_records import AnalysisRecords
from bot.model import ImageSource

RESPONSE = {"Labels": [{"Name": "Dog", "Confidence": 99.12345123291016}], "LabelModelVersion": "3"}


@pytest.fixture
def records(database):
    """Records of one kind of request on an empty database."""
    return AnalysisRecords(database, "everything")


def test_answer_comes_back(records):
    """A kept answer comes back field by field, digit by digit."""
    records.note_answer("T1", "ab", RESPONSE)

    assert records.answer("T1", "ab") == RESPONSE


def test_unknown_picture(records):
    """A picture that was never asked about has no answer and no calls."""
    assert records.answer("T1", "ab") is None
    assert records.asked("T1", "ab")[1] == 0


def test_answers_stay_apart(records, database):
    """Teams, pictures and kinds of request do not see each other's answers."""
    records.note_answer("T1", "ab", RESPONSE)

    assert records.answer("T2", "ab") is None
    assert records.answer("T1", "cd") is None
    assert AnalysisRecords(database, "other").answer("T1", "ab") is None


def test_empty_answer_is_answer(records):
    """An answer without labels is an answer all the same."""
    records.note_answer("T1", "ab", {"Labels": []})

    assert records.answer("T1", "ab") == {"Labels": []}


def test_calls_are_noted(records):
    """Calls in vain are counted once however often they are noted, and are no answer."""
    for calls in (1, 1, 2):
        records.note_call("T1", "ab", calls=calls)

    assert records.asked("T1", "ab")[1] == 2
    assert records.answer("T1", "ab") is None


def test_answer_after_calls(records):
    """An answer that comes after calls in vain is kept."""
    records.note_call("T1", "ab", calls=1)
    records.note_answer("T1", "ab", RESPONSE)

    assert records.answer("T1", "ab") == RESPONSE


def test_names_seen_by_channel(records):
    """Label names are remembered once per channel, within a team."""
    records.note_seen(ImageSource("T1", "C1", "1.0", "F1"), {"Dog", "Cat"})
    records.note_seen(ImageSource("T1", "C1", "2.0", "F2"), {"Dog"})
    records.note_seen(ImageSource("T1", "C2", "1.0", "F1"), {"Dog"})
    records.note_seen(ImageSource("T2", "C3", "1.0", "F1"), {"Car"})

    assert records.names_seen("T1") == {"C1": {"Dog", "Cat"}, "C2": {"Dog"}}
