"""Evidence for joined items; those set apart, deleted, alike or about another."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mention", sa.Column("joined_by", sa.Text(), nullable=True))
    op.add_column("item", sa.Column("merged_by", sa.Text(), nullable=True))
    for column in ("merged_at", "deleted_at"):
        op.add_column(
            "item", sa.Column(column, sa.DateTime(timezone=True), nullable=True)
        )
    _blocks()
    _apart()
    _links()


def _blocks() -> None:
    op.create_table(
        "item_block",
        sa.Column("block", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_item_block_item_id_item")
        ),
        sa.PrimaryKeyConstraint("block", "item_id", name=op.f("pk_item_block")),
    )
    op.create_index(op.f("ix_item_block_item_id"), "item_block", ["item_id"])


def _apart() -> None:
    op.create_table(
        "item_apart",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_item_apart_item_id_item")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["item.id"], name=op.f("fk_item_apart_other_id_item")
        ),
        sa.PrimaryKeyConstraint("item_id", "other_id", name=op.f("pk_item_apart")),
    )
    op.create_index(op.f("ix_item_apart_other_id"), "item_apart", ["other_id"])


def _links() -> None:
    op.create_table(
        "item_link",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_item_link_item_id_item")
        ),
        sa.PrimaryKeyConstraint("item_id", "key", name=op.f("pk_item_link")),
    )
    op.create_index(op.f("ix_item_link_key"), "item_link", ["key"])
