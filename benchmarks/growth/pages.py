"""Every page that shows a list, on a small and on a large database, in turn: how much slower does the large one make it?"""

import time
from datetime import date
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote

import sqlalchemy as sa
from sqlakeyset import serialize_bookmark

from bookreviews.books import listing as books
from bookreviews.books.models import Author, Book, Credit, Subject
from bookreviews.extensions import db
from bookreviews.reviews import listing as reviews
from bookreviews.reviews.models import Review

REPORT = Path(__file__).parent.parent.parent / "docs" / "performance.md"
BEGIN, END = "## Growth\n", "<!-- end of growth -->\n"
ROUNDS = 20
HOT = 1  # the book that has the most reviews


def addresses():
    """What is measured of the database of the current app: {what it is: [address, …]}."""
    hot = f"/books/{db.session.get(Book, HOT).ref}"
    found = {"home": ["/"], "book of 20 reviews": usual_books(), "book with one review in fifty": [hot]}
    for sort, (_, order) in reviews.SORTS.items():
        found[f"– its reviews, {sort}"] = [f"{hot}?sort={sort}"]
        deep = bookmark(sa.select(Review).where(Review.book_id == HOT, Review.stands()), order, reviews_of(HOT) // 2)
        found[f"– half way through them, {sort}"] = [f"{hot}?sort={sort}&page={deep}"]
    found |= {f"– {what}": [f"{hot}?{query}"] for what, query in NARROWED_REVIEWS.items()}
    found["– how its rating came about"] = [f"{hot}/rating"]
    count = db.session.scalar(sa.select(sa.func.count(Book.id)))
    for sort, (_, order) in books.SORTS.items():
        found[f"catalogue, {sort}"] = [f"/books?sort={sort}"]
        deep = bookmark(sa.select(Book), order, min(1_000 * books.PER_PAGE, count // 2))
        found[f"– page 1,000, {sort}"] = [f"/books?sort={sort}&page={deep}"]
        found |= {f"– {what}, {sort}": [f"/books?sort={sort}&{query}"] for what, query in narrowed_books().items()}
    return found | {
        "author of the most books": [f"/authors/{busiest_author().ref}"],
        "subject of the most books": [f"/subjects/{subject_at(0).slug}"],
        "reader of the most reviews": ["/readers/reader1"],
        "log of moderation": ["/decisions"],
        "sitemap": ["/sitemap.xml"],
    }


NARROWED_REVIEWS = {
    "those of 1 star": "stars=1",
    "those of 1 star, newest": "stars=1&sort=newest",
    "those in Italian": "language=it",
    "without free copies": "copies=own",
}


def narrowed_books():
    """What the catalogue is narrowed to: many books and few of each kind."""
    return {
        "in English": "language=en",
        "in Latin": "language=la",
        "of the 2010s": "decade=2010",
        "of the 1890s": "decade=1890",
        "of 4 stars": "stars=4",
        "of a common subject": f"subject={subject_at(0).slug}",
        "of a middling subject": f"subject={subject_at(100).slug}",
    }


def usual_books():
    """The addresses of books with some 20 reviews."""
    them = sa.select(Book).where(Book.ratings_count.between(18, 22)).order_by(Book.id).limit(20)
    return [f"/books/{book.ref}" for book in db.session.scalars(them)]


def reviews_of(book_id):
    return db.session.scalar(sa.select(sa.func.count()).where(Review.book_id == book_id))


def subject_at(place):
    """A subject by its place among all of them, that of the most books first."""
    return db.session.scalar(sa.select(Subject).order_by(Subject.books_count.desc()).offset(place).limit(1))


def busiest_author():
    most = sa.select(Credit.author_id).group_by(Credit.author_id).order_by(sa.func.count().desc()).limit(1)
    return db.session.get(Author, db.session.scalar(most))


def bookmark(select, order, place):
    """What `?page=` takes for the page after so many rows."""
    columns = [getattr(column, "element", column) for column in order]
    row = db.session.execute(select.with_only_columns(*columns).order_by(*order).offset(place).limit(1)).one()
    return quote(serialize_bookmark((tuple(row), False)))


def measured(apps):
    """The milliseconds of each page: {what it is: {name of the app: [ms, …]}}; of all apps in turn."""
    asked = {}
    for name, app in apps.items():
        with app.app_context():
            asked[name] = addresses()
    times = {what: {name: [] for name in apps} for what in next(iter(asked.values()))}
    for turn in range(-2, ROUNDS):  # the first two warm up
        for what, of_apps in times.items():
            for name, app in apps.items():
                address = asked[name][what][turn % len(asked[name][what])]
                begin = time.perf_counter()
                answer = app.test_client().get(address, buffered=True)
                spent = 1000 * (time.perf_counter() - begin)
                if answer.status_code != 200:
                    raise AssertionError(f"{address}: {answer.status}")
                if turn >= 0:
                    of_apps[name].append(spent)
    return times


def table(times):
    """The figures as a table in Markdown."""
    lines = ["| page | small p50 | p95 | large p50 | p95 | large ÷ small |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
    for what, of_apps in times.items():
        small, large = ((median(some), quantiles(some, n=20)[-1]) for some in of_apps.values())
        numbers = " | ".join(f"{ms:.1f}" for ms in (*small, *large))
        lines.append(f"| {what} | {numbers} | {large[0] / small[0]:.2f} |")
    return "\n".join(lines)


def report(sizes, times, machine):
    """Write the figures into the report, in place of those of before."""
    hot, usual = (median(list(times[what].values())[1]) for what in ("book with one review in fifty", "book of 20 reviews"))
    said = f"""{BEGIN}
Every page with a list, as a visitor asks for it, made anew each time; milliseconds, {ROUNDS} times each, both databases in
turn, on PostgreSQL. Small: {sizes[0][0]:,} books and {sizes[0][1]:,} reviews; large: {sizes[1][0]:,} and {sizes[1][1]:,}.
One book has one review in fifty. {date.today():%-d %B %Y}, {machine}. Made by `make bench-growth`.

{table(times)}

On the large one the book with one review in fifty takes {hot / usual:.2f} times as long as a book of 20 reviews.

"""
    text = REPORT.read_text(encoding="utf-8") if REPORT.exists() else f"# Performance\n\n{BEGIN}{END}"
    before, _, rest = text.partition(BEGIN)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(f"{before}{said}{END}{rest.partition(END)[2]}", encoding="utf-8")
    print(said)
