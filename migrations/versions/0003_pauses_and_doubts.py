"""Readers that pause; deliveries of which it is not known whether they arrived."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "reader", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "delivery",
        sa.Column("doubts", sa.Integer(), nullable=False, server_default="0"),
    )
    op.add_column(
        "delivery", sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("delivery", "tried_at")
    op.drop_column("delivery", "doubts")
    op.drop_column("reader", "paused_at")
