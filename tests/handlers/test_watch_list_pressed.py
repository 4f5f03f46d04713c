import json

import pytest

from bot import watch_list


@pytest.mark.parametrize("button", watch_list.BUTTONS)
def test_list_is_shown_anew(bolt, presser, button):
    """A press in the list is carried out for whoever pressed, who sees the list as it is then."""
    answer = bolt.press(presser.url, "7/2", button)
    asker, pressed, value = bolt.watch_list.asked[0]

    assert answer.status == 200
    assert (asker.person, asker.channel, asker.reply_url) == ("U1", "C1", presser.url)
    assert (pressed, value) == (button, "7/2")
    assert presser.said == [{**bolt.watch_list.answer, "replace_original": True}]


def test_window_is_the_answer(bolt, presser):
    """Where a window opens, nothing is said besides."""
    bolt.watch_list.answer = ""
    answer = bolt.press(presser.url, "7/0", watch_list.EDIT)

    assert answer.status == 200
    assert presser.said == []


def test_list_answers_the_command(bolt):
    """A list in answer to a command is sent with its blocks."""
    bolt.answering.result = {"text": "A list.", "blocks": [{"type": "divider"}]}
    answer = bolt.type("watches", response_url="https://hooks.example/x")

    assert json.loads(answer.body) == bolt.answering.result
    assert bolt.answering.asked[0][0].reply_url == "https://hooks.example/x"
