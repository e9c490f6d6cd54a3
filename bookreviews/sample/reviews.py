"""The sample reviews: what the file tells of them, as rows."""

import json
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from bookreviews.accounts.models import User
from bookreviews.books.importer import as_known, key_of
from bookreviews.books.models import Book, Edition
from bookreviews.extensions import db, now
from bookreviews.markdown import render
from bookreviews.reviews import changes
from bookreviews.reviews.models import WORDS, Review, Version
from bookreviews.reviews.ratings import lock, tally_all
from bookreviews.sample.readers import chance
from bookreviews.text import slug

DATA = Path(__file__).parent
REVIEWS = Review.__table__
GUEST = "sample-"  # what the writers were called when they were guests still
GUESTS = Review.guest.startswith(GUEST, autoescape=True)
OURS = GUESTS | Review.user_id.in_(sa.select(User.id).where(User.sample))


def told():
    """What the file tells of each review."""
    return [json.loads(line) for line in (DATA / "reviews.jsonl").read_text(encoding="utf-8").splitlines()]


def adopt(readers):
    """Give the reviews of an older sample, whose writers were guests, to their readers."""
    found = db.session.execute(sa.select(Review.id, Review.guest).where(GUESTS)).all()
    owners = {review_id: readers.get(guest.removeprefix(GUEST)) for review_id, guest in found}
    rows = [{"key": key, "user_id": one.id, "guest": None, "name": one.username} for key, one in owners.items() if one]
    if rows:
        db.session.execute(sa.update(REVIEWS).where(REVIEWS.c.id == sa.bindparam("key")), rows)


def write(told, books, readers):
    """Write the sample reviews that are not there; a reader who deleted something deleted nothing of these.

    :param books: the rows of the sample catalogue.
    :returns: how many were written.
    """
    there = set(map(tuple, db.session.execute(sa.select(Review.book_id, Review.user_id).where(OURS))))
    ids, new = book_ids(books), {}
    for one in told:
        key = ids[one.get("isbn") or one["book"]], readers[slug(one["reader"])].id
        if key not in there:
            new.setdefault(key, one)
    touched = sorted({book_id for book_id, _user_id in new})
    for book_id in touched:
        lock(book_id)
    if new:
        users = {reader.id: reader for reader in readers.values()}
        db.session.execute(sa.insert(REVIEWS), [row(one, book_id, users[user_id]) for (book_id, user_id), one in new.items()])
        keep_versions({key: one for key, one in new.items() if "before" in one})
    tally_all(touched, "sample")
    return len(new)


def book_ids(books):
    """The ids of the sample's books, by ISBN and by title."""
    keys = {key_of(row): row.title for row in as_known(books)}
    there = sa.func.min(sa.func.coalesce(Book.merged_into_id, Book.id))
    by_key = sa.select(Book.match_key, there).where(Book.match_key.in_(keys)).group_by(Book.match_key)
    by_isbn = sa.select(Edition.isbn13, Edition.book_id).where(Edition.isbn13.in_(isbn for row in books for isbn in row.isbns))
    ids = {keys[key]: book_id for key, book_id in db.session.execute(by_key)}
    return ids | dict(map(tuple, db.session.execute(by_isbn)))


def row(one, book_id, reader):
    """A row of Review."""
    hour = chance(reader.email, one["title"], str(one["days_ago"]))
    edited = now() - timedelta(days=one["edited_days_ago"] + hour) if "before" in one else None
    rewritten = edited and changes.large(words(one | one["before"]), words(one))
    return words(one) | {
        "book_id": book_id,
        "user_id": reader.id,
        "name": reader.username,
        "body_html": str(render(one["body"])),
        "created_at": now() - timedelta(days=one["days_ago"] + hour),
        "updated_at": edited,
        "rewritten_at": edited if rewritten else None,
        "version": 2 if edited else 1,
    }


def words(one):
    """What a review says, by the names of its columns."""
    return {"source": None, "knows_author": False, "stopped_at": None} | {name: one[name] for name in WORDS if name in one}


def keep_versions(edited):
    """Keep what edited reviews said before.

    :param edited: what is told of them, by book and reader.
    """
    books = {book_id for book_id, _user_id in edited}
    rows = []
    for review_id, book_id, user_id, written_at in db.session.execute(
        sa.select(Review.id, Review.book_id, Review.user_id, Review.created_at).where(OURS, Review.book_id.in_(books))
    ):
        if one := edited.get((book_id, user_id)):
            rows.append(words(one | one["before"]) | {"review_id": review_id, "number": 1, "written_at": written_at})
    if rows:
        db.session.execute(sa.insert(Version.__table__), rows)
