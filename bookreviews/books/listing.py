"""The catalogue's list: what an address may ask of it, and the query that answers."""

import sqlalchemy as sa
from flask import request
from werkzeug.exceptions import BadRequest

from bookreviews.books.models import Book, Subject, book_subject
from bookreviews.extensions import db
from bookreviews.languages import language_name
from bookreviews.paging import asked

SORTS = {
    "best": ("Best rated", (Book.score.desc(), Book.popularity.desc(), Book.id.desc())),
    "reviewed": ("Most reviewed", (Book.reviews_count.desc(), Book.popularity.desc(), Book.id.desc())),
    "newest": ("Newest", (Book.year_key.desc(), Book.popularity.desc(), Book.id.desc())),
    "title": ("Title", (Book.sort_title, Book.id)),
}
STARS = {"4": "4 stars and up", "3": "3 stars and up", "2": "2 stars and up"}
MOST_SUBJECTS = 60


def about(slug):
    """The condition that a book is of a subject."""
    of_subject = sa.select(book_subject.c.book_id).join(Subject).where(Subject.slug == slug)
    return Book.id.in_(of_subject)


def decade(text):
    """The first year of a decade written as 1990 (1990–1999) or -750 (759–750 BC).

    :raises BadRequest: where it is none.
    """
    if not text.removeprefix("-").isdecimal() or len(text) > 6 or int(text) % 10:
        raise BadRequest(f"“{text[:40]}” is not a decade; one is written as 1990.")
    return int(text)


def best():
    """All books, the best rated first."""
    return Book.listed().order_by(*SORTS["best"][1])


def books():
    """The Select of the books that the address asks for, in the order it asks for."""
    select = Book.listed().order_by(*SORTS[asked("sort", SORTS, "best")][1])
    if slug := request.args.get("subject"):
        select = select.where(about(slug.replace("\0", "")))
    if tag := request.args.get("language"):
        select = select.where(Book.language == tag.replace("\0", ""))
    if text := request.args.get("decade"):
        select = select.where(Book.first_published.between(decade(text), decade(text) + 9))
    if stars := asked("stars", STARS):
        select = select.where(Book.ratings_count > 0, Book.ratings_sum >= 2 * int(stars) * Book.ratings_count)
    return select


def choices():
    """What the list can be narrowed to: {"subject": [(value, label), …], …}."""
    subjects = (
        sa.select(Subject.slug, Subject.name)
        .join(book_subject)
        .group_by(Subject.id)
        .order_by(sa.func.count().desc(), Subject.name)
        .limit(MOST_SUBJECTS)
    )
    languages = sa.select(Book.language).where(Book.language.is_not(None)).distinct()
    decades = sa.select(sa.func.min(Book.first_published), sa.func.max(Book.first_published))
    oldest, newest = db.session.execute(decades).one()
    return {
        "subject": sorted(db.session.execute(subjects), key=lambda pair: pair[1]),
        "language": sorted(((tag, language_name(tag)) for tag in db.session.scalars(languages)), key=lambda pair: pair[1]),
        "decade": [(str(first), f"{first}s") for first in decades_between(oldest, newest)],
        "stars": list(STARS.items()),
    }


def decades_between(oldest, newest):
    """The decades a reader may choose, the newest first; before 1700 there are too few books for a decade."""
    if newest is None:
        return []
    return range(newest // 10 * 10, max(oldest // 10 * 10, 1700) - 1, -10)
