"""Citation keys, each given once."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "citation",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_citation_item_id_item")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_citation")),
    )
    op.create_index(op.f("ix_citation_item_id"), "citation", ["item_id"])


def downgrade() -> None:
    op.drop_table("citation")
