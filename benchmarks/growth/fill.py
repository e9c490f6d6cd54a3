"""Fill an empty database with a catalogue as large as asked for.

    python -m benchmarks.growth.fill --size large --database-url postgresql:///large
    python -m benchmarks.growth.fill --size large --books-only --database-url sqlite:////tmp/large.db

"small" is 10,000 books with 100,000 reviews, "large" 1,000,000 with 10,000,000; one book has one review in fifty.
"""

import argparse
import time
from pathlib import Path

import flask_migrate

from benchmarks.growth import books, reviews
from benchmarks.growth.loading import loading, tidy
from bookreviews import create_app
from bookreviews.config import from_environ
from bookreviews.extensions import db
from bookreviews.ledger import sums

ROOT = Path(__file__).parent.parent.parent
# Every page is made anew.
SETTINGS = {"SECRET_KEY": "benchmark", "PAGE_CACHE_MB": "0"}
SIZES = {"small": (10_000, 100_000), "large": (1_000_000, 10_000_000)}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--size", choices=SIZES, default="small")
    options.add_argument("--books-only", action="store_true", help="nobody has reviewed anything")
    options.add_argument("--database-url", required=True, help="an empty database")
    asked = options.parse_args()
    with site(asked.database_url).app_context():
        fill(asked.size, asked.books_only)


def site(url):
    """The site on the database at `url`."""
    return create_app(from_environ(SETTINGS | {"DATABASE_URL": url}, "") | {"RATELIMIT_ENABLED": False})


def fill(size, books_only=False):
    """Make the tables and fill them."""
    begin = time.perf_counter()
    flask_migrate.upgrade(ROOT / "migrations")
    book_count, review_count = SIZES[size]
    written = None if books_only else reviews.Reviews(review_count, book_count)
    with loading(books.TABLES | reviews.TABLES) as write:
        if written:
            written.write(write)
        books.Catalogue(book_count).write(write, written and written.tallies)
        rows = time.perf_counter()
    sums.keep()  # the trigger that does so was away
    db.session.commit()
    tidy()
    there = f"{book_count:,} books with {0 if books_only else review_count:,} reviews"
    print(f"{there}: rows in {rows - begin:.0f} s, indexes in {time.perf_counter() - rows:.0f} s")


if __name__ == "__main__":
    main()
