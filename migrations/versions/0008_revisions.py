"""Revisions

How the facts of books changed, and how readers would change them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

REFERENCES = {
    "book_id": ("book", "CASCADE"),
    "user_id": ("user", "SET NULL"),
    "case_id": ("moderation_case", "SET NULL"),
    "decision_id": ("decision", "SET NULL"),
    "reverts_id": ("revision", "SET NULL"),
}


def upgrade():
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=name != "book_id") for name in REFERENCES),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("declined", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('proposed', 'applied', 'refused')", name=op.f("ck_revision_state_known")),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_revision_{name}_{table}"), ondelete=gone)
            for name, (table, gone) in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
    )
    op.create_index("ix_revision_book", "revision", ["book_id", "state", "since", "id"])
    op.create_index("ix_revision_user", "revision", ["user_id", "at", "id"])
    for column in ("case_id", "reverts_id"):
        op.create_index(f"ix_revision_{column}", "revision", [column])


def downgrade():
    op.drop_table("revision")
