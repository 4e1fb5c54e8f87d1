"""What items had before they were joined."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "item_merger",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("heir_id", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_item_merger_item_id_item")
        ),
        sa.ForeignKeyConstraint(
            ["heir_id"], ["item.id"], name=op.f("fk_item_merger_heir_id_item")
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_item_merger")),
    )


def downgrade() -> None:
    op.drop_table("item_merger")
