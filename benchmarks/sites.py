"""A site to measure: a database with 1,000 books of 20 reviews each, and members who read and write."""

import random
import re
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from pathlib import Path
from urllib.parse import urlencode

import flask_migrate
import psutil
import psycopg
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask_security import hash_password

from benchmarks.servers import Client, get, message
from bookreviews import create_app
from bookreviews.accounts.models import Role, User, user_role
from bookreviews.accounts.names import key_of
from bookreviews.books.models import Author, Book, Credit, Subject, book_subject, ref
from bookreviews.config import from_environ
from bookreviews.extensions import db, now
from bookreviews.reviews import ratings
from bookreviews.reviews.models import Review
from bookreviews.text import fold, sort_key
from tests import postgres
from tests.browser import hidden
from tests.factories import PASSWORD

ROOT = Path(__file__).parent.parent
BOOKS, REVIEWS, KINDS = 1_000, 20, 50
# Members with a password; the last of them moderates.
MEMBERS = 10
SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe qui ro su ta ve wi xo zu an er il on us".split()
VOCABULARY = ["".join(word) for word in product(SYLLABLES, repeat=3)]


@dataclass
class Site:
    """A database, filled: what a gunicorn that serves it needs."""

    name: str
    environ: dict
    addresses: list  # of the books; the members have reviewed the last one
    postmaster: int | None  # the number of the database's main process


def words(some, number):
    """So many words, as a sentence that nobody has written yet."""
    return " ".join(some.choices(VOCABULARY, k=number)).capitalize() + "."


@contextmanager
def databases(folder):
    """The addresses of empty databases by their names; where no PostgreSQL can be had, of one alone."""
    with postgres.database() as url:
        found = {"SQLite": f"sqlite:///{folder}/site.db", "PostgreSQL": url}
        yield {name: address for name, address in found.items() if address}


def prepare(name, url, folder):
    """Make the tables of a site and fill them."""
    environ = {"DATABASE_URL": url, "SECRET_KEY": "benchmark", "INSTANCE": folder}
    app = create_app(from_environ(environ, folder))
    with app.app_context():
        flask_migrate.upgrade(ROOT / "migrations")
        fill(random.Random(7))
        addresses = [f"/books/{ref(*row)}" for row in db.session.execute(sa.select(Book.id, Book.title).order_by(Book.id))]
        db.session.remove()
        db.engine.dispose()
    return Site(name, environ, addresses, None if name == "SQLite" else postmaster(url))


def postmaster(url):
    """The main process of a PostgreSQL that runs here."""
    with psycopg.connect(url) as connection:
        return psutil.Process(connection.info.backend_pid).ppid()


def fill(some):
    """Write the books, the members and the reviews, each kind at once."""
    long_ago = now() - timedelta(days=200)
    members = insert(User, [member(f"reader{number}", None, long_ago) for number in range(REVIEWS)])
    password = hash_password(PASSWORD)
    insert(User, [member(f"member{number}", password, long_ago) for number in range(MEMBERS)])
    promote(f"member{MEMBERS - 1}")
    books = fill_catalogue(some)
    insert(Review, [review(some, book, number, long_ago) for book in books for number in members])
    writers = db.session.scalars(sa.select(User.id).where(User.password.is_not(None))).all()
    # A member who has never written is a stranger, whom the site looks at more closely.
    insert(Review, [review(some, books[-1], number, long_ago) for number in writers])
    db.session.execute(sa.text("ANALYZE"))  # without which PostgreSQL takes long to count
    ratings.tally_all(books, "written")
    db.session.commit()


def fill_catalogue(some):
    """Write the books, their authors and subjects.

    :returns: the ids of the books.
    """
    titles = [words(some, 3)[:-1] for _ in range(BOOKS)]
    facts = [
        {"title": title, "sort_title": sort_key(title), "match_key": f"{fold(title)}|", "description": words(some, 60),
         "language": "en", "first_published": 1900 + number % 120}
        for number, title in enumerate(titles)
    ]  # fmt: skip
    books = insert(Book, facts)
    authors = insert(Author, [{"name": f"Author {n}", "name_key": f"author {n}"} for n in range(BOOKS // 3 + 1)])
    kinds = insert(Subject, [{"name": f"Kind {number}", "slug": f"kind-{number}"} for number in range(KINDS)])
    insert(Credit, [{"book_id": book, "author_id": authors[place // 3]} for place, book in enumerate(books)])
    pairs = [{"book_id": book, "subject_id": kinds[place % KINDS]} for place, book in enumerate(books)]
    db.session.execute(book_subject.insert(), pairs)
    return books


def insert(model, rows):
    """Write rows of a model.

    :returns: their ids in order, where they have one.
    """
    if model is Credit or model is Review:
        db.session.execute(sa.insert(model), rows)
        return None
    return db.session.scalars(sa.insert(model).returning(model.id, sort_by_parameter_order=True), rows).all()


def member(name, password, since):
    facts = {"email": f"{name}@example.org", "username": name, "username_key": key_of(name)}
    return facts | {"password": password, "created_at": since, "confirmed_at": since}


def promote(name):
    """Make somebody a moderator."""
    [role] = insert(Role, [{"name": "moderator"}])
    user = db.session.scalar(sa.select(User.id).where(User.username == name))
    db.session.execute(user_role.insert().values(user_id=user, role_id=role))


def review(some, book, user, since):
    first, second = words(some, 40), words(some, 40)
    return {
        "book_id": book, "user_id": user, "name": f"reader {user}", "rating": some.randint(3, 10), "title": words(some, 4),
        "body": f"{first}\n\n{second}", "body_html": f"<p>{first}</p>\n<p>{second}</p>\n", "language": "en",
        "created_at": since, "version": 1,
    }  # fmt: skip


class Reader:
    """A browser that keeps its cookies."""

    def __init__(self, server):
        self.client, self.cookie = Client(server.port), ""

    def get(self, path):
        return self.asked(get(path, accept_encoding="identity", cookie=self.cookie))

    def post(self, path, form):
        return self.asked(self.posted(path, form))

    def asked(self, request):
        answer = self.client.send(request)
        self.cookie = cookies(answer[1]) or self.cookie
        return answer

    def posted(self, path, form):
        """The bytes of a POST."""
        return message("POST", path, {"cookie": self.cookie}, urlencode(form).encode())

    def fields(self, path):
        """The hidden fields of the form at `path`."""
        return hidden(BeautifulSoup(self.get(path)[2], "html.parser").main.find("form", method="post"))


class Member(Reader):
    """A reader who has logged in."""

    def __init__(self, server, name):
        super().__init__(server)
        status, *_ = self.post("/login", self.fields("/login") | {"email": name, "password": PASSWORD})
        assert status == 303, f"logging in: {status}"

    def reviews(self, addresses, some):
        """The bytes of reviews of books that this member has not reviewed yet."""
        form = self.fields(f"{addresses[0]}/review")
        for address in addresses:
            said = {"rating": some.randint(3, 10), "title": words(some, 4), "body": words(some, 80)}
            yield self.posted(f"{address}/review", form | said)


def cookies(head):
    """The cookies that an answer sets, as they are sent back."""
    return "; ".join(found.decode() for found in re.findall(rb"(?im)^set-cookie: ([^;]+)", head))
