"""The numbers that are kept beside the reviews, checked."""

import click

from bookreviews.cli import Commands
from bookreviews.extensions import db
from bookreviews.reviews.ratings import differences, lock, tally

ratings = Commands("ratings", help="The books' scores and counts.")


@ratings.command()
@click.option("--fix", is_flag=True, help="Mend what is wrong.")
def verify(fix):
    """Count every book's ratings again from the reviews, and print the differences.

    Ends with status 1 when there were any and --fix was not given.
    """
    wrong = db.session.execute(differences()).all()
    for book_id, kept, counted in wrong:
        click.echo(f"Book {book_id}: {kept} ratings kept, {counted} counted")
        if fix:
            lock(book_id)
            tally(book_id)
    db.session.commit()
    click.echo(f"{len(wrong)} {'mended' if fix else 'wrong'}.")
    if wrong and not fix:
        raise click.exceptions.Exit(1)
