"""A site as it is served, by several gunicorns on one database, and visitors who read and write there all at once."""

import os
import random
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import flask_migrate
from bs4 import BeautifulSoup, SoupStrainer
from flask import request

from bookreviews import create_app, replicas
from bookreviews.config import from_environ
from bookreviews.extensions import db
from tests.browser import hidden
from tests.factories import a_book, a_review

ROOT = Path(__file__).parent.parent
PORTS = 8901, 8902
BOOKS, REVIEWS = 100, 10  # of each


def site():
    """The site for gunicorn, at no pace; its answers say whether they were read from a replica."""
    app = create_app(from_environ(os.environ, "instance") | {"RATELIMIT_ENABLED": False})

    @app.after_request
    def tell(response):
        response.headers["Read-From"] = "primary" if replicas.position(request.environ) is None else "replica"
        return response

    return app


def environment(**settings):
    """Settings of the site, which keeps no pages: all are read from a database."""
    return {"SECRET_KEY": "benchmark", "SPAM_SECONDS": "0", "PAGE_CACHE_MB": "0"} | settings


def fill(settings):
    """Make the tables, and books with reviews.

    :returns: the paths of the books.
    """
    app = create_app(from_environ(settings, "instance") | {"DATABASE_REPLICA_URLS": []})
    with app.app_context():
        flask_migrate.upgrade(ROOT / "migrations")
        books = [a_book(f"Book {number}", [f"Writer {number}"]) for number in range(BOOKS)]
        for book in books:
            for _ in range(REVIEWS):
                a_review(book)
        paths = [f"/books/{book.ref}" for book in books]
        db.session.remove()
        db.engine.dispose()
    return paths


@contextmanager
def served(settings):
    """The site, served by a gunicorn at each port."""
    command = [sys.executable, "-m", "gunicorn", "--workers", "1", "benchmarks.storm:site()", "--bind"]
    with ExitStack() as stack:
        for port in PORTS:
            server = subprocess.Popen([*command, f"127.0.0.1:{port}"], env=os.environ | settings, cwd=ROOT)
            stack.callback(server.wait)
            stack.callback(server.terminate)
            wait_for(lambda port=port: Visitor(port).get("/healthz").status == 200)
        yield


def wait_for(happens, seconds=30):
    """Wait for what happens by itself.

    :returns: after how many seconds.
    """
    begin = time.monotonic()
    while time.monotonic() < begin + seconds:
        try:
            if happens():
                return time.monotonic() - begin
        except OSError:  # nobody is there yet
            pass
        time.sleep(0.02)
    raise TimeoutError


class Visitor:
    """Somebody with a browser that keeps cookies, who asks any of the gunicorns."""

    def __init__(self, *ports):
        self.ports = ports or PORTS
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path, data=None):
        """The answer, at the end of all redirects, its text as `answer.text`."""
        asked = urllib.request.Request(f"http://127.0.0.1:{random.choice(self.ports)}{path}", data)
        try:
            answer = self.opener.open(asked, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            answer.text = answer.read().decode()
        return answer

    def write(self, book, words):
        """Write one's review of a book, or change the one there is."""
        page = BeautifulSoup(self.get(f"{book}/review").text, "html.parser", parse_only=SoupStrainer("main"))
        fields = hidden(page.find("form", method="post")) | {"rating": 8, "title": "", "body": words, "name": "Ann"}
        return self.get(f"{book}/review", urlencode(fields).encode())


class Storm:
    """Threads that each do the same again and again, and what came of it."""

    def __init__(self):
        self.counts, self.lock, self.over = {}, threading.Lock(), threading.Event()

    def note(self, *names):
        with self.lock:
            for name in names:
                self.counts[name] = self.counts.get(name, 0) + 1

    def read(self, books):
        """Read a book's page, or a list."""
        answer = Visitor().get(random.choice([*books, "/", "/books", "/search?q=book"]))
        self.note("read", answer.headers["Read-From"], *(["error"] if answer.status != 200 else []))

    def write(self, books):
        """Write about some books, and look each time whether it is there, at whichever gunicorn."""
        visitor = Visitor()
        for _ in range(5):
            book, words = random.choice(books), f"Words {random.random()}, and more of them."
            if visitor.write(book, words).status != 200:
                self.note("error")
                continue
            self.note("review")
            for _ in range(3):
                answer = visitor.get(book)
                self.note("looked", f"looked at {answer.headers['Read-From']}")
                self.note(*(["error"] if answer.status != 200 else ["violation"] if words not in answer.text else []))
                time.sleep(random.random() * 0.3)

    @contextmanager
    def rages(self, books, readers, writers):
        """As long as this lasts, so many read and write."""

        def work(act):
            while not self.over.is_set():
                try:
                    act(books)
                except OSError:
                    self.note("error")

        threads = [threading.Thread(target=work, args=(act,)) for act in [self.read] * readers + [self.write] * writers]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self.over.set()
            for thread in threads:
                thread.join()

    def __getitem__(self, name):
        return self.counts.get(name, 0)
