import pytest

from bot.answering import Asker
from bot.model import MessageRef
from bot.pressing import Press
from bot.reply_buttons import AMOUNT, EXPORT, STYLE, WATCH, WRONG

ASKER = Asker("T1", "U1", "C1")
MESSAGE = MessageRef("T1", "C1", "1700000000.000100")


@pytest.mark.parametrize(
    ("action_id", "choice", "does"),
    [
        (WATCH, "Dog", "watch"),
        (AMOUNT, "more", "change_amount"),
        (STYLE, "hide_people", "change_style"),
        (WRONG, "Rubik's Cube", "mark_wrong"),
        (EXPORT, "csv", "export"),
    ],
)
def test_press_is_told(bolt, presser, action_id, choice, does):
    """Each button does its own, and knows who pressed it under which reply, and what for."""
    answer = bolt.press_under_reply(presser.url, action_id, choice)

    assert answer.status == 200
    assert bolt.pressing.asked == [(does, Press(ASKER, MESSAGE, 3, choice))]
    assert presser.said == []


def test_answer_is_private(bolt, presser):
    """What is said about a press is for whoever pressed, and the reply stands."""
    bolt.pressing.words = "Guests cannot do that."
    bolt.press_under_reply(presser.url, STYLE, "one")
    (said,) = presser.said

    assert said["text"] == "Guests cannot do that."
    assert said["replace_original"] is False
    assert said.get("response_type", "ephemeral") == "ephemeral"


def test_trouble_is_told(bolt, presser, away):
    """When it cannot be stored now, who pressed hears so."""
    bolt.pressing.words = away
    bolt.press_under_reply(presser.url, AMOUNT, "more")
    (said,) = presser.said

    assert said["text"].startswith(f"{away} (ref ")
