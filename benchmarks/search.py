"""Do 50 searches find the book that is meant? And how quickly?

    python benchmarks/search.py PATH/books.csv [--database-url URL]

imports the file (goodbooks-10k) into a fresh database, SQLite unless a URL names an empty other one, does the searches
of search.csv as a visitor would, and prints the rank of each expected book and the milliseconds of its page. Without a
PATH it searches the database at URL as it is.
"""

import argparse
import csv
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import flask_migrate

sys.path.insert(0, str(Path(__file__).parent.parent))

from bookreviews import create_app
from bookreviews.books.models import Book
from bookreviews.config import from_environ
from bookreviews.extensions import db
from bookreviews.text import fold

HERE = Path(__file__).parent
BOOK = re.compile(r'href="/books/(\d+)[-"]')
TIMES = 3


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("path", nargs="?", help="goodbooks-10k's books.csv")
    options.add_argument("--database-url", help="an empty database; without PATH, the one to search")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app = site(asked.database_url or f"sqlite:///{folder}/bench.db")
        with app.app_context():
            if asked.path:
                fill(app, shutil.copy(asked.path, folder))  # beside which the rejects may be written
            sys.exit(report([measured(app, search) for search in searches()]))


def site(url):
    """The site on the database at `url`."""
    return create_app(from_environ({"SECRET_KEY": "benchmark", "DATABASE_URL": url}, ""))


def fill(app, path):
    """Make the tables and import the file at `path`."""
    flask_migrate.upgrade(HERE.parent / "migrations")
    result = app.test_cli_runner().invoke(args=["catalogue", "import", path])
    print(result.output.strip().splitlines()[-1])
    if result.exit_code:
        sys.exit(f"The import failed: {result.output}{result.exception or ''}")
    if db.engine.dialect.name == "postgresql":  # autovacuum would do it in a minute
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def searches():
    with (HERE / "search.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def measured(app, search):
    """A search with the rank of its book (None: not on the first page) and the median of its page's milliseconds."""
    client, seconds = app.test_client(), []
    for _ in range(TIMES):
        start = time.perf_counter()
        answer = client.get("/search", query_string={"q": search["search"]})
        seconds.append(time.perf_counter() - start)
    rank = rank_of(search, found(answer))
    return search | {"rank": rank, "ms": 1000 * median(seconds)}


def found(answer):
    """The ids of the books of an answer in their order: of the page's list, or of the one it redirects to."""
    links = BOOK.findall(f'href="{answer.location}"' if answer.status_code == 302 else answer.text)
    return [int(number) for number in dict.fromkeys(links)]


def rank_of(search, ids):
    """The place of the book that a search means: of its author, its title or the beginning of it."""
    for rank, book_id in enumerate(ids, 1):
        book = db.session.scalar(Book.listed().where(Book.id == book_id))
        by = fold(search["author"]) in [author.name_key for author in book.authors]
        # The catalogue may have a subtitle in the title: “Gödel, Escher, Bach: An Eternal Golden Braid”.
        if by and fold(search["title"]) in (fold(book.title), fold(book.title.partition(":")[0])):
            return rank
    return None


def report(results):
    """Print the figures.

    :returns: the exit status: 1 where fewer than 48 searches find their book first, or one not in the first five.
    """
    for result in results:
        print(f"{result['rank'] or '–':>3}  {result['ms']:7.1f} ms  {result['kind']:16} {result['search']}")
    ranks, times = [result["rank"] for result in results], [result["ms"] for result in results]
    first, five = ranks.count(1), sum(rank is not None and rank <= 5 for rank in ranks)
    print(f"{len(ranks)} searches on {db.engine.dialect.name}: {first} first, {five} in the first five;", end=" ")
    print(f"median {median(times):.1f} ms, slowest {max(times):.1f} ms")
    return int(first < 48 or five < len(ranks))


if __name__ == "__main__":
    main()
