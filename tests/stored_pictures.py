"""A database that looks as after many pictures: the rows of a few real ones, copied many times."""

import contextlib
import sqlite3

_RENAMED = frozenset(
    {"ts", "thread_ts", "reply_ts", "key", "sha256", "file_id", "annotated_file_id"}
    | {"workflow_uuid", "parent_workflow_id"}
)
"""What tells one picture, message or job from another: copies get a number behind it."""
_COPIED = (
    "messages",
    "pictures",
    "replies",
    "analyses",
    "workflow_status",
    "operation_outputs",
)
_COPIES = """WITH RECURSIVE turns(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM turns WHERE n < {3})
INSERT INTO {0} ({1}) SELECT {2} FROM {0}, turns"""


def multiply(path, times):
    """Add so many copies of all that a stopped bot's SQLite database holds of its pictures."""
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        for table in _COPIED:
            names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            values = [f"{name} || '0' || n" if name in _RENAMED else name for name in names]
            connection.execute(_COPIES.format(table, ", ".join(names), ", ".join(values), times))
        return connection.execute("SELECT COUNT(*) FROM pictures").fetchone()[0]
