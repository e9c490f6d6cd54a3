"""An edition goes to another book, there already or made for it, and back again.

Reviews stay: they are of the work.
"""

import sqlalchemy as sa

from bookreviews.books.importer import hold
from bookreviews.books.models import Author, Book, Edition, match_key
from bookreviews.drafts.models import Draft
from bookreviews.extensions import db
from bookreviews.merging.facts import COLUMNS, NOTHING, known, put
from bookreviews.merging.models import Merge
from bookreviews.reviews.models import Review
from bookreviews.reviews.ratings import lock
from bookreviews.search.index import index

EDITIONS = Edition.__table__


def move(edition, into_id, reason):
    """Move an edition to another book, in the caller's transaction.

    :param into_id: of the book; None for a new one, which says what the old one does.
    :returns: the Merge, or None where that book is not there any more, or has the edition already.
    """
    hold()
    db.session.refresh(edition)
    from_id, made = edition.book_id, into_id is None
    into_id = into_id or copy(from_id)
    if into_id == from_id or not lock(into_id):
        return None
    edition.book_id = into_id
    db.session.flush()
    index([from_id, into_id])
    names = {"from": title(from_id), "into": title(into_id)}
    told = {"edition": edition.id, "isbn": edition.isbn13, "made": made}
    done = Merge(kind="edition", from_book_id=from_id, into_book_id=into_id, names=names, told=told, reason=reason)
    db.session.add(done)
    return done


def title(book_id):
    return db.session.scalar(sa.select(Book.title).where(Book.id == book_id))


def copy(book_id):
    """Make a book that says what another does; nobody has reviewed it.

    :returns: its id.
    """
    told = known(book_id)
    first = db.session.get(Author, told["authors"][0][0]) if told["authors"] else None
    book = Book(**{name: told[name] for name in COLUMNS}, match_key=match_key(told["title"], first.name if first else ""))
    db.session.add(book)
    db.session.flush()
    put(book.id, told, ("authors", "subjects"))
    return book.id


def undo(done):
    """Move an edition back, in the caller's transaction; a book that was made for it goes, if nobody has used it.

    :returns: what was changed since, as `books.undo` has it: the edition may have moved on; None where it is undone, or one
        of the books merged, by now.
    """
    hold()
    if not all([lock(book_id) for book_id in sorted((done.from_book_id, done.into_book_id))]):
        return None
    db.session.refresh(done, ["undone_at"])
    if done.undone:
        return None
    from_id, into_id = done.from_book_id, done.into_book_id
    there = EDITIONS.c.id == done.told["edition"], EDITIONS.c.book_id == into_id
    back = db.session.execute(sa.update(EDITIONS).where(*there).values(book_id=from_id)).rowcount
    if done.told["made"] and not used(into_id):
        put(into_id, NOTHING, NOTHING)
        db.session.execute(sa.update(Book.__table__).where(Book.id == into_id).values(merged_into_id=from_id))
    done.undo()
    index([from_id, into_id])
    return [] if back else ["edition"]


def used(book_id):
    """Whether a book has editions, or somebody has written about it."""
    return any(db.session.scalar(sa.select(sa.exists().where(model.book_id == book_id))) for model in (Edition, Review, Draft))
