"""Which of people's requests were heard, so that none is heard twice."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "requests",
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("heard_at_s", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("signature"),
    )
    op.create_index("requests_by_age", "requests", ["heard_at_s"])
