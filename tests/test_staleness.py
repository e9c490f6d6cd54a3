"""Whatever readers and moderators do: a page that is kept is the page that would be made now."""

import random

from bs4 import BeautifulSoup

from tests.browser import Browser
from tests.conftest import wait_until
from tests.deeds import Deeds
from tests.factories import a_book, a_moderator, a_reader, a_review

DEEDS = 100


class Doer:
    """Somebody who has logged in, in whose answers nothing is wrong, even where they are refusals."""

    def __init__(self, app, user):
        self.browser = Browser(app).login(user)

    def form(self, path):
        answer = self.browser.open("GET", path)
        return BeautifulSoup(answer.text, "html.parser").main.find("form", method="post") if answer.status_code == 200 else None

    def send(self, path, fields):
        answer = self.browser.open("POST", path, data=fields)
        assert answer.status_code in (303, 404, 409, 422), f"{path}: {answer.status}"
        return answer.status_code, answer.location


def read(app, paths):
    """The pages at these addresses, as visitors get them."""
    visitor = app.test_client(use_cookies=False)
    return {path: visitor.get(path, buffered=True).data for path in paths}


def made_now(app, paths):
    """The same, as they would be if none were kept; those that are kept stay so."""
    cache = app.extensions["pages"]
    kept = cache.pages
    cache.forget()
    made = read(app, paths)
    cache.pages = kept
    return made


def test_a_page_that_is_kept_is_the_page_that_would_be_made_now(app):
    books = [a_book(title, [author]) for title, author in (("Dune", "Frank Herbert"), ("Emma", "Jane Austen"))]
    readers = [a_reader(name) for name in ("ann", "ben", "cleo")]
    for book in books:
        a_review(book, by=readers[0])
    addresses = [f"/books/{book.ref}" for book in books]
    paths = ["/", "/books", "/decisions", "/readers/ann", "/authors/1-frank-herbert", "/reviews/1", "/reviews/1/changes"]
    paths += [address + part for address in addresses for part in ("", "?sort=newest", "/rating", "/history")]
    some = random.Random(5)
    doers = [Doer(app, user) for user in (*readers, a_moderator("mo"))]
    deeds = Deeds(some, doers[:-1], doers[-1], addresses, lambda: f"Words {some.random()}")
    wait_until(lambda: app.extensions["news"].reliable)
    read(app, paths)
    for _ in range(DEEDS):
        deeds.do()
        asked = some.sample(paths, 5)
        assert read(app, asked) == made_now(app, asked)
    assert deeds.done > DEEDS / 2
