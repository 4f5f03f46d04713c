"""Log lines as `key=value` pairs: one line per event with its facts, never a payload or a token."""

from __future__ import annotations

import json
import logging
import re
import sys

_OWN_FIELDS = {*logging.makeLogRecord({}).__dict__, "message", "asctime", "taskName"}

_OURS = ("bot", "handlers", "__main__")
"""The loggers that LOG_LEVEL is for: at DEBUG, libraries write request bodies and signed headers.

It is also from these alone that we know what their words and facts may hold.
"""


class KeyValueFormatter(logging.Formatter):
    """`at=... level=... event=... key=value ...`, one line even where there is a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """One record; what was given as `extra` comes behind the event."""
        ours = record.name.partition(".")[0] in _OURS
        pairs = {"level": record.levelname.lower(), **(_told(record) if ours else _heard(record))}
        if record.exc_info and (ours or record.levelno >= logging.ERROR):
            pairs["trace"] = self.formatException(record.exc_info)
        line = " ".join(f"{key}={_quoted(value)}" for key, value in pairs.items())
        return f"at={self.formatTime(record, '%Y-%m-%dT%H:%M:%S')} {line}"


def _told(record: logging.LogRecord) -> dict[str, object]:
    """What we say ourselves."""
    facts = {key: value for key, value in vars(record).items() if key not in _OWN_FIELDS}
    return {"event": record.getMessage(), **facts}


def _heard(record: logging.LogRecord) -> dict[str, object]:
    """What a library says, without what it quotes: answers of servers begin on a second line."""
    first_line = (record.getMessage().splitlines() or [""])[0]
    heard: dict[str, object] = {"event": first_line, "logger": record.name}
    if record.exc_info and record.exc_info[0]:
        heard["error"] = record.exc_info[0].__name__
    if job := vars(record).get("operationUUID"):
        heard["job"] = job
    return heard


_PLAIN = re.compile(r"[^\s\"=\\\x00-\x1f\x7f-\x9f]+")


def _quoted(value: object) -> str:
    """One word as it stands, anything else as JSON writes it: a value never looks like a pair."""
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text)


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a line of the job library says anything: a job that began at once may be on a queue.

    It is, once its process has ended, and whoever then starts it by its name finds it there.
    """
    return "already exists in queue: looks" not in record.getMessage()


def set_up_logging(level: str) -> None:
    """Log to standard error at `level`; libraries only from WARNING on, whatever the level is."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(KeyValueFormatter())
    least = max(logging.WARNING, logging.getLevelNamesMapping()[level])
    logging.basicConfig(level=least, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    for name in _OURS:
        logging.getLogger(name).setLevel(level)
    # It warns of our choices at every start: that `authorize` comes before SLACK_BOT_TOKEN.
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)
    # It quotes answers that are no JSON; `bot.adapters.slack` logs the failure without them.
    logging.getLogger("slack_sdk").setLevel(logging.CRITICAL)
    # To a logger that has a handler, the job library adds none that writes in its own format.
    jobs = logging.getLogger("dbos")
    jobs.handlers, jobs.propagate = [logging.NullHandler()], True
    jobs.addFilter(_is_news)
