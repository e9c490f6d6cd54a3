"""A book's numbers: counted from its rows, in the transaction that changes them; every change of a rating that counts
goes into the ledger there."""

import sqlalchemy as sa

from bookreviews import tags
from bookreviews.books.models import Book, Credit
from bookreviews.extensions import db, now
from bookreviews.ledger.models import RatingChange
from bookreviews.retiring import retire
from bookreviews.reviews.models import Review

# Why a rating began to count, counts as another one, or counts no more.
CAUSES = {
    "began": "The ledger began",
    "written": "Written, or changed by its writer",
    "deleted": "Deleted by its writer",
    "undone": "Brought back by its writer",
    "joined": "A guest became a member",
    "closed": "The account was closed",
    "held": "Held for a look",
    "published": "Looked at and published",
    "hidden": "Removed by a moderator",
    "restored": "Restored by a moderator",
    "banned": "The reader was banned",
    "unbanned": "The ban was lifted",
    "brake": "Came in a burst, and waits",
    "waited": "Has waited long enough",
    "counted": "Counted after a look",
    "left_out": "Left out after a look",
    "merged": "Two books were made one, or one two",
    "sample": "Of the sample",
    "mended": "A wrong number was mended",
}

# Every counter of Book over the reviews of one that anyone may read.
GUESTS = Review.user_id.is_(None)
NUMBERS = {
    "ratings_count": sa.func.count(Review.counted),
    "ratings_sum": sa.func.coalesce(sa.func.sum(Review.counted), 0),
    "guests_count": sa.func.count(sa.case((GUESTS, 1))),
    "guests_sum": sa.func.coalesce(sa.func.sum(sa.case((GUESTS, Review.rating))), 0),
    "reviews_count": sa.func.count(sa.case((Review.body != "", 1))),
}
# What Review.counted should be.
COUNTS = sa.case((Review.counts(), Review.rating))
OUTDATED = Review.counted.is_distinct_from(COUNTS)
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

    :returns: whether the book is there, and not merged into another meanwhile.
    """
    held = sa.update(Book).where(Book.id == book_id, Book.stands()).values(ratings_count=Book.ratings_count)
    return execute(held).rowcount == 1


def tally(book_id, cause):
    """Count a book's ratings again after a change; the caller holds its `lock`.

    :param cause: of CAUSES, for the ledger.
    """
    tally_all([book_id], cause)


def tally_all(book_ids, cause):
    """The same for many books, which the caller holds."""
    db.session.flush()
    for start in range(0, len(book_ids), BATCH):
        some = book_ids[start : start + BATCH]
        enter(some, cause)
        execute(sa.update(Book).where(Book.id.in_(some)).values(numbers(Book.id)))
        retire_books(some)


def retire_books(book_ids):
    """Let no page stand that shows these books, or ranks them."""
    authors = db.session.scalars(sa.select(Credit.author_id).where(Credit.book_id.in_(book_ids)).distinct())
    retire(tags.LISTS, *map(tags.book, book_ids), *map(tags.author, authors))


def enter(book_ids, cause):
    """Note in the ledger what counts otherwise now than it did, and count it so."""
    changed = Review.book_id.in_(book_ids) & OUTDATED
    # What the sample tells of the past is of the past.
    moment = Review.created_at if cause == "sample" else sa.literal(now(), RatingChange.at.type)
    rows = sa.select(Review.book_id, Review.id, moment, Review.counted, COUNTS, sa.literal(cause)).where(changed)
    columns = ["book_id", "review_id", "at", "before", "after", "cause"]
    if execute(sa.insert(RatingChange).from_select(columns, rows.order_by(Review.id))).rowcount:
        execute(sa.update(Review).where(changed).values(counted=COUNTS))


def execute(statement):
    """Run a statement whose rows no session has to know of, and nobody who keeps pages: it only holds them, or their books
    are counted again afterwards."""
    return db.session.execute(statement, execution_options={"synchronize_session": False, tags.RETIRES: ()})


def differences():
    """Books whose numbers may not be what their rows say, one by one: (id, numbers as kept, numbers as counted).

    However many books there are, few are looked at at a time. Somebody may write between two looks: `difference` tells,
    when the caller holds the book.
    """
    first = 0
    while ids := db.session.scalars(sa.select(Book.id).where(Book.id > first).order_by(Book.id).limit(BATCH)).all():
        kept, counted = told(first + 1, ids[-1])
        yield from ((key, kept[key], counted[key]) for key in ids if kept[key] != counted[key])
        first = ids[-1]


def difference(book_id):
    """Numbers as kept and as counted of a book that the caller holds; None where they are the same."""
    kept, counted = told(book_id, book_id)
    return None if kept == counted else (kept[book_id], counted[book_id])


# What is compared: the numbers of NUMBERS, what the ledger comes to, and how many reviews do not say rightly what counts.
COMPARED = (*NUMBERS, "ledger_count", "ledger_sum", "outdated")


def told(first, last):
    """What is kept of the books from `first` to `last`, and what their rows say: two of {id: numbers}."""
    books = sa.select(Book.id, *(getattr(Book, name) for name in NUMBERS)).where(Book.id.between(first, last))
    change = (sa.func.count(RatingChange.after) - sa.func.count(RatingChange.before)).label("count")
    by = (sa.func.coalesce(sa.func.sum(RatingChange.after), 0) - sa.func.coalesce(sa.func.sum(RatingChange.before), 0)).label(
        "sum"
    )
    ledger = sa.select(RatingChange.book_id, change, by).where(RatingChange.book_id.between(first, last))
    ledgers = {row[0]: tuple(row[1:]) for row in db.session.execute(ledger.group_by(RatingChange.book_id))}
    stands = Review.stands()
    from_rows = [
        sa.func.count(COUNTS),
        sa.func.coalesce(sa.func.sum(COUNTS), 0),
        sa.func.count(sa.case((stands & GUESTS, 1))),
        sa.func.coalesce(sa.func.sum(sa.case((stands & GUESTS, Review.rating))), 0),
        sa.func.count(sa.case((stands & (Review.body != ""), 1))),
        sa.func.count(sa.case((OUTDATED, 1))),
    ]
    reviews = sa.select(Review.book_id, *from_rows).where(Review.book_id.between(first, last)).group_by(Review.book_id)
    rows = {row[0]: tuple(row[1:]) for row in db.session.execute(reviews)}
    kept, counted = {}, {}
    for key, *numbers in db.session.execute(books):
        *right, outdated = rows.get(key, (0,) * 6)
        kept[key] = (*numbers, *ledgers.get(key, (0, 0)), outdated)
        counted[key] = (*right, *right[:2], 0)
    return kept, counted


def mend(book_id):
    """Make a book's numbers, and its ledger, what its rows say; the caller holds the book."""
    tally(book_id, "mended")
    place = sa.func.row_number().over(partition_by=RatingChange.review_id, order_by=RatingChange.id.desc())
    entries = sa.select(RatingChange.review_id, RatingChange.after, place.label("place")).where(RatingChange.book_id == book_id)
    entries = entries.subquery()
    last = sa.select(entries.c.review_id, entries.c.after).where(entries.c.place == 1)
    noted = dict(map(tuple, db.session.execute(last)))
    counted = dict(map(tuple, db.session.execute(sa.select(Review.id, Review.counted).where(Review.book_id == book_id))))
    for review_id in sorted(noted.keys() | counted.keys()):
        before, after = noted.get(review_id), counted.get(review_id)
        if before != after:
            db.session.add(RatingChange(book_id=book_id, review_id=review_id, before=before, after=after, cause="mended"))
    db.session.flush()
