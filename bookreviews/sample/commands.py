"""A small sample catalogue with reviews, so that a new site has something to show."""

import json
from datetime import timedelta
from pathlib import Path
from zlib import crc32

import click
import sqlalchemy as sa

from bookreviews.books.catalogue import rows, survey
from bookreviews.books.importer import hold, key_of, store
from bookreviews.books.models import Author, Book, Credit, Edition, Subject, book_subject
from bookreviews.cli import Commands
from bookreviews.extensions import db, now
from bookreviews.markdown import render
from bookreviews.reviews.models import Review
from bookreviews.reviews.ratings import lock, tally
from bookreviews.search.index import index
from bookreviews.text import slug

DATA = Path(__file__).parent
GUEST = "sample-"  # what the guests who wrote the sample reviews are called
OURS = Review.guest.startswith(GUEST, autoescape=True)

sample = Commands("sample", help="The sample catalogue and its reviews.")


@sample.command()
def load():
    """Load the sample books and reviews.

    Only those that are not there yet, and all of them or none: an interrupted load leaves no trace. Nothing that
    readers wrote is touched.
    """
    books = list(rows(survey(DATA / "books.csv")))
    counts = store(books, source="sample", sample=True)
    written = write_reviews(books)
    db.session.commit()
    click.echo(f"Loaded {counts['added']} books and {written} reviews.")


@sample.command()
def clear():
    """Remove the sample reviews and books.

    Books that a reader has reviewed stay; so do those that a catalogue has brought as well, which are no longer of the
    sample.
    """
    hold()
    reviews = remove_reviews()
    books = remove_books()
    db.session.commit()
    kept = db.session.scalar(sa.select(sa.func.count()).select_from(Book).where(Book.sample))
    click.echo(f"Removed {reviews} reviews and {books} books; kept {kept} books that readers reviewed.")


def write_reviews(books):
    """Write the sample reviews that are not there; a reader who deleted something deleted nothing of these.

    :param books: the rows of the sample catalogue.
    :returns: how many were written.
    """
    there = set(map(tuple, db.session.execute(sa.select(Review.book_id, Review.guest).where(OURS))))
    ids, new = book_ids(books), {}
    for line in (DATA / "reviews.jsonl").read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        row = review(told, ids[told.get("isbn") or told["book"]])
        if (row["book_id"], row["guest"]) not in there:
            new.setdefault((row["book_id"], row["guest"]), row)
    touched = sorted({book_id for book_id, _guest in new})
    for book_id in touched:
        lock(book_id)
    if new:
        db.session.execute(sa.insert(Review.__table__), list(new.values()))
    for book_id in touched:
        tally(book_id)
    return len(new)


def book_ids(books):
    """The ids of the sample's books, by ISBN and by title."""
    keys = {key_of(row): row.title for row in books}
    by_key = sa.select(Book.match_key, sa.func.min(Book.id)).where(Book.match_key.in_(keys)).group_by(Book.match_key)
    by_isbn = sa.select(Edition.isbn13, Edition.book_id).where(Edition.isbn13.in_(isbn for row in books for isbn in row.isbns))
    ids = {keys[key]: book_id for key, book_id in db.session.execute(by_key)}
    return ids | dict(map(tuple, db.session.execute(by_isbn)))


def review(told, book_id):
    """A row of Review, some hours of its day away from the others."""
    hours = timedelta(days=told["days_ago"], seconds=crc32(f"{told['reader']} {book_id}".encode()) % 86_400)
    return {
        "book_id": book_id,
        "guest": GUEST + slug(told["reader"]),
        "name": told["reader"],
        "rating": told["rating"],
        "title": told.get("title", ""),
        "body": told.get("body", ""),
        "body_html": str(render(told.get("body", ""))),
        "language": told.get("language"),
        "spoilers": told.get("spoilers", False),
        "created_at": now() - hours,
        "version": 1,
    }


def remove_reviews():
    """Remove the sample reviews and count their books again.

    :returns: how many there were.
    """
    books = db.session.scalars(sa.select(Review.book_id).where(OURS).distinct().order_by(Review.book_id)).all()
    for book_id in books:
        lock(book_id)
    removed = db.session.execute(sa.delete(Review.__table__).where(OURS)).rowcount
    for book_id in books:
        tally(book_id)
    return removed


def remove_books():
    """Remove the books of the sample that have no review, and the authors and subjects that only they had.

    :returns: how many there were.
    """
    unread = Book.sample & ~sa.exists().where(Review.book_id == Book.id)
    ids = db.session.scalars(sa.select(Book.id).where(unread)).all()
    authors = db.session.scalars(sa.select(Credit.author_id).where(Credit.book_id.in_(ids))).all()
    subjects = db.session.scalars(sa.select(book_subject.c.subject_id).where(book_subject.c.book_id.in_(ids))).all()
    db.session.execute(sa.delete(Book.__table__).where(Book.id.in_(ids)))
    idle = ~sa.exists().where(Credit.author_id == Author.id)
    db.session.execute(sa.delete(Author.__table__).where(Author.id.in_(set(authors)), idle))
    idle = ~sa.exists().where(book_subject.c.subject_id == Subject.id)
    db.session.execute(sa.delete(Subject.__table__).where(Subject.id.in_(set(subjects)), idle))
    index(ids)
    return len(ids)
