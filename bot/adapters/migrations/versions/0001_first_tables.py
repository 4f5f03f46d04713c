"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    _make_analyses()
    _make_channels()
    _make_labels_seen()
    _make_messages()
    _make_notices()
    _make_pictures()
    _make_replies()
    _make_takeovers()
    _make_watches()
    _make_workers()


def _make_analyses() -> None:
    op.create_table(
        "analyses",
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("settings", sa.String(), nullable=False),
        sa.Column("response", sa.JSON(none_as_null=True)),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("asked_at_s", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("team", "sha256", "settings"),
    )


def _make_channels() -> None:
    op.create_table(
        "channels",
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("bots_on", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("team", "channel"),
    )


def _make_labels_seen() -> None:
    op.create_table(
        "labels_seen",
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("team", "channel", "name"),
    )


def _make_messages() -> None:
    op.create_table(
        "messages",
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.Column("thread_ts", sa.String(), nullable=False),
        sa.Column("poster", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("accepted_at_s", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("team", "channel", "ts"),
    )


def _make_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("notice_ts", sa.String()),
        sa.PrimaryKeyConstraint("team", "person", "channel", "ts", "file_id"),
    )


def _make_pictures() -> None:
    op.create_table(
        "pictures",
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.JSON()),
        sa.Column("sha256", sa.String()),
        sa.Column("annotated_file_id", sa.String()),
        sa.PrimaryKeyConstraint("team", "channel", "ts", "file_id"),
    )
    op.create_index("pictures_by_sha256", "pictures", ["team", "sha256"])


def _make_replies() -> None:
    op.create_table(
        "replies",
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reply_ts", sa.String()),
        sa.Column("has_reason", sa.Boolean()),
        sa.PrimaryKeyConstraint("team", "channel", "ts", "attempt"),
    )


def _make_takeovers() -> None:
    op.create_table(
        "takeovers",
        sa.Column("workflow_id", sa.String(), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
    )


def _make_watches() -> None:
    op.create_table(
        "watches",
        sa.Column("watch_id", sa.Integer(), primary_key=True),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("label_key", sa.String(), nullable=False),
        sa.Column("rule_text", sa.String(), nullable=False),
        sa.Column("made_at_s", sa.Float(), nullable=False),
        sa.UniqueConstraint("team", "owner", "rule_text"),
    )
    op.create_index("watches_by_label", "watches", ["team", "label_key"])


def _make_workers() -> None:
    op.create_table(
        "workers",
        sa.Column("executor_id", sa.String(), primary_key=True),
        sa.Column("beaten_at_s", sa.Float(), nullable=False),
    )
