"""A book's numbers: moved by what changes in its reviews, in the same transaction, however many of them there are.

Each review bears what it was counted as (Review.tallied). Those that should be counted otherwise by now are found by an
index of just these: nothing is told which they are, and nothing counts the others again. Every change of a rating that
counts goes into the ledger there.
"""

from collections import Counter, defaultdict

import sqlalchemy as sa

from bookreviews import tags
from bookreviews.books.columns import BookShown, rows_as_json
from bookreviews.books.models import Book, Credit
from bookreviews.extensions import db, execute, now
from bookreviews.ledger import sums
from bookreviews.ledger.models import RatingChange
from bookreviews.retiring import retire
from bookreviews.reviews.models import TALLY, Review

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

# What each review is part of now, and those that are counted otherwise than they should be: few, and indexed.
SHOULD = sa.literal_column(TALLY, sa.Text)
OUTDATED = Review.tallied.is_distinct_from(SHOULD)
BOOKS, REVIEWS = Book.__table__, Review.__table__
# The counters of Book, all of which its tallies tell.
NUMBERS = ("ratings_count", "ratings_sum", "guests_count", "guests_sum", "reviews_count")
LOCK = (
    sa.update(BOOKS)
    .where(BOOKS.c.id == sa.bindparam("book"), BOOKS.c.merged_into_id.is_(None))
    .values(ratings_count=BOOKS.c.ratings_count)
)
# How many books, or reviews, are counted again at a time.
BATCH = 1_000
# What has to be counted again of some books, and the statements that do it; their parameters are ids.
CHANGED = (
    sa.select(Review.id, Review.book_id, Review.created_at, Review.tallied, SHOULD.label("should"))
    .where(OUTDATED, Review.book_id.in_(sa.bindparam("books", expanding=True)))
    .order_by(Review.book_id, Review.id)
    .limit(BATCH)
)
SETTLE = sa.update(REVIEWS).where(REVIEWS.c.id.in_(sa.bindparam("reviews", expanding=True))).values(tallied=SHOULD)
TALLIES = sa.select(
    Book.id, Book.tallies, Book.outside_count,
    sa.select(rows_as_json(Credit.author_id)).where(Credit.book_id == Book.id).scalar_subquery().label("authors"),
).where(Book.id.in_(sa.bindparam("books", expanding=True)))  # fmt: skip
PUT = (
    sa.update(BOOKS)
    .where(BOOKS.c.id == sa.bindparam("key"))
    .values({name: sa.bindparam(name) for name in (*NUMBERS, "tallies")})
)


def numbers(tallies):
    """The value of every counter of Book, by its tallies."""
    found = dict.fromkeys(NUMBERS, 0)
    for name, times in tallies.items():
        kind, _, rating = name.partition(" ")
        if kind == "words":
            found["reviews_count"] += times
        elif kind in ("counted", "guest"):
            of = "ratings" if kind == "counted" else "guests"
            found[f"{of}_count"] += times
            found[f"{of}_sum"] += times * int(rating)
    return found


def counted(tallied):
    """The rating that is in the score of a review that is tallied so; None where none is."""
    kind, _, rating = (tallied or "").partition(",")[0].partition(" ")
    return int(rating) if kind == "counted" else None


def lock(book_id):
    """Hold a book until the end of the transaction, and see what was written until now.

    Before its reviews change: writers at the same moment come one after the other. An update that changes nothing
    does it on every database; SQLite has no SELECT … FOR UPDATE.

    :returns: whether the book is there, and not merged into another meanwhile.
    """
    return execute(LOCK, {"book": book_id}).rowcount == 1


def tally(book_id, cause):
    """Count what changed of a book's reviews; the caller holds its `lock`, and deletes none before it is counted as deleted.

    :param cause: of CAUSES, for the ledger.
    """
    tally_all([book_id], cause)


def tally_all(book_ids, cause):
    """The same for many books, which the caller holds."""
    db.session.flush()
    for start in range(0, len(book_ids), BATCH):
        books = book_ids[start : start + BATCH]
        while changed := execute(CHANGED, {"books": books}).all():
            execute(SETTLE, {"reviews": [review.id for review in changed]})
            enter(changed, cause)
            count(changed)
            if len(changed) < BATCH:
                break
        retire(tags.LISTS, *map(tags.book, books))


def enter(changed, cause):
    """Note in the ledger which ratings count otherwise now than they did."""
    moment = now()
    entries = [
        {
            "book_id": review.book_id,
            "review_id": review.id,
            # What the sample tells of the past is of the past.
            "at": review.created_at if cause == "sample" else moment,
            "before": counted(review.tallied),
            "after": counted(review.should),
            "cause": cause,
        }
        for review in changed
    ]
    entries = [entry for entry in entries if entry["before"] != entry["after"]]
    if entries:
        execute(sa.insert(RatingChange.__table__), entries)


