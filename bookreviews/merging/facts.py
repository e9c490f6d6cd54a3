"""What is known of a book, as JSON keeps it, and how that is written back."""

import sqlalchemy as sa

from bookreviews.books.models import Author, Book, Credit, OutsideRating, Subject, book_subject
from bookreviews.extensions import db

# What can be chosen for a book, each with its columns. The key that imports find it by is none: it keeps that.
FIELDS = {
    "title": ("title", "sort_title"),
    "subtitle": ("subtitle",),
    "description": ("description",),
    "language": ("language",),
    "first_published": ("first_published",),
    "series": ("series", "series_position"),
}
COLUMNS = [column for columns in FIELDS.values() for column in columns]
# What belongs to a book in rows of its own.
LISTS = ("authors", "subjects", "outside")
# What a merged book keeps nothing of. Its language and its year are what the catalogue offers to choose from, which it
# reads off the columns' values: whether each row stands would take it a hundred times as long.
NOTHING = dict.fromkeys(LISTS, []) | {"language": None, "first_published": None}
MANY = 10_000  # values in one statement: SQLite takes 32,766


def known(book_id):
    """What is known of a book: its columns, and its lists."""
    columns = sa.select(*(getattr(Book, name) for name in COLUMNS)).where(Book.id == book_id)
    credits = sa.select(Credit.author_id, Credit.role, Credit.position).where(Credit.book_id == book_id)
    subjects = sa.select(book_subject.c.subject_id).where(book_subject.c.book_id == book_id)
    outside = sa.select(OutsideRating.source, OutsideRating.average, OutsideRating.count)
    outside = outside.where(OutsideRating.book_id == book_id)
    return db.session.execute(columns).one()._asdict() | {
        "authors": rows(credits.order_by(Credit.position, Credit.author_id)),
        "subjects": db.session.scalars(subjects.order_by(book_subject.c.subject_id)).all(),
        "outside": rows(outside.order_by(OutsideRating.source)),
    }


def rows(select):
    return [list(row) for row in db.session.execute(select)]


def part(told, field):
    """What `told`, of `known`, says of a field."""
    return [told[name] for name in FIELDS.get(field, (field,))]


def put(book_id, told, fields):
    """Let some fields of a book be what `told` says."""
    columns = {name: told[name] for field in fields for name in FIELDS.get(field, ())}
    if columns:
        db.session.execute(sa.update(Book.__table__).where(Book.id == book_id).values(columns))
    for field in fields:
        if field in LISTS:
            PUT[field](book_id, told[field])


def put_authors(book_id, credits):
    """Let these be a book's authors, each as whoever they were merged into since; whoever is gone is left out."""
    theirs = sa.select(Author.id, sa.func.coalesce(Author.merged_into_id, Author.id))
    ids = dict(rows(theirs.where(Author.id.in_([author_id for author_id, *_ in credits]))))
    places = {}
    for author_id, role, position in credits:
        if author_id in ids:
            places.setdefault((ids[author_id], role), position)
    new = [{"author_id": key[0], "role": key[1], "position": position} for key, position in places.items()]
    replace(Credit.__table__, book_id, new)


def put_subjects(book_id, ids):
    """Let these be a book's subjects, but for those that are gone."""
    there = db.session.scalars(sa.select(Subject.id).where(Subject.id.in_(ids)))
    replace(book_subject, book_id, [{"subject_id": subject_id} for subject_id in there])


def put_outside(book_id, ratings):
    """Let these be what readers elsewhere gave a book, and count them."""
    new = [{"source": source, "average": average, "count": count} for source, average, count in ratings]
    replace(OutsideRating.__table__, book_id, new)
    total = sum(rating["count"] for rating in new)
    db.session.execute(sa.update(Book.__table__).where(Book.id == book_id).values(outside_count=total))


def replace(table, book_id, new):
    """Put rows in the place of those that a table has of a book."""
    db.session.execute(sa.delete(table).where(table.c.book_id == book_id))
    if new:
        db.session.execute(sa.insert(table), [row | {"book_id": book_id} for row in new])


PUT = {"authors": put_authors, "subjects": put_subjects, "outside": put_outside}


def carry(table, ids, here, there, *conditions):
    """Let those of some rows that are a book's be another's, where they meet `conditions`."""
    for start in range(0, len(ids), MANY):
        some = table.c.id.in_(ids[start : start + MANY]), table.c.book_id == here, *conditions
        db.session.execute(sa.update(table).where(*some).values(book_id=there))
