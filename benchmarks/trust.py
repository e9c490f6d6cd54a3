"""What a review bomb and an honest surge do to a score, and whether the numbers hold: under a storm, and at any size.

    python -m benchmarks.trust [--ratings 1000000] [--seconds 60] [--postgres postgresql://…]

The storm, and the verification at size, run on PostgreSQL where one is named or can be started, else on SQLite.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import flask_migrate
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from bookreviews import create_app
from bookreviews.accounts.models import User
from bookreviews.books.models import Book
from bookreviews.config import from_environ
from bookreviews.extensions import db, now
from bookreviews.moderation import deciding
from bookreviews.moderation.deciding import Settled, Verdict
from bookreviews.moderation.judges import Judge
from bookreviews.reviews import ratings
from bookreviews.reviews.jobs import release_all
from bookreviews.reviews.models import Review
from tests import postgres
from tests.browser import Browser, hidden
from tests.factories import a_book, a_moderator, a_reader, a_review

ROOT = Path(__file__).parent.parent
LONG_AGO = timedelta(days=400)
BATCH = 10_000
CHEAP = {"argon2__memory_cost": 8, "argon2__time_cost": 1, "argon2__parallelism": 1}


@contextmanager
def site(url, **settings):
    """A site with an empty database."""
    with tempfile.TemporaryDirectory() as folder:
        config = from_environ({"SECRET_KEY": "benchmark", "DATABASE_URL": url or f"sqlite:///{folder}/site.db"}, folder)
        config |= {"RATELIMIT_ENABLED": False, "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": CHEAP, "TESTING": True}
        app = create_app(config | settings)
        with app.app_context():
            flask_migrate.upgrade(ROOT / "migrations")
            yield app
            db.session.remove()
            db.engine.dispose()


def say(app, book, when):
    """Print a book's score, and what a visitor reads of it."""
    db.session.refresh(book)
    page = Browser(app).get(f"/books/{book.ref}").page
    card = " ".join(page.select_one(".score-card").get_text(" ").split())
    notice = page.select_one("section .notice")
    print(f"  {when}: {book.average:.3f} of {book.ratings_count} ratings")
    print(f"    a visitor reads: {card[:330]}")
    if notice:
        print(f"    and: {' '.join(notice.get_text(' ').split())}")


def honest_book(title="Dune", count=200):
    """A book with honest ratings of the last months, by readers who rate others too."""
    book, other = a_book(title), a_book(f"Not {title}")
    for number in range(count):
        reader = a_reader(password=None, created_at=now() - LONG_AGO)
        moment = now() - timedelta(days=2 + 88 * number / count)
        a_review(book, rating=random.Random(number).choice((7, 8, 8, 9, 9, 10)), by=reader, created_at=moment)
        a_review(other, by=reader, created_at=now() - LONG_AGO)
    return book


def rate(app, book, reader, rating):
    Browser(app).login(reader).post(f"/books/{book.ref}/review", rating=rating)


def bomb(app):
    """500 one-star ratings by new accounts within an hour."""
    print("A bomb: 500 ratings of ½ and 1 star by new accounts, on a book with 200 honest ones")
    book = honest_book()
    say(app, book, "before")
    for number in range(500):
        rate(app, book, a_reader(), 1 + number % 2)
    say(app, book, "during")
    mo = Browser(app).login(a_moderator())
    queue = mo.get("/moderation").page.select_one(".queue")
    where = queue.a["href"]
    print(f"    a moderator finds: {' '.join(queue.get_text(' ').split())}")
    mo.send(where, hidden(mo.form(where)) | {"action": "leave_out", "rule": "fake", "reason": "A campaign, not readers."})
    say(app, book, "after a moderator left them out")


def unattended(app):
    """The same, where no moderator decides."""
    print("The same, with nobody to decide")
    book = honest_book("Emma")
    for number in range(500):
        rate(app, book, a_reader(), 1 + number % 2)
    say(app, book, "during")
    db.session.execute(sa.update(Review).where(Review.waits_until.is_not(None)).values(waits_until=now()))
    db.session.commit()
    release_all()
    say(app, book, "72 hours later")


def surge(app):
    """500 five-star ratings by accounts with history."""
    print("An honest surge: 500 ratings of 5 stars by accounts with history")
    book, other = honest_book("Persuasion"), a_book("Middlemarch")
    readers = [a_reader(created_at=now() - LONG_AGO) for _ in range(500)]
    for reader in readers:
        a_review(other, by=reader, created_at=now() - LONG_AGO)
    say(app, book, "before")
    for reader in readers:
        rate(app, book, reader, 10)
    say(app, book, "after")


