"""A book's numbers: counted from its rows, in the transaction that changes them."""

import sqlalchemy as sa

from bookreviews.books.models import Book
from bookreviews.extensions import db
from bookreviews.reviews.models import Review


def counted(column, book_id):
    """`column` over the ratings of a book that count, as a subquery."""
    return (
        sa.select(sa.func.coalesce(column, 0))
        .where(Review.book_id == book_id, Review.stands())
        .scalar_subquery()
    )  # fmt: skip


def numbers(book_id):
    """The value of every counter of Book, from the rows."""
    return {
        "ratings_count": counted(sa.func.count(), book_id),
        "ratings_sum": counted(sa.func.sum(Review.rating), book_id),
        "reviews_count": counted(sa.func.count(sa.case((Review.body != "", 1))), book_id),
    }


def lock(book_id):
    """Hold a book until the end of the transaction, and see what was written until now.

    Before its reviews change: writers at the same moment come one after the other. An update that changes nothing
    does it on every database; SQLite has no SELECT … FOR UPDATE.

    :returns: whether the book exists.
    """
    held = sa.update(Book).where(Book.id == book_id).values(ratings_count=Book.ratings_count)
    return db.session.execute(held, execution_options={"synchronize_session": False}).rowcount == 1


def tally(book_id):
    """Count a book's ratings again after a change; the caller holds its `lock`."""
    db.session.flush()
    db.session.execute(
        sa.update(Book).where(Book.id == book_id).values(numbers(book_id)), execution_options={"synchronize_session": False}
    )


def differences():
    """Books whose numbers are not what their rows say: rows of (id, ratings_count, as counted, …)."""
    counts = numbers(Book.id)
    wrong = sa.or_(*(getattr(Book, name) != value for name, value in counts.items()))
    return sa.select(Book.id, Book.ratings_count, counts["ratings_count"].label("counted")).where(wrong)
