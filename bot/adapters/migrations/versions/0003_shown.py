"""What it takes to say what is shown: settings, corrections, withheld labels, who changed what."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let replies be drawn again, then add the new tables."""
    op.add_column(
        "replies", sa.Column("is_render", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "replies", sa.Column("is_shared", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("replies", sa.Column("files", sa.JSON(none_as_null=True)))
    _make_show_settings()
    _make_corrections()
    _make_withheld_changes()
    _make_label_reviews()
    _make_audit()


def _make_show_settings() -> None:
    op.create_table(
        "show_settings",
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("team", "channel"),
    )


def _make_corrections() -> None:
    op.create_table(
        "corrections",
        sa.Column("correction_id", sa.Integer(), primary_key=True),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("to", sa.String()),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at_s", sa.Float(), nullable=False),
    )
    columns = ["team", "channel", "ts", "file_id"]
    op.create_index("corrections_by_picture", "corrections", columns)


def _make_withheld_changes() -> None:
    op.create_table(
        "withheld_changes",
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("label_key", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("is_withheld", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("team", "label_key"),
    )


def _make_label_reviews() -> None:
    op.create_table(
        "label_reviews",
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("label_key", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("seen_at_s", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("team", "label_key"),
    )


def _make_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("audit_id", sa.Integer(), primary_key=True),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("at_s", sa.Float(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True)),
        sa.Column("after", sa.JSON(none_as_null=True)),
    )
    op.create_index("audit_by_time", "audit", ["team", "at_s"])
