import json
import logging

import pytest

from bot import errors
from handlers.trouble import on_trouble

EVENT = {"type": "event_callback", "event": {"text": "my-secret"}}
COMMAND = {"command": "/labels", "text": "my-secret"}
PRESS = {"type": "block_actions", "actions": [{"value": "my-secret"}]}


@pytest.fixture
def said():
    """What is said to who pressed a button."""
    return []


@pytest.fixture
def trouble(said):
    """Answer for an error."""

    def trouble(error, body):
        return on_trouble(error, body, lambda text, **_: said.append(text))

    return trouble


def test_event_is_delivered_again(trouble, said):
    """An event that failed gets a 500 without words, so that Slack tries again."""
    answer = trouble(ZeroDivisionError("x"), EVENT)

    assert (answer.status, answer.body, said) == (500, "", [])


@pytest.mark.parametrize("error", [errors.RecordsUnavailable(), errors.SlackBusy()])
def test_event_cannot_be_taken_now(trouble, error):
    """An event that only has to come again gets a 503, which is no fault of the program's."""
    assert trouble(error, EVENT).status == 503


@pytest.mark.parametrize("error", [KeyError("team_id"), TypeError("x"), AttributeError("x")])
def test_unreadable_event(trouble, error):
    """An event that is not as Slack promises is the sender's mistake."""
    assert trouble(error, EVENT).status == 400


@pytest.mark.parametrize("kind", [[], {}, None, 1])
def test_unreadable_type(trouble, kind):
    """A body whose type is no word is answered like a command."""
    assert trouble(KeyError("x"), {"type": kind}).status == 200


def test_person_gets_known_words(trouble, said):
    """Who typed gets our words for what we know."""
    answer = trouble(errors.SlackBusy(), COMMAND)

    assert answer.status == 200
    assert str(errors.SlackBusy()) in answer.body
    assert said == []


def test_person_gets_no_internals(trouble):
    """Who typed gets no word of an error that nobody foresaw."""
    answer = trouble(ZeroDivisionError("internal detail"), COMMAND)

    assert "Something went wrong. (ref " in answer.body
    assert "internal" not in answer.body


def test_window_says_so(trouble):
    """Who saved a window sees what is the matter in its place."""
    answer = trouble(errors.RecordsUnavailable(), {"type": "view_submission", "view": {}})
    told = json.loads(answer.body)

    assert told["response_action"] == "update"
    assert told["view"]["type"] == "modal"
    assert str(errors.RecordsUnavailable()) in answer.body


def test_press_is_answered(trouble, said):
    """Who pressed a button is answered where they see it."""
    answer = trouble(errors.RecordsUnavailable(), PRESS)

    assert (answer.status, answer.body) == (200, "")
    assert said[0].startswith(str(errors.RecordsUnavailable()))


@pytest.mark.parametrize("body", [EVENT, COMMAND, PRESS])
def test_reference_is_in_log(trouble, said, caplog, body):
    """The log has the traceback and the reference that the person has, and not what was sent."""
    answer = trouble(ZeroDivisionError("x"), body)
    (record,) = caplog.records

    assert record.levelno == logging.ERROR
    assert record.exc_info[0] is ZeroDivisionError
    assert body is EVENT or record.reference in str(said) + str(answer.body)
    assert "my-secret" not in caplog.text


def test_references_differ(trouble, caplog):
    """Every failure has a reference of its own."""
    for _ in range(2):
        trouble(ZeroDivisionError(), COMMAND)

    assert len({record.reference for record in caplog.records}) == 2
