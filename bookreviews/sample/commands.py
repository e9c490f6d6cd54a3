"""A small sample catalogue with reviews, so that a new site has something to show."""

import click
import sqlalchemy as sa

from bookreviews.accounts.models import User
from bookreviews.books.catalogue import rows, survey
from bookreviews.books.importer import hold, store
from bookreviews.books.models import Book
from bookreviews.books.removal import remove
from bookreviews.cli import Commands
from bookreviews.drafts.models import Draft
from bookreviews.extensions import db, now
from bookreviews.reviews.models import Review
from bookreviews.reviews.ratings import lock, tally_all
from bookreviews.sample import readers, reviews, votes
from bookreviews.sample.reviews import DATA, OURS
from bookreviews.spam import repeats

sample = Commands("sample", help="The sample catalogue and its reviews.")


@sample.command()
def load():
    """Load the sample books, readers, reviews and votes.

    Only those that are not there yet, and all of them or none: an interrupted load leaves no trace. Nothing that
    readers wrote is touched.
    """
    books = list(rows(survey(DATA / "books.csv")))
    counts = store(books, source="sample", sample=True)
    told = reviews.told()
    writers = readers.find(told)
    reviews.adopt(writers)
    written = reviews.write(told, books, writers)
    repeats.keep_all(db.session.scalars(sa.select(Review).where(OURS)).all())
    votes.write(writers.values())
    db.session.commit()
    click.echo(f"Loaded {counts['added']} books and {written} reviews.")


@sample.command()
def clear():
    """Remove the sample reviews, their readers, and the books.

    Books that a reader has reviewed, or begun to, stay; so do those that were merged, and those that a catalogue has
    brought as well, which are no longer of the sample.
    """
    hold()
    written = remove_reviews()
    db.session.execute(sa.delete(User.__table__).where(User.sample))
    books = remove_books()
    db.session.commit()
    kept = db.session.scalar(sa.select(sa.func.count()).select_from(Book).where(Book.sample))
    click.echo(f"Removed {written} reviews and {books} books; kept {kept} books that readers reviewed.")


def remove_reviews():
    """Remove the sample reviews and count their books again.

    :returns: how many there were.
    """
    books = db.session.scalars(sa.select(Review.book_id).where(OURS).distinct().order_by(Review.book_id)).all()
    for book_id in books:
        lock(book_id)
    db.session.execute(sa.update(Review.__table__).where(OURS).values(deleted_at=now()))
    tally_all(books, "deleted")
    return db.session.execute(sa.delete(Review.__table__).where(OURS)).rowcount


def remove_books():
    """Remove the books of the sample that nobody reviewed, drafted on or merged, and the authors and subjects of these only.

    :returns: how many there were.
    """
    unread = Book.sample & ~sa.exists().where(Review.book_id == Book.id) & ~sa.exists().where(Draft.book_id == Book.id)
    unread &= Book.stands() & Book.id.not_in(sa.select(Book.merged_into_id).where(~Book.stands()))
    ids = db.session.scalars(sa.select(Book.id).where(unread)).all()
    remove(ids)
    return len(ids)
