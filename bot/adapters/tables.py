"""The tables that are ours; the job library keeps its own beside them in the same database.

Times are seconds since the epoch. Keys are Slack's ids, so nothing here needs a name to be read.
A long file on purpose: all that is kept can be seen in one place.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Float,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    false,
)

from bot.model import MessageRef

METADATA = MetaData()

MESSAGES = Table(
    "messages",
    METADATA,
    Column("team", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("ts", String, nullable=False),
    Column("thread_ts", String, nullable=False),
    Column("poster", String, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("accepted_at_s", Float, nullable=False),
    Column("state", String, nullable=False, server_default="live"),
    Column("is_from_bot", Boolean, nullable=False, server_default=false()),
    PrimaryKeyConstraint("team", "channel", "ts"),
    Index("messages_by_poster", "team", "poster"),
    Index("messages_by_age", "team", "accepted_at_s"),
)
"""One row per accepted message, kept as the guard against a repeat after its jobs are cleaned.

`state` is live; gone, when a person took it away, also before it arrived; or expired, when it was
kept for as long as the settings say. Of what is gone nothing but this row is left, of what expired
also where its replies stand. Where it `is_from_bot`, the poster may be a bot's user all the same.
"""

REPLIES = Table(
    "replies",
    METADATA,
    Column("team", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("ts", String, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("key", String, nullable=False, unique=True),
    Column("state", String, nullable=False),
    Column("reply_ts", String),
    Column("has_reason", Boolean),
    Column("is_render", Boolean, nullable=False, server_default=false()),
    Column("is_shared", Boolean, nullable=False, server_default=false()),
    Column("files", JSON(none_as_null=True)),
    Column("options", JSON(none_as_null=True)),
    PrimaryKeyConstraint("team", "channel", "ts", "attempt"),
)
"""One row per attempt at a message; Slack keeps `key` in the reply's metadata.

`state` is new, sending (the outcome may be unknown), sent, refused (Slack did not take it),
needless (nothing to say after all), retired (taken back, since a newer reply stands), or left (of a
message that expired: the reply may still stand, and goes with it). An attempt that only draws again
what is known `is_render`; `options` are then what people chose for this message, all in all.
`files` are its uploads, whether a reply shows them or not: all of them go with the message. Where
it `is_shared` they stand as files beside its words, and not in blocks.
"""

LEFT = "left"

PICTURES = Table(
    "pictures",
    METADATA,
    Column("team", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("ts", String, nullable=False),
    Column("file_id", String, nullable=False),
    Column("position", Integer, nullable=False),
    Column("outcome", JSON),
    Column("sha256", String),
    Column("annotated_file_id", String),
    Column("link", JSON(none_as_null=True)),
    Column("asked_job", String),
    PrimaryKeyConstraint("team", "channel", "ts", "file_id"),
    Index("pictures_by_sha256", "team", "sha256"),
    Index("pictures_by_file", "team", "file_id"),
)
"""One row per picture of a message, in the order it was posted; `outcome` is the last attempt's.

`link` names the S3 object (bucket, key, region, version) of a picture that was posted as a link.
`asked_job` is the job that brought it in, where that one's name does not begin with the message.
"""

ANALYSES = Table(
    "analyses",
    METADATA,
    Column("team", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("settings", String, nullable=False),
    Column("response", JSON(none_as_null=True)),
    Column("calls", Integer, nullable=False),
    Column("asked_at_s", Float, nullable=False),
    PrimaryKeyConstraint("team", "sha256", "settings"),
)
"""Rekognition's whole answer per distinct picture; `calls` counts the calls that gave none."""

