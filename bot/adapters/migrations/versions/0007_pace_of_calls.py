"""When the account's quota has room for the next call of Rekognition."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("calls", sa.Column("next_at_s", sa.Float(), nullable=False, server_default="0"))
