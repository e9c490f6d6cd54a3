"""A book's numbers: counted from its rows, in the transaction that changes them."""

import sqlalchemy as sa

from bookreviews.books.models import Book
from bookreviews.extensions import db
from bookreviews.reviews.models import Review

MEMBERS = Review.user_id.is_not(None)

# Every counter of Book over the reviews of one that anyone may read. The score is the members', each of whom counts once;
# a guest may be anybody, and the same one twice.
NUMBERS = {
    "ratings_count": sa.func.count(sa.case((MEMBERS, 1))),
    "ratings_sum": sa.func.coalesce(sa.func.sum(sa.case((MEMBERS, Review.rating))), 0),
    "guests_count": sa.func.count(sa.case((sa.not_(MEMBERS), 1))),
    "guests_sum": sa.func.coalesce(sa.func.sum(sa.case((sa.not_(MEMBERS), Review.rating))), 0),
    "reviews_count": sa.func.count(sa.case((Review.body != "", 1))),
}
# How many books are counted again at a time.
BATCH = 1_000


def numbers(book_id):
    """The value of every counter of Book, from the rows."""
    rows = (Review.book_id == book_id) & Review.stands()
    return {name: sa.select(number).where(rows).scalar_subquery() for name, number in NUMBERS.items()}


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
    tally_all([book_id])


def tally_all(book_ids):
    """The same for many books, which the caller holds."""
    db.session.flush()
    for start in range(0, len(book_ids), BATCH):
        some = Book.id.in_(book_ids[start : start + BATCH])
        counted = sa.update(Book).where(some).values(numbers(Book.id))
        db.session.execute(counted, execution_options={"synchronize_session": False})


def differences():
    """Books whose numbers are not what their rows say: (id, numbers as kept, numbers as counted), one by one.

    The numbers are those of NUMBERS, in this order. However many books there are, few are looked at at a time.
    """
    kept = [getattr(Book, name) for name in NUMBERS]
    first = 0
    while rows := db.session.execute(sa.select(Book.id, *kept).where(Book.id > first).order_by(Book.id).limit(BATCH)).all():
        last = rows[-1].id
        counts = sa.select(Review.book_id, *NUMBERS.values()).where(Review.book_id.between(first + 1, last), Review.stands())
        counted = {row[0]: tuple(row[1:]) for row in db.session.execute(counts.group_by(Review.book_id))}
        for key, *numbers in rows:
            as_counted = counted.get(key, (0,) * len(NUMBERS))
            if tuple(numbers) != as_counted:
                yield key, tuple(numbers), as_counted
        first = last
