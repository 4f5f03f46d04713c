import pytest

from bot.answering import Asker
from bot.notices import BUTTONS, HELD, SNOOZE
from bot.noticing import NoticePress


@pytest.mark.parametrize("button", BUTTONS)
def test_press_is_carried_out(bolt, presser, button):
    """Each button under a notice names it and what was chosen; the answer is for one person."""
    bolt.noticing.answer = "Quiet until tomorrow."
    answer = bolt.press_under_notice(presser.url, button, "7")
    ((_, press, _),) = bolt.noticing.asked

    assert answer.status == 200
    assert press == NoticePress(Asker("T1", "U1", "C1"), "K1", button, "7")
    assert presser.said == [{"text": "Quiet until tomorrow.", "replace_original": False}]


def test_choice_in_menu(bolt, presser):
    """What was chosen in a menu counts."""
    bolt.noticing.answer = "Quiet."
    bolt.press_under_notice(presser.url, SNOOZE, "tomorrow", is_menu=True)
    ((_, press, _),) = bolt.noticing.asked

    assert press.choice == "tomorrow"


def test_database_away(bolt, presser, away):
    """Where the database is away, whoever pressed is told to try again."""
    bolt.noticing.answer = away
    bolt.press_under_notice(presser.url, HELD, "held")

    assert "Try again" in presser.said[0]["text"]
