"""Guests apart

The score of a book is its members'; the ratings of guests are counted beside it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

STANDS = "review.book_id = book.id AND review.deleted_at IS NULL AND review.held_at IS NULL"


def count(**conditions):
    """Count the ratings of every book again: `ratings` and `guests` by their conditions."""
    numbers = [
        f"{name}_{kind} = (SELECT coalesce({of}, 0) FROM review WHERE {STANDS} AND {condition})"
        for name, condition in conditions.items()
        for kind, of in (("count", "count(*)"), ("sum", "sum(rating)"))
    ]
    op.execute(f"UPDATE book SET {', '.join(numbers)} WHERE id IN (SELECT book_id FROM review)")


def upgrade():
    for name in ("guests_count", "guests_sum"):  # one by one: a table with computed columns cannot be copied
        op.add_column("book", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    count(ratings="user_id IS NOT NULL", guests="user_id IS NULL")


def downgrade():
    count(ratings="TRUE")
    for name in ("guests_sum", "guests_count"):
        op.drop_column("book", name)
