"""The books of a subject, and of an author, by their indexes alone

The indexes know the books as well: a list looks at no row but those of the books.
"""

from alembic import op

revision = "0015"
down_revision = "0014"

COVERED = {"book_subject": "subject_id", "book_author": "author_id"}


def upgrade():
    for table, column in COVERED.items():
        op.create_index(f"ix_{table}_{column}_book_id", table, [column, "book_id"])
        op.drop_index(f"ix_{table}_{column}", table)


def downgrade():
    for table, column in COVERED.items():
        op.create_index(f"ix_{table}_{column}", table, [column])
        op.drop_index(f"ix_{table}_{column}_book_id", table)
