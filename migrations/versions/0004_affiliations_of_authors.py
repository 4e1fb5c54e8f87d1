"""Which author has which affiliation, by source."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "item_authors",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_item_authors_item_id_item")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_item_authors_source_id_source")
        ),
        sa.PrimaryKeyConstraint("item_id", "source_id", name=op.f("pk_item_authors")),
    )


def downgrade() -> None:
    op.drop_table("item_authors")
