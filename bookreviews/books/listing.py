"""The catalogue's list: what an address may ask of it, and the query that answers."""

from functools import cache
from operator import itemgetter

import sqlalchemy as sa
from flask import request
from werkzeug.exceptions import BadRequest

from bookreviews import tags
from bookreviews.books import columns
from bookreviews.books.models import Book, Credit, Subject, book_subject
from bookreviews.extensions import db, execute
from bookreviews.languages import language_name
from bookreviews.paging import asked, paginate
from bookreviews.templating import year

SORTS = {
    "best": ("Best rated", (Book.score.desc(), Book.popularity.desc(), Book.id.desc())),
    "reviewed": ("Most reviewed", (Book.reviews_count.desc(), Book.popularity.desc(), Book.id.desc())),
    "newest": ("Newest", (Book.year_key.desc(), Book.popularity.desc(), Book.id.desc())),
    "title": ("Title", (Book.sort_title, Book.id)),
}
STARS = {"4": "4 stars and up", "3": "3 stars and up", "2": "2 stars and up"}
MOST_SUBJECTS = 60
# Books on a page: rows of 6, 4, 3 or 2 are all full.
PER_PAGE = 24
# Books beside a book: how many are shown, and how many of its subjects' books are compared to choose them.
BESIDE, COMPARED = 6, 200
# A subject of more books than this has many.
MANY = 5_000
# What the catalogue can be narrowed to, by the names of parameters; by a subject, see `about`.
CONDITIONS = {
    "language": Book.language == sa.bindparam("language"),
    "decade": Book.decade == sa.bindparam("decade"),
    "stars": (Book.ratings_count > 0) & (Book.ratings_sum >= 2 * sa.bindparam("stars", type_=sa.Integer) * Book.ratings_count),
}
# The lists are of ids, whose books are looked up afterwards (columns.cards): so no database sorts more than it has to.
BOOKS = sa.select(Book.id).where(Book.stands())
NONE = BOOKS.where(sa.false()).order_by(Book.id)
BEST = BOOKS.where(Book.ratings_count > 0).order_by(*SORTS["best"][1]).limit(sa.bindparam("number"))
OF_AUTHOR = BOOKS.where(
    columns.is_among(Book.id, sa.select(Credit.book_id).where(Credit.author_id == sa.bindparam("author")).scalar_subquery())
).order_by(Book.popularity.desc(), Book.id)


def about(many):
    """The condition that a book is of a subject, whose id is the parameter `subject`.

    Of a subject of many books a list is soon full of those that come first, and each is asked whether it is of the
    subject; of a subject of few, these are looked at alone, and sorted.
    """
    of_subject = sa.select(book_subject.c.book_id).where(book_subject.c.subject_id == sa.bindparam("subject"))
    if many:
        return of_subject.where(book_subject.c.book_id == Book.id).correlate(Book).exists()
    return columns.is_among(Book.id, of_subject.scalar_subquery())


def decade(text):
    """The number of a decade: 1990, which is 1990 to 1999, has 199, -750, which is 759 to 750 BC, has -75; 0 is 9 BC to AD 9.

    :raises BadRequest: where it is none.
    """
    if not text.removeprefix("-").isdecimal() or len(text) > 6 or int(text) % 10:
        raise BadRequest(f"“{text[:40]}” is not a decade; one is written as 1990.")
    return int(text) // 10


def books():
    """The Page of the books that the address asks for, in the order it asks for."""
    sort, values, many = asked("sort", SORTS, "best"), {}, False
    if slug := request.args.get("subject"):
        subject = db.session.scalar(Subject.named(slug.replace("\0", "")))
        if subject is None:
            return paginate(NONE)
        values["subject"], many = subject.id, subject.books_count > MANY
    if tag := request.args.get("language"):
        values["language"] = tag.replace("\0", "")
    if text := request.args.get("decade"):
        values["decade"] = decade(text)
    if stars := asked("stars", STARS):
        values["stars"] = int(stars)
    return listed(sort, many, values)


def of_subject(subject):
    """The Page of a subject's books, the best rated first."""
    return listed("best", subject.books_count > MANY, {"subject": subject.id})


def of_author(author):
    """The Page of an author's books, the best known first."""
    return paginate(OF_AUTHOR, PER_PAGE, columns.cards, execute, author=author.id)


def best(number):
    """Books that were rated, the best rated first, at most so many."""
    return columns.cards(execute(BEST, {"number": number}).scalars().all())


