"""Two spellings of an author become one, and two again."""

import sqlalchemy as sa

from bookreviews.books.importer import hold
from bookreviews.books.models import Author, Book, Credit
from bookreviews.extensions import db
from bookreviews.merging.facts import rows
from bookreviews.merging.models import Merge
from bookreviews.search.index import index

AUTHORS, BOOKS, CREDITS = Author.__table__, Book.__table__, Credit.__table__


def merge(from_id, into_id, reason):
    """Merge one author into another, in the caller's transaction.

    :returns: the Merge, or None where one of the two is not there any more.
    """
    hold()
    both = Author.there().where(Author.id.in_([from_id, into_id]))
    there = {author.id: author for author in db.session.scalars(both.execution_options(populate_existing=True))}
    if len(there) < 2:
        return None
    away, into = there[from_id], there[into_id]
    told = move_credits(from_id, into_id)
    told["keys"] = rekey(away.name_key, into.name_key)
    told["authors"] = db.session.scalars(sa.select(Author.id).where(Author.merged_into_id == from_id)).all()
    lead_on([from_id, *told["authors"]], into_id)
    index(books_of(told))
    names = {"from": away.name, "into": into.name}
    done = Merge(kind="authors", from_author_id=from_id, into_author_id=into_id, names=names, told=told, reason=reason)
    db.session.add(done)
    return done


def move_credits(from_id, into_id):
    """Let all that one author did be another's; what both did in the same book is said once.

    :returns: [book, role, position] of what "moved", and of what was "dropped".
    """
    other = sa.orm.aliased(Credit)
    twice = sa.exists().where(other.author_id == into_id, other.book_id == CREDITS.c.book_id, other.role == CREDITS.c.role)
    theirs = CREDITS.c.author_id == from_id
    told = sa.select(CREDITS.c.book_id, CREDITS.c.role, CREDITS.c.position).where(theirs).order_by(CREDITS.c.book_id)
    found = {"moved": rows(told.where(~twice)), "dropped": rows(told.where(twice))}
    db.session.execute(sa.delete(CREDITS).where(theirs, twice))
    db.session.execute(sa.update(CREDITS).where(theirs).values(author_id=into_id))
    return found


def books_of(told):
    """The ids of the books that a merge had to do with."""
    return [book_id for book_id, *_ in told["moved"] + told["dropped"]]


def rekey(old, new, *conditions):
    """Let imports find books by the key of another author.

    :returns: the ids of these books; also of those that were merged into others.
    """
    theirs = sa.select(Book.id, Book.match_key).where(Book.match_key.endswith(f"|{old}", autoescape=True), *conditions)
    found = [{"key": book_id, "match_key": f"{key.removesuffix(old)}{new}"} for book_id, key in db.session.execute(theirs)]
    if found:
        db.session.execute(sa.update(BOOKS).where(BOOKS.c.id == sa.bindparam("key")), found)
    return [row["key"] for row in found]


def lead_on(ids, into_id):
    """Let the addresses of authors lead to another."""
    db.session.execute(sa.update(AUTHORS).where(AUTHORS.c.id.in_(ids)).values(merged_into_id=into_id))


def undo(done):
    """Make two authors of one again, in the caller's transaction; what was credited since stays as it is.

    :returns: nothing that was changed, as `books.undo` has it; None where it is undone, or the author merged, by now.
    """
    hold()
    db.session.refresh(done, ["undone_at"])
    from_id, into_id, told = done.from_author_id, done.into_author_id, done.told
    into = db.session.scalar(Author.there().where(Author.id == into_id))
    if done.undone or into is None:
        return None
    lead_on(db.session.scalars(sa.select(Author.id).where(Author.id.in_(told["authors"]))).all(), from_id)
    db.session.execute(sa.update(AUTHORS).where(AUTHORS.c.id == from_id).values(merged_into_id=None))
    for credit in told["moved"] + told["dropped"]:
        give_back(credit, from_id, into_id, credit in told["dropped"])
    away = db.session.get_one(Author, from_id)
    rekey(into.name_key, away.name_key, Book.id.in_(told["keys"]))
    done.undo()
    index(books_of(told))
    return []


def give_back(credit, from_id, into_id, dropped):
    """Let the one author have done again what they did in a book, where the other still stands for it."""
    book_id, role, position = credit
    stands = sa.and_(CREDITS.c.book_id == book_id, CREDITS.c.role == role, CREDITS.c.author_id == into_id)
    if not dropped:
        db.session.execute(sa.update(CREDITS).where(stands).values(author_id=from_id))
    elif db.session.scalar(sa.select(sa.exists().where(stands))):
        again = {"book_id": book_id, "role": role, "position": position, "author_id": from_id}
        db.session.execute(sa.insert(CREDITS).values(again))
