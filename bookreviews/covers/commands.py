"""Commands for covers: `flask --app bookreviews covers …`."""

from datetime import timedelta

import click
import sqlalchemy as sa

from bookreviews.cli import Commands
from bookreviews.covers import storage
from bookreviews.covers.models import Cover
from bookreviews.extensions import db, now

covers = Commands("covers", help="The pictures that readers sent of books' covers.")

# Files are there before their row is: nothing younger is swept away.
YOUNG = timedelta(hours=1)


@covers.command()
def sweep():
    """Delete the files that belong to no cover any more: of what was refused or deleted while the storage was away."""
    deleted = 0
    try:
        for batch in storage.files():
            for name in superfluous(batch):
                storage.delete_file(name)
                deleted += 1
    except storage.FAILURES as error:
        raise click.ClickException(f"The storage of covers cannot be used: {str(error).partition(chr(10))[0]}") from error
    click.echo(f"{deleted} deleted.")


def superfluous(batch):
    """The names of those files of a batch that nobody needs."""
    old = [(name, key) for name, key, since in batch if since < now() - YOUNG]
    needed = Cover.key.in_([key for _name, key in old]) & Cover.refused_at.is_(None)
    keys = set(db.session.scalars(sa.select(Cover.key).where(needed)))
    return [name for name, key in old if key not in keys]