def listed(sort, many, values):
    """The Page of the books for which these values hold, in an order.

    :param many: whether they are of a subject of many.
    """
    return paginate(select(sort, many, frozenset(values)), PER_PAGE, columns.cards, execute, **values)


@cache
def select(sort, many, names):
    """The Select of the ids of books in an order; its parameters are `names`, of CONDITIONS."""
    conditions = CONDITIONS | {"subject": about(many)}
    return BOOKS.where(*(conditions[name] for name in sorted(names))).order_by(*SORTS[sort][1])


def beside(book):
    """Books to go on to from a book: [(heading, books), …], first its author's best known, then those of its subjects."""
    author = next((author for author in book.authors if not author.nobody), None)
    subjects = [subject.id for subject in book.subjects]
    values = {"book": book.id, "author": author.id if author else 0, "subjects": subjects}
    found = [columns.shown(row) for row in execute(books_beside(), values)]
    # Also those that are left out in the end: they may come to be better known.
    tags.shows(*(tags.glance(other.id) for other in found))
    tags.shows(*(tags.best_known(author.id) for author in book.authors))
    theirs = [other for other in found if author and author.id in {another.id for another in other.authors}]
    others = [other for other in found if other not in theirs]
    shelves = [(f"More by {author.name}" if author else "", theirs), ("On the same subjects", others)]
    return [(heading, some[:BESIDE]) for heading, some in shelves if some]


@cache
def books_beside():
    """The Select of the books, by columns.CARD, that may stand beside one; its parameters: `book`, `author`, `subjects`."""
    by_author = Credit.best_known(sa.bindparam("author")).where(Book.id != sa.bindparam("book")).limit(BESIDE)
    alike = of_most_subjects().limit(2 * BESIDE)  # some of these may be the author's
    # One list of ids: with an OR of two PostgreSQL reads all books.
    ids = sa.union(*(sa.select(some.subquery().c[0]) for some in (by_author, alike)))
    return columns.listed().where(Book.id.in_(ids)).order_by(*Book.by_fame())


def of_most_subjects():
    """The Select of the ids of other books than `book`, those first that have the most of `subjects`.

    These are given by their ids: to find them out here, PostgreSQL would read all books of each.
    """
    its = sa.bindparam("subjects", expanding=True)
    some = (
        sa.select(book_subject.c.book_id)
        .where(book_subject.c.subject_id.in_(its), book_subject.c.book_id != sa.bindparam("book"))
        .limit(COMPARED)
        .subquery()
    )
    return sa.select(some.c.book_id).group_by(some.c.book_id).order_by(sa.func.count().desc(), some.c.book_id)


def choices():
    """What the list can be narrowed to: {"subject": [(value, label), …], …}."""
    languages, decades = execute(LANGUAGES).scalars(), execute(DECADES).scalars()
    found = {
        "subject": sorted(map(tuple, execute(MOST)), key=itemgetter(1)),
        "language": sorted(((tag, language_name(tag)) for tag in languages), key=itemgetter(1)),
        "decade": [(str(ten * 10), decade_name(ten * 10)) for ten in sorted(decades, reverse=True)],
        "stars": list(STARS.items()),
    }
    return {name: with_chosen(values, request.args.get(name)) for name, values in found.items()}


def values_of(column):
    """The Select of the values that an indexed column has: from each to the next, whatever rows lie between.

    See https://wiki.postgresql.org/wiki/Loose_indexscan
    """
    steps = sa.select(sa.func.min(column).label("value")).cte("steps", recursive=True)
    following = sa.select(sa.func.min(column)).where(column > steps.c.value).scalar_subquery()
    steps = steps.union_all(sa.select(following).where(steps.c.value.is_not(None)))
    return sa.select(steps.c.value).where(steps.c.value.is_not(None))


LANGUAGES, DECADES = values_of(Book.language), values_of(Book.decade)
MOST = (
    sa.select(Subject.slug, Subject.name)
    .where(Subject.books_count > 0)
    .order_by(Subject.books_count.desc(), Subject.name)
    .limit(MOST_SUBJECTS)
)


def decade_name(first):
    """“1990s”, “750s BC”."""
    return year(first).replace(" BC", "s BC") if first < 0 else f"{year(first)}s"


def with_chosen(values, chosen):
    """The choices, and the one in force where it is not among them: a reader must see it to take it away."""
    return values if not chosen or chosen in dict(values) else [*values, (chosen, chosen)]
