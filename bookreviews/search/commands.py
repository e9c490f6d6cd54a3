"""The search, from the command line."""

import sys

import click
import sqlalchemy as sa
from tqdm import tqdm

from bookreviews.books.models import Book
from bookreviews.cli import Commands
from bookreviews.extensions import db
from bookreviews.search import index

search = Commands("search", help="What the search knows.")


@search.command()
def rebuild():
    """Make the search know all books as they are now."""
    total = db.session.scalar(sa.select(sa.func.count(Book.id)).where(Book.stands()))
    with tqdm(total=total, unit=" books") as bar:
        for ids in index.batches():
            index.index(ids)
            db.session.commit()
            bar.update(len(ids))
    index.sweep()
    db.session.commit()


@search.command()
def refresh():
    """Put the books where they belong that have become better or less known; once a day is enough."""
    books = 0
    for ids in index.batches():
        moved = index.moved(ids)
        index.index(moved)
        db.session.commit()
        books += len(moved)
    click.echo(f"{books} books have another place.")


@search.command()
def check():
    """Say which books the search does not know as they are; the exit status is 1 where there are such."""
    wrong = [book_id for ids in index.batches() for book_id in index.differences(ids)]
    gone = db.session.scalars(index.strays()).all()
    for book_id in wrong[:20]:
        click.echo(f"Book {book_id} is not as the search knows it.")
    for book_id in gone[:20]:
        click.echo(f"Book {book_id} is gone, but the search knows it.")
    if not wrong and not gone:
        click.echo("The search knows all books as they are.")
        return
    click.echo(f"{len(wrong)} books differ, {len(gone)} are gone. Mend this with: flask --app bookreviews search rebuild")
    sys.exit(1)
