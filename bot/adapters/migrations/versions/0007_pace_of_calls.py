"""When an account's quota has room for the next call, for all processes together."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "paces",
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("next_at_s", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("service"),
    )
