"""Merging

Books and authors that were found to be others, the reviews that stand aside for it, and how each merge is undone.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade():
    for table in ("book", "author"):
        # No foreign key: SQLite could have a named one only by making the table anew.
        op.add_column(table, sa.Column("merged_into_id", sa.Integer(), nullable=True))
        merged = sa.text("merged_into_id IS NOT NULL")
        op.create_index(f"ix_{table}_merged_into_id", table, ["merged_into_id"], sqlite_where=merged, postgresql_where=merged)
    op.add_column("review", sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True))
    aside = sa.text("set_aside_at IS NOT NULL")
    op.create_index("ix_review_set_aside", "review", ["user_id", "guest"], sqlite_where=aside, postgresql_where=aside)

    places = [(f"{way}_{table}_id", table) for table in ("book", "author") for way in ("from", "into")]
    op.create_table(
        "merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name, _table in places),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_merge_{name}_{table}"), ondelete="CASCADE")
            for name, table in places
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge")),
    )
    for name, _table in places:
        op.create_index(op.f(f"ix_merge_{name}"), "merge", [name])


def downgrade():
    op.drop_table("merge")
    op.drop_index("ix_review_set_aside", "review")
    # What was off the site stays off it.
    op.execute("UPDATE review SET held_at = coalesce(held_at, set_aside_at)")
    op.drop_column("review", "set_aside_at")
    for table in ("book", "author"):
        op.drop_index(f"ix_{table}_merged_into_id", table)
        op.drop_column(table, "merged_into_id")
