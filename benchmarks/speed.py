"""What a request costs, beside the least that Flask and gunicorn can do.

    python -m benchmarks.speed [--rounds 7] [--requests 2000] [--worker sync] [--write]

starts all it needs itself: a bare Flask "hello world", a bare WSGI function, and the site on SQLite and on PostgreSQL,
each with two workers. They are measured in turns, so that whatever else the machine does falls on all of them alike; a
figure is the median of the rounds. What counts is the processors' time of the server and its database for a request;
the ratio says how many of them cost as much as one "hello world" of the same round.
"""

import argparse
import random
import re
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import flask_migrate
import psutil
import psycopg
import sqlalchemy as sa
from bs4 import BeautifulSoup

from benchmarks.servers import Client, get, gunicorn, load, message
from bookreviews import create_app
from bookreviews.books.models import Book
from bookreviews.config import from_environ
from bookreviews.extensions import db, now
from bookreviews.reviews import ratings
from bookreviews.reviews.models import Review
from tests import postgres
from tests.browser import hidden
from tests.factories import PASSWORD, a_book, a_reader

ROOT = Path(__file__).parent.parent
BOOKS, REVIEWS, POSTERS = 1_000, 20, 40
WORDS = "the a of story reader page heart slow quick wonderful dull voice world end again never always plot character".split()


@dataclass
class Work:
    """Something to measure: requests to a server."""

    name: str
    server: object
    requests: object  # how many → the requests
    expected: tuple = (200,)
    share: float = 1.0  # of the usual number of requests
    goal: str = ""
    times: list = field(default_factory=list)  # milliseconds of each round


def words(some, number):
    return " ".join(some.choice(WORDS) for _ in range(number)).capitalize() + "."


def fill():
    """1,000 books with 20 reviews each, by members, and members who will write."""
    some = random.Random(7)
    readers = [a_reader(f"reader{number}", password=None) for number in range(REVIEWS)]
    books = []
    for number in range(BOOKS):
        facts = {"description": words(some, 60), "language": "en", "first_published": 1900 + number % 120}
        books.append(
            a_book(words(some, 3)[:-1], [f"Author {number // 3}"], subjects=["Fiction", f"Kind {number % 50}"], **facts)
        )
    rows = []
    for book in books:
        for reader in readers:
            body = "\n\n".join(words(some, 40) for _ in range(2))
            html = "".join(f"<p>{part}</p>\n" for part in body.split("\n\n"))
            rows.append({
                "book_id": book.id, "user_id": reader.id, "name": reader.username, "rating": some.randint(3, 10),
                "title": words(some, 4), "body": body, "body_html": html, "language": "en", "version": 1, "created_at": now(),
            })  # fmt: skip
    db.session.execute(sa.insert(Review), rows)
    ratings.tally_all([book.id for book in books], "written")
    for number in range(POSTERS):
        a_reader(f"poster{number}")
    db.session.commit()


def prepare(url, folder):
    """A site's environment, its database filled."""
    environ = {"DATABASE_URL": url, "SECRET_KEY": "benchmark", "INSTANCE": folder}
    app = create_app(from_environ(environ, folder))
    with app.app_context():
        flask_migrate.upgrade(ROOT / "migrations")
        fill()
        if db.engine.dialect.name == "postgresql":
            db.session.execute(sa.text("ANALYZE"))
        addresses = [f"/books/{book.ref}" for book in db.session.scalars(sa.select(Book).order_by(Book.id))]
        db.session.remove()
        db.engine.dispose()
    return environ, addresses


class Member:
    """A reader who has logged in, with the parts of a review's form."""

    def __init__(self, server, name, address):
        self.client = Client(server.port)
        _, head, body = self.client.send(get("/login", accept_encoding="identity"))
        self.cookie = cookie(head)
        form = fields(body) | {"email": name, "password": PASSWORD}
        status, head, _ = self.post("/login", form)
        assert status == 303, f"logging in: {status}"
        self.cookie = cookie(head)
        self.form = fields(self.client.send(get(f"{address}/review", accept_encoding="identity", cookie=self.cookie))[2])
        self.client.close()

    def post(self, path, form):
        return self.client.send(self.posted(path, form))

    def posted(self, path, form):
        return message("POST", path, {"cookie": self.cookie}, urlencode(form).encode())

    def review(self, address, some):
        """The bytes of a new review of a book."""
        said = {"rating": some.randint(3, 10), "title": words(some, 4), "body": words(some, 80)}
        return self.posted(f"{address}/review", self.form | said)


def cookie(head):
    return "; ".join(found.decode() for found in re.findall(rb"(?im)^set-cookie: ([^;]+)", head))


def fields(body):
    """The hidden fields of the form on a page."""
    return hidden(BeautifulSoup(body, "html.parser").main.find("form", method="post"))