def storm(app, seconds, threads=8):
    """Posts, edits, deletions, decisions and bans at the same moment; then every number is counted again."""
    books = [a_book(f"Book {number}").id for number in range(12)]
    readers = [a_reader(created_at=now() - LONG_AGO) for _ in range(40)]
    sessions = {reader.id: Browser(app).login(reader) for reader in readers}
    judge, done, faults = Judge("admin"), [0] * threads, []
    end = time.monotonic() + seconds

    def work(place):
        chance = random.Random(place)
        while time.monotonic() < end:
            try:
                with app.app_context():
                    act(chance, judge, books, sessions)
                done[place] += 1
            except (Settled, AssertionError):  # overtaken, logged out or banned meanwhile: said so to whoever it was
                pass
            except DBAPIError as error:
                faults.append(type(error.orig).__name__)

    workers = [threading.Thread(target=work, args=(place,)) for place in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    entries = db.session.scalar(sa.text("SELECT count(*) FROM rating_change"))
    print(f"A storm of {seconds} s, {threads} at a time: {sum(done)} actions, {entries} entries in the ledger")
    print(f"  faults: {faults or 'none'}")
    print(f"  books whose numbers or ledger differ from their rows: {len(list(ratings.differences()))}")


def act(chance, judge, books, sessions):
    """One thing that somebody does."""
    user_id, book_id = chance.choice(list(sessions)), chance.choice(books)
    kind = chance.random()
    if kind < 0.75:
        address = f"/books/{book_id}/review"
        form = hidden(sessions[user_id].form(address))
        sessions[user_id].send(address, form | {"rating": chance.randint(1, 10), "body": chance.choice(("", "Fine."))})
    elif kind < 0.82:
        address = f"/books/{book_id}/review/delete"
        sessions[user_id].send(address, hidden(sessions[user_id].form(address)))
    elif kind < 0.97:
        decide(chance, judge, book_id)
    else:
        user = db.session.get(User, user_id)
        ban(user, "unban" if user.banned_at else "ban", judge)


def decide(chance, judge, book_id):
    """Remove, hold, restore or publish a review of a book."""
    ids = db.session.scalars(sa.select(Review.id).where(Review.book_id == book_id)).all()
    if ids:
        review = db.session.get(Review, chance.choice(ids))
        action = chance.choice(deciding.possible(review, None) or ("keep",))
        deciding.on_review(review.id, Verdict(action, "spam", "A storm."), judge, deciding.state(review))
        db.session.commit()


def ban(user, action, judge):
    deciding.on_reader(user, Verdict(action, "spam", "A storm."), judge)
    db.session.commit()


def fill(count):
    """A catalogue with `count` ratings: a hundred of each book, twenty by each reader."""
    books, users = count // 100, count // 20
    first_user = (db.session.scalar(sa.select(sa.func.max(User.id))) or 0) + 1
    first_book = (db.session.scalar(sa.select(sa.func.max(Book.id))) or 0) + 1
    insert(Book, books, lambda n: {"title": f"B{n}", "sort_title": f"b{n}", "match_key": f"b{n}|", "created_at": now()})
    insert(User, users, lambda n: {
        "email": f"u{n}@x", "username": f"u{n}", "username_key": f"u{n}", "active": True, "sample": False,
        "created_at": now(), "fs_uniquifier": f"u{n}",
    })  # fmt: skip
    insert(Review, books * 100, lambda n: {
        "book_id": first_book + n // 100, "user_id": first_user + n % users, "name": "u", "rating": 1 + n % 10,
        "title": "", "body": "" if n % 3 else "Fine.", "body_html": "", "spoilers": False, "knows_author": False,
        "helpful": 0, "unhelpful": 0, "votes_before": 0, "helpfulness": 0.0, "created_at": now(), "version": 1,
    })  # fmt: skip
    for start in range(first_book, first_book + books, 1000):
        ratings.tally_all(list(range(start, min(start + 1000, first_book + books))), "sample")
        db.session.commit()


def insert(model, count, row):
    """Insert `count` rows of a model, some at a time."""
    for start in range(0, count, BATCH):
        db.session.execute(sa.insert(model.__table__), [row(n) for n in range(start, min(start + BATCH, count))])
        db.session.commit()


def verify(app, count):
    """How long `flask ratings verify` takes, and how much memory."""
    begin = time.perf_counter()
    fill(count)
    there = db.session.scalar(sa.select(sa.func.count()).select_from(Review))
    print(f"{there:,} ratings of {there // 100:,} books written in {time.perf_counter() - begin:.0f} s")
    db.session.remove()
    env = os.environ | {
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", ""),
        "SECRET_KEY": "benchmark",
    }
    begin = time.perf_counter()
    run = [sys.executable, "-m", "flask", "--app", "bookreviews", "ratings", "verify"]
    answer = subprocess.run(run, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"ratings verify: {answer.stdout.splitlines()[-1]} {time.perf_counter() - begin:.1f} s, {peak:.0f} MB")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ratings", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--postgres", help="the address of an empty database")
    args = parser.parse_args()
    with site(None) as app:
        bomb(app)
        unattended(app)
        surge(app)
    with postgres.database() as found:
        url = args.postgres or found
        print("on", "PostgreSQL" if url else "SQLite")
        with site(url) as app:
            storm(app, args.seconds)
            verify(app, args.ratings)


if __name__ == "__main__":
    main()
