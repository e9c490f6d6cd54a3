"""How long does each kind of search take, however many books there are?

    python -m benchmarks.growth.search --database-url postgresql:///large

searches the database at that address, filled by benchmarks.growth.fill or by an import, for words taken from it by chance,
always the same ones. It prints, for each kind of search, the milliseconds of finding its first books, and of the whole page.
"""

import argparse
import random
import time
from statistics import quantiles

import sqlalchemy as sa

from benchmarks.growth.fill import site
from bookreviews.books import columns
from bookreviews.books.models import Author, Book, Credit, Edition, Subject
from bookreviews.extensions import db
from bookreviews.search import engine
from bookreviews.search.index import posting
from bookreviews.search.query import parse

COUNT, SAMPLE = 40, 4_000
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--database-url", required=True, help="of a site with books")
    app = site(options.parse_args().database_url)
    with app.app_context():
        report(measure(app))


def measure(app):
    """The milliseconds of each kind of search in the site's database: {kind: (of finding, of the page)}.

    In the context of `app`.
    """
    client, times = app.test_client(), {}
    for kind, texts in searches().items():
        address = "/search/suggest" if kind == "each key stroke" else "/search"
        pages = [lambda text=text, to=address: client.get(to, query_string={"q": text}) for text in texts]
        found = [lambda text=text: first(text) for text in texts]
        times[kind] = [timed(run) for run in found], [timed(run) for run in pages]
    return times


def report(times):
    """Print the table."""
    print(f"{Book.__name__}s: {db.session.scalar(sa.select(sa.func.max(Book.id))):,} on {db.engine.dialect.name}; milliseconds")
    print(f"{'':20} {'found p50':>10} {'p95':>7} {'page p50':>10} {'p95':>7}")
    for kind, both in times.items():
        print(f"{kind:20} " + " ".join(f"{p50:10.1f} {p95:7.1f}" for p50, p95 in map(percentiles, both)))


def percentiles(times):
    """The median and the 95th percentile."""
    cuts = quantiles(times, n=20, method="inclusive")
    return cuts[9], cuts[18]


def first(text):
    """Find the books of a search's first page."""
    query = parse(text)
    return columns.cards(engine.read(query).books[:20]) if query else []


def timed(run):
    """The least milliseconds of three runs: what others do on the machine is not ours."""
    spent = []
    for _ in range(3):
        start = time.perf_counter()
        run()
        spent.append(1000 * (time.perf_counter() - start))
        db.session.remove()
    return min(spent)


def searches():
    """So many searches of each kind, in words that the books have: {kind: [text, …]}."""
    chance = random.Random("searches")
    books = books_by_chance(chance)
    frequent = by_frequency({word for book in books for word in parse(book.title).words})
    common, middling, rare = frequent[:40], frequent[len(frequent) // 20 : len(frequent) // 4], frequent[-len(frequent) // 2 :]
    long = [word for word in middling + rare if len(word) > 5]
    some = {
        "rare word": lambda: chance.choice(rare),
        "middling word": lambda: chance.choice(middling),
        "common word": lambda: chance.choice(common),
        "two words": lambda: f"{chance.choice(middling)} {chance.choice(common)}",
        "two common words": lambda: " ".join(chance.sample(common, 2)),
        "part of a word": lambda: part(chance.choice(long), chance),
        "short part": lambda: chance.choice(middling)[: chance.randint(1, 3)],
        "typo": lambda: mistyped(chance.choice(long), chance),
        "two typos": lambda: f"{mistyped(chance.choice(long), chance)} {mistyped(chance.choice(long), chance)}",
        "nothing found": lambda: "".join(chance.choices(LETTERS, k=9)),
        "title": lambda: chance.choice(books).title,
        "phrase": lambda: f'"{chance.choice(books).title}"',
        "author:": lambda: f"author:{chance.choice(books).name.split()[-1]}",
        "subject:": lambda: f'subject:"{chance.choice(subjects())}"',
        "year:": lambda: f"year:{(year := chance.randint(1950, 2020))}..{year + chance.randint(0, 9)}",
        "part of an ISBN": lambda: isbn_part(chance.choice(books).isbn13, chance),
        "excluded word": lambda: f"{chance.choice(common)} -{chance.choice(common)}",
        "each key stroke": lambda: (title := chance.choice(books).title)[: chance.randint(1, len(title))],
    }
    return {kind: [make() for _ in range(COUNT)] for kind, make in some.items()}


def books_by_chance(chance):
    """Titles of books, each with the name of its first author and an ISBN."""
    last = db.session.scalar(sa.select(sa.func.max(Book.id)))
    ids = chance.sample(range(1, last + 1), min(SAMPLE, last))
    books = sa.select(Book.title, Author.name, sa.func.max(Edition.isbn13).label("isbn13")).join(
        Edition, Edition.book_id == Book.id
    )
    books = books.join(Credit, (Credit.book_id == Book.id) & (Credit.position == 0)).join(Author)
    books = books.where(Edition.isbn13.is_not(None)).group_by(Book.id, Book.title, Author.name).order_by(Book.id)
    return db.session.execute(books.where(Book.id.in_(ids))).all()


def by_frequency(words):
    """Words, those of most books first."""
    held = sa.select(posting.c.word, sa.func.count()).where(posting.c.word.in_(words)).group_by(posting.c.word)
    counts = dict(map(tuple, db.session.execute(held)))
    return sorted(counts, key=lambda word: (-counts[word], word))


def part(word, chance):
    """Four or more letters of a word, but not all of them."""
    start = chance.randint(0, len(word) - 4)
    return word[start : start + chance.randint(4, len(word) - 1)]


def mistyped(word, chance):
    """A word with one letter missing, too many, wrong, or in its neighbour's place."""
    at = chance.randrange(1, len(word) - 1)
    letter = chance.choice(LETTERS)
    ways = word[at + 1 :], letter + word[at:], letter + word[at + 1 :], word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + chance.choice(ways)


def isbn_part(isbn, chance):
    """Four or more digits of an ISBN."""
    start = chance.choice((0, 3, chance.randint(3, 9)))
    return isbn[start : start + chance.randint(4, 9)]


def subjects():
    """The names of a few dozen subjects."""
    return db.session.scalars(sa.select(Subject.name).order_by(Subject.id).limit(60)).all() or ["none"]


if __name__ == "__main__":
    main()
