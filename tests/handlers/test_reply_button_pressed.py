import pytest

from bot.answering import Asker
from bot.model import MessageRef
from bot.pressing import Press
from bot.reply_buttons import AMOUNT, EXPORT, STYLE, WATCH, WRONG

ASKER = Asker("T1", "U1", "C1")
MESSAGE = MessageRef("T1", "C1", "1700000000.000100")


@pytest.mark.parametrize(
    ("button", "choice"),
    [
        (WATCH, "Dog"),
        (AMOUNT, "more"),
        (STYLE, "hide_people"),
        (WRONG, "Rubik's Cube"),
        (EXPORT, "csv"),
    ],
)
def test_press_is_told(bolt, presser, button, choice):
    """Each button tells who pressed it under which reply, and what was chosen."""
    answer = bolt.press_under_reply(presser.url, button, choice)

    assert answer.status == 200
    assert bolt.pressing.asked == [("press", Press(ASKER, MESSAGE, 3, button, choice), {})]
    assert bolt.pressing.asked[0][1].asker.at == "1700000009.000900"
    assert presser.said == []


def test_answer_is_private(bolt, presser):
    """What is said about a press is for whoever pressed, and the reply stands."""
    bolt.pressing.answer = "Guests cannot do that."
    bolt.press_under_reply(presser.url, STYLE, "one")
    (said,) = presser.said

    assert said["text"] == "Guests cannot do that."
    assert said["replace_original"] is False
    assert said.get("response_type", "ephemeral") == "ephemeral"


def test_trouble_is_told(bolt, presser, away):
    """When it cannot be stored now, who pressed hears so."""
    bolt.pressing.answer = away
    bolt.press_under_reply(presser.url, AMOUNT, "more")
    (said,) = presser.said

    assert said["text"].startswith(f"{away} (ref ")
