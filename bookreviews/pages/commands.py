"""Commands for kept pages: `flask --app bookreviews pages …`."""

import click
import psycopg

from bookreviews.cli import Commands
from bookreviews.extensions import db
from bookreviews.retiring import EVERYTHING, changes, is_postgresql

pages = Commands("pages", help="Pages that are kept for visitors.")


@pages.command("changes")
def tell_changes():
    """Say which pages change, as they do, for a CDN to forget: the tags of each commit in a line, or * for all."""
    if not is_postgresql(db.engine.url):
        raise click.ClickException("Only PostgreSQL tells of changes.")
    try:
        for tags in changes():
            click.echo("*" if tags is EVERYTHING else " ".join(tags))
    except psycopg.Error as error:
        raise click.ClickException(f"The database is gone ({error}).") from error
