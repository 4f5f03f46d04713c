import json

import pytest

from bot.answering import Asker


@pytest.mark.parametrize(
    ("sent", "text"),
    [({"text": "watch dog"}, "watch dog"), ({"text": ""}, ""), ({"text": None}, "")],
)
def test_command_is_answered(bolt, sent, text):
    """A command is answered in the response itself, for the asker alone."""
    answer = bolt.type(**sent)

    assert (answer.status, bolt.answering.asked) == (200, [(Asker("T1", "U1", "C1"), text)])
    assert "An answer." in answer.body
    assert "in_channel" not in answer.body


def test_trouble_in_words(bolt, away):
    """When a command fails the asker gets words and the reference that is in the log."""
    bolt.answering.result = away
    answer = bolt.type("watches")

    assert answer.status == 200
    assert json.loads(answer.body)["text"].startswith(f"{away} (ref ")


def test_other_command(bolt):
    """Another app's command is none of ours."""
    assert bolt.type("watch dog", command="/other").status == 404
    assert bolt.answering.asked == []
