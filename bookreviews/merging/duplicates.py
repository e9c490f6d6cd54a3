"""What may be one and the same."""

import sqlalchemy as sa

from bookreviews.books.models import Author, Book
from bookreviews.extensions import db

FIRST_BOOK, FIRST_AUTHOR = sa.orm.aliased(Book), sa.orm.aliased(Author)
# As imports tell works apart: by title and first author, and where both have one, by their place in a series.
PLACES = FIRST_BOOK.series_position, Book.series_position
SAME_BOOK = sa.and_(
    FIRST_BOOK.merged_into_id.is_(None),
    FIRST_BOOK.match_key == Book.match_key,
    FIRST_BOOK.id < Book.id,
    sa.or_(PLACES[0] == PLACES[1], PLACES[0] == "", PLACES[1] == ""),
)
# “J. K. Rowling” and “J.K. Rowling” are “j k rowling” and “jk rowling”, folded.
CLOSED_UP = sa.func.replace(Author.name_key, " ", "")
SAME_AUTHOR = sa.and_(
    FIRST_AUTHOR.merged_into_id.is_(None),
    sa.func.replace(FIRST_AUTHOR.name_key, " ", "") == CLOSED_UP,
    FIRST_AUTHOR.id < Author.id,
)


def books():
    """The Select of the books that may be one that was there before them."""
    return Book.listed().where(sa.exists().where(SAME_BOOK)).order_by(Book.id)


def authors():
    """The Select of the authors who may be one that was there before them."""
    names = sa.select(CLOSED_UP).where(Author.stands()).group_by(CLOSED_UP)
    several, first = names.having(sa.func.count() > 1), names.with_only_columns(sa.func.min(Author.id))
    return Author.there().where(CLOSED_UP.in_(several), Author.id.not_in(first)).order_by(Author.id)


def pairs_of_books(some):
    """Some of these books, each with the first one that it may be: [(book, first), …]."""
    firsts = sa.select(Book.id, sa.func.min(FIRST_BOOK.id)).join(FIRST_BOOK, SAME_BOOK).group_by(Book.id)
    return pairs(some, firsts.where(Book.id.in_([book.id for book in some])), Book.listed(), Book)


def pairs_of_authors(some):
    """The same of authors."""
    firsts = sa.select(Author.id, sa.func.min(FIRST_AUTHOR.id)).join(FIRST_AUTHOR, SAME_AUTHOR).group_by(Author.id)
    return pairs(some, firsts.where(Author.id.in_([author.id for author in some])), Author.there(), Author)


def pairs(some, firsts, rows, model):
    """Rows with those whose ids `firsts` says: [(row, first), …]."""
    ids = dict(map(tuple, db.session.execute(firsts)))
    found = {row.id: row for row in db.session.scalars(rows.where(model.id.in_(ids.values())))}
    return [(row, found[ids[row.id]]) for row in some if row.id in ids]


# For each kind: the list, and what it is shown with.
KINDS = {"books": (books, pairs_of_books), "authors": (authors, pairs_of_authors)}
