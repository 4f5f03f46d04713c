import json

from bot.answering import Asker
from bot.settings_modal import CALLBACK

VALUES = {"threshold": {"threshold": {"type": "plain_text_input", "value": "85"}}}


def submit(bolt):
    """Send a saved window."""
    view = {"callback_id": CALLBACK, "private_metadata": "C7", "state": {"values": VALUES}}
    body = {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1"}}
    return bolt.send({**body, "view": {"type": "modal", **view}})


def test_saved_window_closes(bolt):
    """What was saved goes to the channel that the window is about, and the window closes."""
    answer = submit(bolt)

    assert (answer.status, answer.body) == (200, "")
    assert bolt.tuning.asked == [(Asker("T1", "U1", "C7"), VALUES)]


def test_wrong_fields_stay_open(bolt):
    """What is wrong is shown in the fields."""
    bolt.tuning.wrong = {"threshold": "Too high."}
    said = json.loads(submit(bolt).body)

    assert said == {"response_action": "errors", "errors": {"threshold": "Too high."}}
