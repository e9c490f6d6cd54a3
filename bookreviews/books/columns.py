"""Books as pages show them: by columns, with whatever belongs to them in one query, and without the machinery of models."""

from collections import namedtuple
from operator import attrgetter
from types import SimpleNamespace

import sqlalchemy as sa
from flask import abort

from bookreviews.books.models import (
    NO_YEAR,
    Author,
    AuthorFacts,
    Book,
    BookFacts,
    Credit,
    Edition,
    EditionFacts,
    OutsideRating,
    Subject,
    book_subject,
)
from bookreviews.dialects import written
from bookreviews.extensions import execute

# An aggregate: the values of some columns in all rows, [[value, …], …] in no order; empty or None without rows.
rows_as_json = written(
    sa.JSON(), sqlite="json_group_array(json_array({all}))", postgresql="json_agg(json_build_array({all}))"
)  # fmt: skip
# The condition that a number is one of those that a scalar subquery finds: these first, then their rows. IN leaves it to
# PostgreSQL, which for a page of a list tries the rows in the list's order until enough were found.
is_among = written(sa.Boolean(), sqlite="{0} IN {1}", postgresql="{0} = ANY (ARRAY{1})")


class AuthorRow(AuthorFacts, namedtuple("AuthorRow", "position id name name_key")):
    __slots__ = ()


class EditionRow(EditionFacts, namedtuple("EditionRow", "year id isbn13 format publisher language pages")):
    __slots__ = ()


OutsideRow = namedtuple("OutsideRow", "source average count")
SubjectRow = namedtuple("SubjectRow", "name id slug")


class BookShown(BookFacts, SimpleNamespace):
    """A row of CARD or PAGE, with all that a Book has of its own."""


def together(row_class, model, condition):
    """The rows of a model that belong to a book, as JSON."""
    columns = [getattr(model, name) for name in row_class._fields]
    return sa.select(rows_as_json(*columns)).where(condition).correlate(Book).scalar_subquery()


def its_authors():
    columns = Credit.position, Author.id, Author.name, Author.name_key
    credits = sa.select(rows_as_json(*columns)).join(Author, Author.id == Credit.author_id)
    return credits.where(Credit.book_id == Book.id).correlate(Book).scalar_subquery()


def its_subjects():
    columns = Subject.name, Subject.id, Subject.slug
    subjects = sa.select(rows_as_json(*columns)).join(book_subject, book_subject.c.subject_id == Subject.id)
    return subjects.where(book_subject.c.book_id == Book.id).correlate(Book).scalar_subquery()


# What a list shows of a book.
CARD = (
    Book.id, Book.title, Book.language, Book.first_published, Book.series, Book.series_position, Book.cover_key,
    Book.ratings_count, Book.ratings_sum, Book.guests_count, Book.guests_sum,
    its_authors().label("authors"),
    together(OutsideRow, OutsideRating, OutsideRating.book_id == Book.id).label("outside_ratings"),
)  # fmt: skip
# And what its own page shows besides.
PAGE = (
    *CARD, Book.subtitle, Book.description, Book.reviews_count, Book.tallies,
    its_subjects().label("subjects"),
    together(EditionRow, Edition, Edition.book_id == Book.id).label("editions"),
)  # fmt: skip


def listed(*columns):
    """The Select of books by these columns, those of CARD where none are named."""
    return sa.select(*(columns or CARD)).where(Book.stands())


ONE = listed().where(Book.id == sa.bindparam("book"))
SOME = listed().where(Book.id.in_(sa.bindparam("books", expanding=True)))


def one_or_404(book_id):
    """The BookShown of a book, as a list shows it.

    :raises NotFound: where there is none, or it was merged into another.
    """
    return shown(execute(ONE, {"book": book_id}).one_or_none() or abort(404))


def cards(ids):
    """The BookShown of some books, as a list shows them, in the order of their ids; of those that are there."""
    found = {row.id: shown(row) for row in execute(SOME, {"books": ids})} if ids else {}
    return [found[key] for key in ids if key in found]


def shown(row):
    """The BookShown of a row that has the columns of CARD, or of PAGE."""
    facts = dict(row._mapping)
    facts["authors"] = sorted(map(AuthorRow._make, facts["authors"] or ()))
    facts["outside_ratings"] = sorted(map(OutsideRow._make, facts["outside_ratings"] or ()))
    if "editions" in facts:
        facts["subjects"] = sorted(map(SubjectRow._make, facts["subjects"] or ()))
        # The newest first.
        facts["editions"] = sorted(map(EditionRow._make, facts["editions"] or ()), key=attrgetter("id"))
        facts["editions"].sort(key=lambda edition: edition.year or NO_YEAR, reverse=True)
    return BookShown(**facts)
