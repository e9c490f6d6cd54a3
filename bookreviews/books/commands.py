"""The catalogue, from the command line."""

import csv
import sys
from collections import Counter
from contextlib import suppress
from itertools import islice
from pathlib import Path
from tempfile import gettempdir

import click
import sqlalchemy as sa
from tqdm import tqdm

from bookreviews.books.catalogue import CatalogueError, Dropped, Reject, Row, rows, survey
from bookreviews.books.importer import store
from bookreviews.books.models import Author, Book, Edition, OutsideRating, Subject
from bookreviews.cli import Commands
from bookreviews.extensions import db
from bookreviews.reviews.models import Review

BATCH = 1000
# A spreadsheet runs what begins with one of these.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")

catalogue = Commands("catalogue", help="The books of the site.")


@catalogue.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", help="Whose ratings the file has, where it has any. Default: the file's name.")
def import_(file, source):
    """Add the books of FILE to the catalogue.

    FILE is a table whose first line names the columns, separated by commas, tabs or semicolons, compressed with gzip
    or not, such as: isbn,title,author,year. A title is needed. The other columns it may have are subtitle, author(s),
    isbn, isbn10, isbn13, year or published, language, subjects, description, publisher, pages, format, series,
    average_rating and ratings_count, in any order; and it may be the books.csv of goodbooks-10k.

    Books that are there already are filled in, never overwritten. Importing may be interrupted at any moment and done
    again; what is there by then is found and left alone. Lines that cannot be used are written to FILE.rejects.csv
    with the reason; mend them there, and import that.

    Ends with status 2 where FILE is no catalogue or is not all there; the database is untouched then.
    """
    try:
        found = survey(file)
        counts = import_rows(found, source or found.source or file.name.partition(".")[0])
    except CatalogueError as error:
        click.echo(error, err=True)
        raise click.exceptions.Exit(2) from None
    except KeyboardInterrupt:
        db.session.rollback()
        click.echo("Interrupted. What was imported stays; run the same command again for the rest.", err=True)
        raise click.exceptions.Exit(130) from None
    click.echo(", ".join(f"{name} {counts[name]}" for name in ("added", "updated", "unchanged", "rejected")))


def import_rows(found, source):
    """Store the rows of a surveyed file in batches, each in a transaction, and write down what cannot be used.

    :returns: a Counter of rows.
    """
    items, counts = rows(found), Counter()
    # Where nobody watches, a line now and then is enough.
    pause = 0.1 if sys.stderr.isatty() else 10
    with Rejects(found.sheet) as rejects, tqdm(total=found.rows, unit=" rows", mininterval=pause) as bar:
        while batch := list(islice(items, BATCH)):
            counts += store([item for item in batch if isinstance(item, Row)], source)
            db.session.commit()
            for item in batch:
                if isinstance(item, Reject):
                    rejects.write(item)
            bar.update(sum(not isinstance(item, Dropped) for item in batch))
    for line in rejects.report():
        click.echo(line)
    return counts + Counter(rejected=rejects.rejected)


class Rejects:
    """What could not be used, in FILE.rejects.csv: made when the first line is written, removed when there is none.

    Where the folder of FILE takes no new file it is made in the current one, and at worst in that for temporary files.
    """

    def __init__(self, sheet):
        self.header, self.reasons, self.rejected, self.file = sheet.header, Counter(), 0, None
        name = f"{sheet.path.name}.rejects.csv"
        self.places = [folder / name for folder in (sheet.path.parent, Path(), Path(gettempdir()))]

    def __enter__(self):
        for place in self.places[:2]:
            with suppress(OSError):
                place.unlink()
        return self

    def __exit__(self, *_error):
        if self.file:
            self.file.close()

    def open(self):
        for place in self.places:
            with suppress(OSError):
                return place.open("w", encoding="utf-8", newline="")
        raise click.ClickException(f"{self.places[0]} cannot be written.")

    def write(self, reject):
        if self.file is None:
            self.file = self.open()
            self.row("line", "reason", *self.header)
        dropped = isinstance(reject, Dropped)
        self.rejected += not dropped
        self.reasons[reject.reason if dropped else f"rejected: {reject.reason}"] += 1
        self.row(reject.line, reject.reason, *reject.cells)

    def row(self, *cells):
        """Write a row that no spreadsheet runs."""
        cells = map(str, cells)
        csv.writer(self.file).writerow(f"'{cell}" if cell.startswith(FORMULAS) else cell for cell in cells)

    def report(self):
        """Lines of how many there were, by reason."""
        if self.file:
            yield f"What could not be used is in {self.file.name}:"
        for reason, number in self.reasons.most_common():
            yield f"{number:>8} × {reason}"


@catalogue.command()
def stats():
    """Count books, editions, authors, reviews and more."""
    there = sa.select(Book.id).where(Book.stands())
    counts = {
        "books": there,
        "of the sample": there.where(Book.sample),
        "in a series": there.where(Book.series != ""),
        "with a year": there.where(Book.first_published.is_not(None)),
        "with a language": there.where(Book.language.is_not(None)),
        "with an ISBN": sa.select(Edition.book_id).where(Edition.isbn13.is_not(None)).distinct(),
        "editions": sa.select(Edition.id),
        "ISBNs": sa.select(Edition.id).where(Edition.isbn13.is_not(None)),
        "authors": Author.there(),
        "subjects": sa.select(Subject.id),
        "outside ratings": sa.select(OutsideRating.book_id),
        "ratings": Review.visible(),
        "reviews with words": Review.visible().where(Review.body != ""),
    }
    for name, found in counts.items():
        click.echo(f"{db.session.scalar(sa.select(sa.func.count()).select_from(found.subquery())):>10,} {name}")
