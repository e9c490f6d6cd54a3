"""Books leave the catalogue, and with them whoever and whatever is of no other book."""

import sqlalchemy as sa

from bookreviews.books.models import Author, Book, Credit, Subject, book_subject
from bookreviews.extensions import db
from bookreviews.search.index import forget


def remove(ids):
    """Remove books, in the caller's transaction, with all that is theirs, and the authors and subjects that only they had."""
    authors = db.session.scalars(sa.select(Credit.author_id).where(Credit.book_id.in_(ids))).all()
    subjects = db.session.scalars(sa.select(book_subject.c.subject_id).where(book_subject.c.book_id.in_(ids))).all()
    forget(ids)
    db.session.execute(sa.delete(Book.__table__).where(Book.id.in_(ids)))
    idle = ~sa.exists().where(Credit.author_id == Author.id)
    db.session.execute(sa.delete(Author.__table__).where(Author.id.in_(set(authors)), idle))
    idle = ~sa.exists().where(book_subject.c.subject_id == Subject.id)
    db.session.execute(sa.delete(Subject.__table__).where(Subject.id.in_(set(subjects)), idle))
