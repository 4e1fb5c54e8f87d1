"""What mentions said when they were joined to an item in other words."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("mention", sa.Column("said", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("mention", "said")