CHANNELS = Table(
    "channels",
    METADATA,
    Column("team", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("mode", String, nullable=False),
    Column("bots_on", Boolean, nullable=False),
    Column("keep_days", Integer),
    PrimaryKeyConstraint("team", "channel"),
)
"""What a channel's people have set; a channel without a row has the defaults.

`keep_days` is null where the setting of the whole bot holds.
"""

OPT_OUTS = Table(
    "opt_outs",
    METADATA,
    Column("team", String, nullable=False),
    Column("person", String, nullable=False),
    Column("since_s", Float, nullable=False),
    PrimaryKeyConstraint("team", "person"),
)
"""Whose pictures are left alone, and are not kept."""

WHOLE_REMOVALS = Table(
    "whole_removals",
    METADATA,
    Column("team", String, nullable=False),
    Column("about", String, nullable=False),
    Column("value", String, nullable=False),
    PrimaryKeyConstraint("team", "about", "value"),
)
"""What goes as a whole, until all its messages are marked: a `poster`, a `channel` or a `team`."""

DELETED_FILES = Table(
    "deleted_files",
    METADATA,
    Column("team", String, nullable=False),
    Column("file_id", String, nullable=False),
    Column("deleted_at_s", Float, nullable=False),
    PrimaryKeyConstraint("team", "file_id"),
)
"""Files that were deleted, until every picture of them is forgotten.

For two days at least: the message that they were posted in may arrive after their deletion.
"""

CALLS = Table(
    "calls",
    METADATA,
    Column("month", String, primary_key=True),
    Column("reserved", Integer, nullable=False),
    Column("told_calls", Integer, nullable=False, server_default="0"),
)
"""DetectLabels calls per month (UTC, as in 2026-11), each counted before it is made.

`told_calls` is the highest number that the operators were told was reached.
"""

PACES = Table(
    "paces",
    METADATA,
    Column("service", String, primary_key=True),
    Column("next_at_s", Float, nullable=False),
)
"""When an account's quota has room for the next call, by the database's clock."""

WAITING = Table(
    "waiting",
    METADATA,
    Column("team", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("ts", String, nullable=False),
    Column("since_s", Float, nullable=False),
    PrimaryKeyConstraint("team", "channel", "ts"),
    Index("waiting_by_age", "since_s"),
)
"""Messages whose pictures wait for the month's limit of calls to allow more, since they came."""

SHOW_SETTINGS = Table(
    "show_settings",
    METADATA,
    Column("team", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("settings", JSON, nullable=False),
    PrimaryKeyConstraint("team", "channel"),
)
"""What a channel's people have set about what is shown; without a row the defaults hold."""

CORRECTIONS = Table(
    "corrections",
    METADATA,
    Column("correction_id", Integer, primary_key=True),
    Column("team", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("ts", String, nullable=False),
    Column("file_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("label", String, nullable=False),
    Column("to", String),
    Column("person", String, nullable=False),
    Column("at_s", Float, nullable=False),
    Index("corrections_by_picture", "team", "channel", "ts", "file_id"),
)
"""What people said about the labels of one picture, in the order in which they said it.

About the picture as it was posted there, not about its bytes: what was said in a private channel
must not show where somebody else posts the same picture.
"""

WITHHELD_CHANGES = Table(
    "withheld_changes",
    METADATA,
    Column("team", String, nullable=False),
    Column("label_key", String, nullable=False),
    Column("label", String, nullable=False),
    Column("is_withheld", Boolean, nullable=False),
    PrimaryKeyConstraint("team", "label_key"),
)
"""Where a team's admins differ from the labels that the code withholds."""

LABEL_REVIEWS = Table(
    "label_reviews",
    METADATA,
    Column("team", String, nullable=False),
    Column("label_key", String, nullable=False),
    Column("label", String, nullable=False),
    Column("seen_at_s", Float, nullable=False),
    PrimaryKeyConstraint("team", "label_key"),
)
"""Labels of a personal kind that nobody has decided about yet; withheld until an admin does."""

AUDIT = Table(
    "audit",
    METADATA,
    Column("audit_id", Integer, primary_key=True),
    Column("team", String, nullable=False),
    Column("at_s", Float, nullable=False),
    Column("person", String, nullable=False),
    Column("what", String, nullable=False),
    Column("before", JSON(none_as_null=True)),
    Column("after", JSON(none_as_null=True)),
    Index("audit_by_time", "team", "at_s"),
)
"""Who changed what for a whole team, and what it was before and after."""

LISTENING = Table(
    "listening",
    METADATA,
    Column("team", String, primary_key=True),
    Column("heard_at_s", Float, nullable=False),
)
"""Until when some process was there to hear Slack's events: what came later may be missed."""

WATCHES = Table(
    "watches",
    METADATA,
    Column("watch_id", Integer, primary_key=True),
    Column("team", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("rule_text", String, nullable=False),
    Column("rule_key", String, nullable=False),
    Column("target", String, nullable=False, server_default=""),
    Column("made_at_s", Float, nullable=False),
    Column("last_fired_at_s", Float),
    Column("sending_key", String),
    Column("paused_why", String),
    Column("paused_at_s", Float),
    Column("pause_told", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("team", "owner", "rule_key"),
    Index("watches_by_target", "team", "target"),
    # Nobody's notice may lead to a watch that came after the one it was sent for.
    sqlite_autoincrement=True,
)
"""Who wants to be told of what, and where: in a direct message, or in the channel `target`.

`rule_key` is the same for rules that ask for the same, however they are spelt. `last_fired_at_s` is
when a notice was last delivered for the rule as it is now, and `sending_key` the notice that was
claimed for that last. `paused_why` says why nobody can be told at present, and `pause_told` whether
its owner knows.
"""

WATCH_KEYS = Table(
    "watch_keys",
    METADATA,
    Column("watch_id", Integer, nullable=False),
    Column("team", String, nullable=False),
    Column("label_key", String, nullable=False),
    PrimaryKeyConstraint("watch_id", "label_key"),
    Index("watch_keys_by_label", "team", "label_key"),
)
"""A watch can fire only for a picture that has one of its labels, case-folded; found by them."""

WATCH_EVENTS = Table(
    "watch_events",
    METADATA,
    Column("watch_id", Integer, nullable=False),
    Column("team", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("ts", String, nullable=False),
    Column("file_id", String, nullable=False),
    Column("state", String, nullable=False),
    Column("reason", String),
    Column("at_s", Float, nullable=False),
    Column("notice_key", String),
    PrimaryKeyConstraint("watch_id", "team", "channel", "ts", "file_id"),
    Index("watch_events_by_picture", "team", "channel", "ts"),
    Index("watch_events_by_notice", "notice_key"),
)
"""What came of each picture that a watch matched.

`state` is told, held (`reason`: cool_down, snoozed, muted) or lost (no_access, gone, failed).
`notice_key` is the notice that told it, or that counted what was held; until one has, it is null.
"""

HOLDS = Table(
    "holds",
    METADATA,
    Column("team", String, nullable=False),
    Column("watch_id", Integer, nullable=False),
    Column("person", String, nullable=False),
    Column("until_s", Float),
    Column("by", String, nullable=False),
    Column("at_s", Float, nullable=False),
    PrimaryKeyConstraint("team", "watch_id", "person"),
)
"""What is not to be told for now: one watch, or with id 0 all watches of a person.

`person` is empty where it is one watch: whoever that tells, and whoever said so, it is held once.
`until_s` is null where that holds until somebody ends it.
"""

NOTICES = Table(
    "notices",
    METADATA,
    Column("team", String, nullable=False),
    Column("recipient", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("ts", String, nullable=False),
    Column("file_id", String, nullable=False),
    Column("key", String, nullable=False, unique=True),
    Column("watch_ids", JSON, nullable=False),
    Column("state", String, nullable=False),
    Column("place", String),
    Column("notice_ts", String),
    Column("preview_file_id", String),
    PrimaryKeyConstraint("team", "recipient", "channel", "ts", "file_id"),
)
"""At most one row, and so at most one notice, per picture and recipient: a person, or a channel.

`state` is new, sending (the outcome may be unknown), sent, held (by all its watches), withheld, or
given_up (it may stand all the same).
`place` and `notice_ts` are where it stands in Slack.
"""

LABELS_SEEN = Table(
    "labels_seen",
    METADATA,
    Column("team", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("name", String, nullable=False),
    Column("ts", String, nullable=False),
    Column("file_id", String, nullable=False),
    PrimaryKeyConstraint("team", "channel", "name"),
)
"""Which label names appeared where: what "did you mean" may draw on, through `may_see`.

Each with the picture that showed it last, with which it goes.
"""

CATALOGUE = Table(
    "catalogue",
    METADATA,
    Column("source", String, primary_key=True),
    Column("version", String, nullable=False),
    Column("imported_at_s", Float, nullable=False),
    Column("content", JSON, nullable=False),
)
"""Amazon's list of labels in one row, since it is read and replaced as a whole.

`version` changes with every import, so that whoever has read it knows when to read it anew.
"""

REQUESTS = Table(
    "requests",
    METADATA,
    Column("signature", String, primary_key=True),
    Column("heard_at_s", Float, nullable=False),
    Index("requests_by_age", "heard_at_s"),
)
"""What people did, by Slack's signature of it, for as long as that would be taken again."""

WORKERS = Table(
    "workers",
    METADATA,
    Column("executor_id", String, primary_key=True),
    Column("beaten_at_s", Float, nullable=False),
)
"""One row per running process that does jobs; one that stops beating has its jobs taken over."""

TAKEOVERS = Table(
    "takeovers",
    METADATA,
    Column("workflow_id", String, primary_key=True),
    Column("count", Integer, nullable=False),
)
"""How often each job was taken over from a dead process."""


def matching(table: Table, ref: MessageRef) -> tuple[ColumnElement[bool], ...]:
    """The conditions that pick the rows of one message, or one picture, from a table about them."""
    return tuple(table.c[name] == value for name, value in ref.columns().items())


def picked_by(
    table: Table, names: Iterable[str], *, prefix: str = ""
) -> tuple[ColumnElement[bool], ...]:
    """The conditions that pick rows by what is given with each execution, by the columns' names.

    For statements of every picture, which are made once: to make one takes longer than to read.
    A statement that writes needs a prefix: what is given by a column's own name is written.
    """
    return tuple(table.c[name] == bindparam(prefix + name) for name in names)


def written(table: Table, values: dict[str, Any]) -> dict[str, Any]:
    """The values of a statement that was made before; SQLAlchemy would pass over a wrong name."""
    for name in values:
        if name not in table.c:
            raise KeyError(f"{table.name}.{name}")
    return values
