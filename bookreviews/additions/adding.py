"""A book that the catalogue lacks is added by a reader, and looked at afterwards."""

import sqlalchemy as sa
from flask_login import current_user
from rapidfuzz import fuzz
from sqlalchemy.orm import joinedload

from bookreviews.books import columns, importer
from bookreviews.books.models import Book, match_key
from bookreviews.books.removal import remove as remove_books
from bookreviews.drafts.models import Draft
from bookreviews.extensions import db
from bookreviews.moderation import cases
from bookreviews.moderation.judges import judge
from bookreviews.moderation.models import Case
from bookreviews.reviews.models import Review
from bookreviews.search import engine
from bookreviews.search.query import parse
from bookreviews.text import fold

# Titles so much alike, of 100, may be of one book; so many are shown, of so many that the search finds.
ALIKE, SHOWN, FOUND = 80, 5, 20


def near(row, seen=()):
    """The books that a new one may be already, the likeliest first, without those whose ids were `seen`.

    None where the reader has added it a moment ago, with another click.

    :param row: what is known of it, a catalogue.Row.
    """
    found = [book for book in alike(row.title, row.authors[0] if row.authors else "") if book.id not in seen]
    return found[:SHOWN] if found and not twin(row) else []


def alike(title, author):
    """The books with a title like this one, those by this author first."""
    words = [fold(f"{title} {author}"), fold(title), fold(title.partition(":")[0])]
    queries = [parse(text) for text in dict.fromkeys(words)]
    found = dict.fromkeys(key for query in queries if query for key in engine.read(query).books[:FOUND])
    return [book for book in columns.cards(list(found)) if fuzz.token_set_ratio(fold(title), fold(book.title)) >= ALIKE]


def like(book):
    """The other books that a book may be the same as."""
    author = book.authors[0].name if book.authors else ""
    return [other for other in alike(book.title, author) if other.id != book.id][:SHOWN]


def twin(row):
    """The id of a book that the reader has added, that nobody has looked at yet, and that is the same in all that is said."""
    key = match_key(row.title, row.authors[0] if row.authors else "")
    mine = sa.select(Case.book_id).where(Case.user_id == current_user.id, Case.kind == "book", Case.closed_at.is_(None))
    same = Book.first_published.is_not_distinct_from(row.year), Book.series_position == row.series_position
    return db.session.scalar(sa.select(Book.id).where(Book.match_key == key, *same, Book.id.in_(mine)).limit(1))


def add(row):
    """Add a book, for everybody to use at once, and for a moderator to look at.

    :returns: its id; that of the book which is there, where somebody was faster with the same.
    """
    importer.hold()
    there = db.session.scalar(Book.with_isbn(row.isbns[0])) if row.isbns else None
    book_id = there.id if there else twin(row)
    if book_id is None:
        book_id = importer.add(row)
        cases.opened("book", book_id=book_id, user_id=current_user.id)
    return book_id


def is_unchecked():
    """The condition of a book that a reader has added and nobody has looked at yet."""
    return sa.exists().where(Case.book_id == Book.id, Case.kind == "book", Case.closed_at.is_(None))


def by(user):
    """The cases of the books that a reader has added, the newest first."""
    theirs = sa.select(Case).options(joinedload(Case.book)).where(Case.kind == "book", Case.user_id == user.id)
    return theirs.order_by(Case.opened_at.desc(), Case.id.desc())


def by_others(model, case):
    """The conditions of a Review, or Draft, of a new book by somebody else than the reader who added it."""
    reader = case.user_id or 0  # of an account that was closed: then also guests, who have none, are others
    return model.book_id == case.book_id, model.user_id.is_distinct_from(reader)


def written_by_others(case):
    """How many reviews and how many drafts of a new book are by others."""
    counts = [sa.select(sa.func.count(model.id)).where(*by_others(model, case)) for model in (Review, Draft)]
    return tuple(map(db.session.scalar, counts))


def check(case):
    """Find a new book right; the caller holds it."""
    judge().decide("check", case=case, user_id=case.user_id)
    case.close()


def remove(case, reason):
    """Take a new book out of the catalogue, with all that was written of it; the caller holds it.

    Its case stays, so that the reader can see what became of it. Others who wrote of it read why that is gone.
    """
    book_id, why = case.book_id, f"“{case.book.title}”: {reason}"
    writers = sa.union(*(sa.select(model.user_id).where(*by_others(model, case)) for model in (Review, Draft)))
    for user_id in filter(None, db.session.scalars(writers).all()):
        judge().decide("remove_with_book", user_id=user_id, reason=why)
    case.book_id = None
    judge().decide("remove_book", case=case, user_id=case.user_id, reason=why)
    case.close()
    db.session.flush()
    remove_books([book_id])
