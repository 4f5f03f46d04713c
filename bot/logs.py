"""Log lines as `key=value` pairs: an event, its facts, never a payload or a token."""

from __future__ import annotations

import json
import logging
import re
import sys

_OWN_FIELDS = {*logging.makeLogRecord({}).__dict__, "message", "asctime", "taskName"}

_QUIET = ("dbos", "slack_sdk", "botocore", "boto3", "urllib3", "PIL", "waitress", "alembic")
"""At DEBUG these write request bodies and signed headers; Bolt at INFO."""


class KeyValueFormatter(logging.Formatter):
    """`at=... level=... event=... key=value ...`; a traceback follows on its own lines."""

    def format(self, record: logging.LogRecord) -> str:
        """One record; what was given as `extra` comes behind the event."""
        facts = {key: value for key, value in vars(record).items() if key not in _OWN_FIELDS}
        pairs = {"level": record.levelname.lower(), "event": record.getMessage(), **facts}
        line = " ".join(f"{key}={_quoted(value)}" for key, value in pairs.items())
        trace = f"\n{self.formatException(record.exc_info)}" if record.exc_info else ""
        return f"at={self.formatTime(record, '%Y-%m-%dT%H:%M:%S')} {line}{trace}"


_PLAIN = re.compile(r"[^\s\"=\\\x00-\x1f\x7f-\x9f]+")


def _quoted(value: object) -> str:
    """One word as it stands, anything else as JSON writes it: a value never looks like a pair."""
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text)


def set_up_logging(level: str) -> None:
    """Log to standard error at `level`; libraries only from WARNING on, whatever the level is."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(KeyValueFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    # It warns of our choices at every start: that `authorize` comes before SLACK_BOT_TOKEN.
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)
