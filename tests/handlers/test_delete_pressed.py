import threading
from types import SimpleNamespace

from bot.messages import DELETE
from bot.model import MessageRef
from handlers.delete_pressed import OnDeletePressed


def test_press_deletes(bolt, presser):
    """Whoever may press Delete sees the reply go at once."""
    answer = bolt.press(presser.url, action_id=DELETE)

    assert answer.status == 200
    message = MessageRef("T1", "C1", "1700000000.000100")
    assert bolt.removing.asked == [("delete", message, {"person": "U1"})]
    assert [said.get("delete_original") for said in presser.said] == [True]


def test_others_are_told(bolt, presser):
    """Everybody else hears in private who may, and the reply stands."""
    bolt.removing.answer = False
    answer = bolt.press(presser.url, action_id=DELETE)
    (said,) = presser.said

    assert answer.status == 200
    assert said["text"] == "Only who posted the picture, and admins, can delete this."
    assert said["replace_original"] is False
    assert said.get("response_type", "ephemeral") == "ephemeral"
    assert "delete_original" not in said


def test_trouble_is_told(bolt, presser, away):
    """When it cannot be noted now, who pressed hears so, and the reply stands."""
    bolt.removing.answer = away
    bolt.press(presser.url, action_id=DELETE)
    (said,) = presser.said

    assert said["text"].startswith(f"{away} (ref ")
    assert "delete_original" not in said


def test_slow_response_holds_nothing_up():
    """However long the answer takes to get through, Slack is acknowledged meanwhile."""
    through = threading.Event()
    acknowledged = []
    delete = OnDeletePressed(SimpleNamespace(delete=lambda *_, **__: True))
    body = {
        "actions": [{"value": "1.0/1"}],
        "channel": {"id": "C1"},
        "user": {"id": "U1"},
    }
    delete(
        lambda: acknowledged.append(True),
        body,
        {"team_id": "T1"},
        lambda *_, **__: through.wait(20),
    )

    assert acknowledged == [True]
    assert not through.is_set()
    through.set()
