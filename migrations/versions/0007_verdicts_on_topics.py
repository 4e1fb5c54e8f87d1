"""What somebody said of items' topics."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "item_verdict",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("about", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_item_verdict_item_id_item")
        ),
        sa.PrimaryKeyConstraint("item_id", "topic", name=op.f("pk_item_verdict")),
    )
    op.create_index(op.f("ix_item_verdict_topic"), "item_verdict", ["topic"])


def downgrade() -> None:
    op.drop_table("item_verdict")
