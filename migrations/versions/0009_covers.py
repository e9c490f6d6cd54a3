"""Covers

The pictures that readers send of books' covers; on each book, which one is shown.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def moment(name, nullable=False):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade():
    op.add_column("book", sa.Column("cover_key", sa.Text(), nullable=True))
    op.create_table(
        "cover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        moment("sent_at"),
        moment("shown_at", nullable=True),
        moment("refused_at", nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name=op.f("fk_cover_book_id_book"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_cover_user_id_user"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["case_id"], ["moderation_case.id"], name=op.f("fk_cover_case_id_moderation_case"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cover")),
        sa.UniqueConstraint("case_id", name=op.f("uq_cover_case_id")),
        sa.UniqueConstraint("key", name=op.f("uq_cover_key")),
    )
    waits = sa.text("shown_at IS NULL AND refused_at IS NULL")
    op.create_index(
        "uq_cover_waiting", "cover", ["book_id", "user_id"], unique=True, sqlite_where=waits, postgresql_where=waits
    )
    op.create_index("ix_cover_book_id", "cover", ["book_id", "shown_at"])
    op.create_index("ix_cover_user_id", "cover", ["user_id"])


def downgrade():
    op.drop_table("cover")
    op.drop_column("book", "cover_key")
