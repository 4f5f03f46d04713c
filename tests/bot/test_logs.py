import io
import logging
import sys

import pytest

from bot.logs import KeyValueFormatter, set_up_logging


def line(event, *args, exc_info=None, **facts):
    """Format one record."""
    record = logging.LogRecord("bot.x", logging.INFO, "x.py", 1, event, args, exc_info)
    vars(record).update(facts)
    return KeyValueFormatter().format(record)


def test_event_and_facts():
    """A line tells when, how bad, what, and the facts."""
    when, rest = line("message_accepted", job="T1/C1/1.0", took_ms=12).split(" ", 1)

    assert when.startswith("at=20")
    assert rest == "level=info event=message_accepted job=T1/C1/1.0 took_ms=12"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("plain-word_1.0/é", "plain-word_1.0/é"),
        (7, "7"),
        (None, "None"),
        ("", '""'),
        ("two words", '"two words"'),
        ('say "hi"', '"say \\"hi\\""'),
        ("a=b", '"a=b"'),
        ("line\nlevel=error event=forged", '"line\\nlevel=error event=forged"'),
        ("\r\x1b[2J\u2028", '"\\r\\u001b[2J\\u2028"'),
    ],
)
def test_values_stay_values(value, written):
    """A value never ends its line, nor looks like another pair."""
    assert line("x", fact=value).endswith(f" fact={written}")


def test_arguments_fill_event():
    """A library's message with arguments is one event."""
    assert 'event="3 of 4"' in line("%s of %s", 3, 4)


def test_traceback_follows():
    """An error's traceback follows on lines of its own."""
    try:
        raise KeyError("x")  # noqa: TRY301 - there has to be one
    except KeyError:
        first, *rest = line("failed", exc_info=sys.exc_info()).splitlines()

    assert first.endswith("event=failed")
    assert rest[0] == "Traceback (most recent call last):"
    assert rest[-1] == "KeyError: 'x'"


@pytest.fixture
def log(monkeypatch):
    """What a process that has set up its log at the most talkative level writes."""
    root = logging.getLogger()
    before = root.level, root.handlers[:]
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    set_up_logging("DEBUG")
    yield written
    root.handlers[:] = before[1]
    root.setLevel(before[0])


@pytest.mark.parametrize(
    "name",
    ["slack_sdk.web.base_client", "slack_bolt.App", "botocore.auth", "urllib3.connectionpool"],
)
def test_libraries_stay_quiet(log, name):
    """Libraries, which would write requests and signed headers, are heard when it is serious."""
    for level in (logging.DEBUG, logging.INFO, logging.ERROR):
        logging.getLogger(name).log(level, "level %s", level)

    assert log.getvalue().count("event=") == 1
    assert 'event="level 40"' in log.getvalue()


def test_ours_is_heard(log):
    """Our own lines are written at the level that was chosen."""
    logging.getLogger("bot.intake").debug("message_accepted", extra={"job": "T1/C1/1.0"})

    assert "level=debug event=message_accepted job=T1/C1/1.0" in log.getvalue()
