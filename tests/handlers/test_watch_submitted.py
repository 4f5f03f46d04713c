import json

import pytest

from bot.watch_modal import CALLBACK, FormContext


@pytest.fixture
def submit(bolt, presser):
    """Save the window that was opened from a page of the list, or typed for."""

    def send(page=None):
        context = FormContext("C1", watch_id=7, reply_url=presser.url, page=page)
        view = {
            "type": "modal",
            "callback_id": CALLBACK,
            "private_metadata": context.to_metadata(),
            "state": {"values": {"labels": {}}},
        }
        user = {"id": "U1"}
        body = {"type": "view_submission", "team": {"id": "T1"}, "user": user, "view": view}
        return bolt.send(body)

    return send


@pytest.mark.parametrize(("page", "replaces"), [(None, False), (2, True)])
def test_saved_is_said(bolt, presser, submit, page, replaces):
    """A saved window closes, and what is said goes where it was opened from."""
    answer = submit(page)
    asker, context, values = bolt.watch_list.asked[0]

    assert (answer.status, answer.body) == (200, "")
    assert (asker.person, asker.channel) == ("U1", "C1")
    assert (context.watch_id, context.page, values) == (7, page, {"labels": {}})
    assert presser.said == [{**bolt.watch_list.answer, "replace_original": replaces}]


def test_wrong_stays_open(bolt, presser, submit):
    """What is wrong stands beside its field, and nothing is said."""
    bolt.watch_list.wrong = {"labels": "Which label?"}
    answer = submit()

    assert json.loads(answer.body) == {
        "response_action": "errors",
        "errors": {"labels": "Which label?"},
    }
    assert presser.said == []
