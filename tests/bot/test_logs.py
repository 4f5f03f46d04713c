import io
import logging
import sys
import warnings

import pytest

from bot.adapters.job_intake import JobIntake
from bot.adapters.job_runner import JobRunner
from bot.adapters.jobs import LEFT_BEHIND
from bot.logs import KeyValueFormatter, set_up_logging


def line(event, *args, name="bot.x", level=logging.INFO, exc_info=None, **facts):
    """Format one record."""
    record = logging.LogRecord(name, level, "x.py", 1, event, args, exc_info)
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


@pytest.fixture
def exc_info():
    """An error that was raised."""
    try:
        raise KeyError("x")  # noqa: TRY301 - there has to be one
    except KeyError:
        return sys.exc_info()


def test_traceback_is_a_fact(exc_info):
    """An error's traceback stands in the line of its event."""
    written = line("failed", exc_info=exc_info, reference="1a2b3c4d")

    assert "\n" not in written
    assert ' event=failed reference=1a2b3c4d trace="Traceback (most recent' in written
    assert written.endswith("KeyError: 'x'\"")


def test_library_is_cut_short(exc_info):
    """Of a library one hears the first line, the kind of error and the job."""
    more = {"exc_info": exc_info, "operationUUID": "T1/C1/1.0/1", "applicationID": ""}
    written = line("Retried\nThe server: {'text': 'secret'}", name="dbos", **more)

    assert written.endswith(" event=Retried logger=dbos error=KeyError job=T1/C1/1.0/1")


def test_library_failure_has_traceback(exc_info):
    """Where a library has failed for good, its traceback says where."""
    written = line("Failed", name="waitress", level=logging.ERROR, exc_info=exc_info)

    assert "event=Failed logger=waitress error=KeyError trace=" in written


@pytest.fixture
def log(monkeypatch):
    """What a process that has set up its log at the most talkative level writes."""
    names = (None, "bot", "handlers", "__main__", "slack_bolt", "slack_sdk", "dbos")
    loggers = [logging.getLogger(name) for name in names]
    before = [(one, one.level, one.handlers[:], one.propagate) for one in loggers]
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    set_up_logging("DEBUG")
    yield written
    logging.captureWarnings(capture=False)
    for one, level, handlers, propagate in before:
        one.setLevel(level)
        one.handlers[:], one.propagate = handlers, propagate


@pytest.mark.parametrize(
    "name", ["slack_bolt.App", "botocore.auth", "urllib3.connectionpool", "flask", "dbos"]
)
def test_libraries_stay_quiet(log, name):
    """Libraries, which would write requests and signed headers, are heard when it is serious."""
    for level in (logging.DEBUG, logging.INFO, logging.ERROR):
        logging.getLogger(name).log(level, "level %s", level)

    assert log.getvalue().count("event=") == 1
    assert 'event="level 40"' in log.getvalue()


def test_slack_library_is_silent(log):
    """Slack's library, which quotes answers that it does not understand, is not heard."""
    logging.getLogger("slack_sdk.web.base_client").error("Failed to decode: <html>")

    assert log.getvalue() == ""


def test_jobs_write_our_lines(log, database):
    """The job library adds no handler of its own, neither when it is built nor at its start."""
    runner = JobRunner(database, alone=True)
    runner.launch(JobIntake(database))
    logging.getLogger("dbos").warning("Step being retried\nwhy")
    runner.stop(grace_s=0)
    (written,) = log.getvalue().splitlines()

    assert written.split(" ", 1)[1] == 'level=warning event="Step being retried" logger=dbos'


def test_job_found_on_queue_is_no_news(log):
    """That a job, which needs no queue, is on one since its process ended is not worth a line."""
    found = "Workflow already exists in queue: {}, but the provided queue name is: None."
    for queue in (LEFT_BEHIND, "exports"):
        logging.getLogger("dbos").warning(found.format(queue))

    assert "queue: exports" in log.getvalue()
    assert log.getvalue().count("\n") == 1


def test_warnings_are_lines(log):
    """A warning of Python's own is a line like any other."""
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("Old\nhabits", stacklevel=1)

    assert "level=warning" in log.getvalue()
    assert log.getvalue().count("\n") == 1


def test_ours_is_heard(log):
    """Our own lines are written at the level that was chosen."""
    logging.getLogger("bot.intake").debug("message_accepted", extra={"job": "T1/C1/1.0"})

    assert "level=debug event=message_accepted job=T1/C1/1.0" in log.getvalue()
