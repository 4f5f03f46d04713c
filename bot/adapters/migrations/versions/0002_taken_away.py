"""What it takes to read links, to label on request, to keep a budget, and to take things away."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns to what is there, then the new tables."""
    op.add_column(
        "messages", sa.Column("state", sa.String(), nullable=False, server_default="live")
    )
    op.create_index("messages_by_poster", "messages", ["team", "poster"])
    op.create_index("messages_by_age", "messages", ["team", "accepted_at_s"])
    op.add_column("pictures", sa.Column("link", sa.JSON(none_as_null=True)))
    op.add_column("pictures", sa.Column("asked_job", sa.String()))
    op.create_index("pictures_by_file", "pictures", ["team", "file_id"])
    op.add_column("channels", sa.Column("keep_days", sa.Integer()))
    _make_opt_outs()
    _make_whole_removals()
    _make_deleted_files()
    _make_calls()
    _make_waiting()
    _make_listening()
    _make_labels_seen_anew()


def _make_opt_outs() -> None:
    op.create_table(
        "opt_outs",
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("since_s", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("team", "person"),
    )


def _make_whole_removals() -> None:
    op.create_table(
        "whole_removals",
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("team", "about", "value"),
    )


def _make_deleted_files() -> None:
    op.create_table(
        "deleted_files",
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("deleted_at_s", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("team", "file_id"),
    )


def _make_calls() -> None:
    op.create_table(
        "calls",
        sa.Column("month", sa.String(), primary_key=True),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("told_calls", sa.Integer(), nullable=False, server_default="0"),
    )


def _make_waiting() -> None:
    op.create_table(
        "waiting",
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.Column("since_s", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("team", "channel", "ts"),
    )
    op.create_index("waiting_by_age", "waiting", ["since_s"])


def _make_listening() -> None:
    op.create_table(
        "listening",
        sa.Column("team", sa.String(), primary_key=True),
        sa.Column("heard_at_s", sa.Float(), nullable=False),
    )


def _make_labels_seen_anew() -> None:
    # Which picture showed a name was not kept; the names come back with the next pictures.
    op.drop_table("labels_seen")
    op.create_table(
        "labels_seen",
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("team", "channel", "name"),
    )
