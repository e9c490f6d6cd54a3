"""Commands against spam: `flask --app bookreviews spam …`."""

import click
import sqlalchemy as sa

from bookreviews.cli import Commands
from bookreviews.extensions import db
from bookreviews.reviews.models import Review
from bookreviews.spam import repeats

spam = Commands("spam", help="What is kept to notice spam.")
BATCH = 500


@spam.command()
def sketch():
    """Keep what stands for each review's text, so that others like it are noticed.

    New reviews bring theirs; those from before have none. It may be interrupted, and done again at any time.
    """
    first, changed = 0, 0
    batch = sa.select(Review).where(Review.body != "").order_by(Review.id).limit(BATCH)
    while reviews := db.session.scalars(batch.where(Review.id > first)).all():
        first = reviews[-1].id
        changed += repeats.keep_all(reviews)
        db.session.commit()
    click.echo(f"{changed} sketched anew.")