def etag(server, path):
    _, head, _ = Client(server.port).send(get(path))
    found = re.search(rb"(?im)^etag: (.+?)\r?$", head)
    return found[1].decode() if found else "none"


def new_reviews(members, addresses):
    """Reviews that are not there yet, without end."""
    some = random.Random(11)
    for member in members:
        for address in some.sample(addresses, len(addresses)):
            yield member.review(address, some)


def mixed(reviews, addresses, share, some):
    """How many → reads of popular books by visitors, and among them this share of reviews written."""
    weights = [1 / rank for rank in range(1, len(addresses) + 1)]

    def requests(number):
        reads = some.choices(addresses, weights, k=number)
        return [next(reviews) if some.random() < share else get(address) for address in reads]

    return requests


def works(stack, url, folder, options):
    """All that is measured, its servers running."""

    def start(app, environ=None, database=None):
        return stack.enter_context(gunicorn(app, *options, environ=environ, database=database))

    found = [
        Work("Flask hello world", start("benchmarks.apps:hello"), get_all("/")),
        Work("bare WSGI function", start("benchmarks.apps:bare"), get_all("/")),
    ]
    for name, address in (("SQLite", None), ("PostgreSQL", url)):
        if name == "PostgreSQL" and not url:
            continue
        environ, addresses = prepare_site(name, address, folder)
        main_process = address and postmaster(address)
        kept = start("benchmarks.apps:site()", environ, main_process)
        cold = start("benchmarks.apps:site()", environ | {"PAGE_CACHE_MB": "0"}, main_process)
        page = addresses[0]
        members = [Member(kept, f"poster{number}", page) for number in range(POSTERS)]
        reviews = new_reviews(members, addresses)
        found += [
            Work(f"book page kept, {name}", kept, get_all(page), goal="1.35"),
            Work(f"not changed (304), {name}", kept, get_all(page, if_none_match=etag(kept, page)), (304, 200), goal="1.40"),
            Work(f"book page cold, {name}", cold, each_of(addresses), share=0.5, goal="0.42" if not address else "0.28"),
            Work(f"book page for a member, {name}", kept, each_of(addresses, cookie=members[0].cookie), share=0.5,
                 goal="0.45" if not address else "0.35"),
            Work(f"POST of a review, {name}", kept, taken_from(reviews), (303,), 0.2, "0.17" if not address else "0.12"),
        ]  # fmt: skip
        some = random.Random(13)
        for share, goal in ((0.01, "0.85"), (0.1, "")):
            for server, what in ((kept, "kept"), (cold, "not kept")):
                reads = mixed(reviews, addresses, share, some)
                found.append(
                    Work(f"{1 - share:.0%} read, {share:.0%} written, {what}, {name}", server, reads, (200, 303), goal=goal)
                )
    return found


def prepare_site(name, url, folder):
    folder = Path(folder, name)
    folder.mkdir()
    return prepare(url or f"sqlite:///{folder}/site.db", str(folder))


def get_all(path, **headers):
    """How many → as many GETs of one page."""
    return lambda number: [get(path, **headers)] * number


def each_of(addresses, **headers):
    """How many → GETs of these pages in turns."""
    place = count()
    return lambda number: [get(addresses[next(place) % len(addresses)], **headers) for _ in range(number)]


def taken_from(requests):
    return lambda number: [next(requests) for _ in range(number)]


def postmaster(url):
    """The main process of a database that runs here."""
    with psycopg.connect(url) as connection:
        return psutil.Process(connection.info.backend_pid).ppid()


def measure(found, rounds, requests):
    for work in found:
        load(work.server, work.requests(50), work.expected)
    for number in range(rounds):
        for work in found:
            work.times.append(load(work.server, work.requests(max(20, int(requests * work.share))), work.expected))
        print(f"round {number + 1} of {rounds}", flush=True)


def table(found):
    """The results as a table in Markdown."""
    least = found[0].times
    yield "| work | ms | × hello world | goal |"
    yield "| --- | ---: | ---: | ---: |"
    for work in found:
        ratio = median(hello / own for hello, own in zip(least, work.times, strict=True))
        yield f"| {work.name} | {median(work.times):.3f} | {ratio:.2f} | {work.goal} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--requests", type=int, default=2000, help="in each round, of the quickest work (2000)")
    parser.add_argument("--worker", default="sync", choices=("sync", "gthread"), help="the kind of gunicorn's workers (sync)")
    parser.add_argument("--only", default="", help="only works whose names hold this")
    arguments = parser.parse_args()
    options = ["--config", "python:benchmarks.plain", "-w", "2", "-k", arguments.worker]
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        url = stack.enter_context(postgres.database())
        found = works(stack, url, folder, options)
        found = found[:1] + [work for work in found[1:] if arguments.only in work.name]
        measure(found, arguments.rounds, arguments.requests)
        print("\n".join(table(found)))


if __name__ == "__main__":
    main()
