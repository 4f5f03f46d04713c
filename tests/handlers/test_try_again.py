import pytest

from bot.model import MessageRef


def test_press_opens_attempt(bolt, presser):
    """Pressing Try again opens the attempt after the one that gave the reason."""
    answer = bolt.press(presser.url)

    assert answer.status == 200
    message = MessageRef("T1", "C1", "1700000000.000100")
    assert bolt.intake.asked == [("try_again", message, 1)]
    assert presser.said == []


def test_press_again_says_so(bolt, presser):
    """Pressing once more points to the thread, and leaves the reason standing."""
    bolt.intake.answer = False
    answer = bolt.press(presser.url)
    (said,) = presser.said

    assert answer.status == 200
    assert "look in the thread" in said["text"]
    assert said["replace_original"] is False
    assert said.get("response_type", "ephemeral") == "ephemeral"


def test_trouble_is_told(bolt, presser, away):
    """When the press cannot be carried out, who pressed hears so, with the log's reference."""
    bolt.intake.answer = away
    answer = bolt.press(presser.url)
    (said,) = presser.said

    assert answer.status == 200
    assert said["text"].startswith(f"{away} (ref ")
    assert said["replace_original"] is False


@pytest.mark.parametrize("value", ["", "x", "1.0", "1.0/x"])
def test_strange_button(bolt, presser, value):
    """A button that is not ours opens nothing, and is no crash."""
    assert bolt.press(presser.url, value=value).status == 200
    assert bolt.intake.asked == []
