import json

import pytest

from bot.watch_modal import SUGGESTED, FormContext


@pytest.mark.parametrize("field", SUGGESTED)
def test_suggestions_are_offered(bolt, field):
    """What is typed into a menu of labels is answered with names to choose."""
    view = {"type": "modal", "private_metadata": FormContext("C1").to_metadata()}
    answer = bolt.send(
        {
            "type": "block_suggestion",
            "team": {"id": "T1"},
            "user": {"id": "U1"},
            "action_id": field,
            "block_id": field,
            "value": "do",
            "view": view,
        }
    )
    (option,) = json.loads(answer.body)["options"]

    assert option["value"] == "do"
    assert (bolt.watch_window.asked[0].person, bolt.watch_window.asked[0].channel) == ("U1", "C1")