def count(changed):
    """Take into the numbers of books what their reviews are now, in place of what they were."""
    books = sorted({review.book_id for review in changed})
    kept = execute(TALLIES, {"books": books}).all()
    tallies = {book.id: Counter(book.tallies) for book in kept}
    for review in changed:
        tallies[review.book_id].subtract(parts(review.tallied))
        tallies[review.book_id].update(parts(review.should))
    put(tallies)
    for book in kept:
        retire_ranks(book, tallies[book.id])


def retire_ranks(book, tallies):
    """Let no page stand that shows a book, a row of TALLIES, among others as it was before it got these tallies."""
    authors = [author_id for (author_id,) in book.authors or ()]
    retire(*map(tags.author, authors))
    if glance(book, tallies) != glance(book, book.tallies):
        retire(tags.glance(book.id), *map(tags.best_known, authors))


def glance(book, tallies):
    """What stands of a book beside another one, if these are its tallies."""
    return BookShown(**numbers(tallies), outside_count=book.outside_count).glance


def parts(tallied):
    """The names of what a review is part of."""
    return tallied.split(",") if tallied else []


def put(tallies):
    """Let these be the tallies of books, by their ids, and their numbers what follows."""
    rows = []
    for key, some in sorted(tallies.items()):
        there = {name: times for name, times in sorted(some.items()) if times}
        rows.append({"key": key, "tallies": there, **numbers(there)})
    execute(PUT, rows)


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


# What is compared: the numbers of NUMBERS, what the ledger comes to, how many of its sums by month are wrong, how many reviews
# do not say rightly what they are part of, and the tallies.
COMPARED = (*NUMBERS, "ledger_count", "ledger_sum", "wrong_sums", "outdated", "tallies")


def told(first, last):
    """What is kept of the books from `first` to `last`, and what their rows say: two of {id: numbers}."""
    columns = [getattr(Book, name) for name in NUMBERS]
    books = sa.select(Book.id, Book.tallies, *columns).where(Book.id.between(first, last))
    change = sa.func.count(RatingChange.after) - sa.func.count(RatingChange.before)
    by = sa.func.coalesce(sa.func.sum(RatingChange.after), 0) - sa.func.coalesce(sa.func.sum(RatingChange.before), 0)
    ledger = sa.select(RatingChange.book_id, change, by).where(RatingChange.book_id.between(first, last))
    ledgers = {row[0]: tuple(row[1:]) for row in db.session.execute(ledger.group_by(RatingChange.book_id))}
    wrong_sums = sums.wrong(first, last)
    tallies, outdated = from_rows(Review.book_id.between(first, last))
    kept, right = {}, {}
    for key, written, *numbers_kept in db.session.execute(books):
        found = tuple(numbers(tallies[key]).values())
        kept[key] = (*numbers_kept, *ledgers.get(key, (0, 0)), wrong_sums[key], outdated[key], written)
        right[key] = (*found, *found[:2], 0, 0, dict(tallies[key]))
    return kept, right


def from_rows(condition):
    """What reviews come to: {book's id: tallies}, and {book's id: how many are outdated}."""
    tallies, outdated = defaultdict(Counter), Counter()
    wrong = sa.func.count(sa.case((OUTDATED, 1)))
    grouped = sa.select(Review.book_id, SHOULD, sa.func.count(), wrong).where(condition).group_by(Review.book_id, SHOULD)
    for book_id, should, times, late in db.session.execute(grouped):
        tallies[book_id].update(dict.fromkeys(parts(should), times))
        outdated[book_id] += late
    return tallies, outdated


def mend(book_id):
    """Make a book's numbers, and its ledger, what its rows say; the caller holds the book."""
    tally(book_id, "mended")
    put({book_id: from_rows(Review.book_id == book_id)[0][book_id]})
    retire()  # whatever it was taken for until now
    place = sa.func.row_number().over(partition_by=RatingChange.review_id, order_by=RatingChange.id.desc())
    entries = sa.select(RatingChange.review_id, RatingChange.after, place.label("place")).where(RatingChange.book_id == book_id)
    entries = entries.subquery()
    last = sa.select(entries.c.review_id, entries.c.after).where(entries.c.place == 1)
    noted = dict(map(tuple, db.session.execute(last)))
    tallied = dict(map(tuple, db.session.execute(sa.select(Review.id, Review.tallied).where(Review.book_id == book_id))))
    for review_id in sorted(noted.keys() | tallied.keys()):
        before, after = noted.get(review_id), counted(tallied.get(review_id))
        if before != after:
            db.session.add(RatingChange(book_id=book_id, review_id=review_id, before=before, after=after, cause="mended"))
    db.session.flush()
    sums.mend(book_id)
