"""Does any page grow slower as the site grows? See docs/performance.md.

    python -m benchmarks.growth [--small URL --large URL]

builds a small and a large database in PostgreSQL, unless URLs name such that `benchmarks.growth.fill` has filled, and asks
both for every page with a list.
"""

import argparse
import os
import platform
from contextlib import ExitStack, contextmanager

import sqlalchemy as sa

from benchmarks.growth import pages
from benchmarks.growth.fill import SIZES, fill, site
from bookreviews.books.models import Book
from bookreviews.extensions import db
from bookreviews.reviews.models import Review
from tests import postgres


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for size in SIZES:
        options.add_argument(f"--{size}", metavar="URL", help="a filled database")
    asked = vars(options.parse_args())
    with ExitStack() as stack:
        apps = {size: site(asked[size] or stack.enter_context(filled(size))) for size in SIZES}
        sizes = [counts(app) for app in apps.values()]
        pages.report(sizes, pages.measured(apps), f"{platform.machine()}, {os.cpu_count()} cores")


@contextmanager
def filled(size):
    """The address of a new database of a size, dropped afterwards."""
    with postgres.database(f"bookreviews_growth_{size}") as url:
        if url is None:
            raise SystemExit("There is no PostgreSQL here.")
        with site(url).app_context():
            fill(size)
            db.engine.dispose()
        yield url


def counts(app):
    """How many books there are, and how many reviews."""
    with app.app_context():
        return [db.session.scalar(sa.select(sa.func.count(model.id))) for model in (Book, Review)]


if __name__ == "__main__":
    main()
