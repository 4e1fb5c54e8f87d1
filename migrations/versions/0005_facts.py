"""What the pages of sources teach for later visits."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fact",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_fact_source_id_source")
        ),
        sa.PrimaryKeyConstraint("source_id", "name", name=op.f("pk_fact")),
    )


def downgrade() -> None:
    op.drop_table("fact")
