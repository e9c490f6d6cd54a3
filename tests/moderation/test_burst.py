"""Deciding on a burst of ratings."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bookreviews.extensions import db, now
from bookreviews.moderation import cases
from bookreviews.reviews.models import Review
from tests.browser import Browser, hidden
from tests.factories import a_book, a_moderator, a_reader, a_review


@pytest.fixture
def mo(app):
    return Browser(app).login(a_moderator())


@pytest.fixture
def book(app):
    """A book with one rating that counts and two that wait."""
    book = a_book("Dune")
    a_review(book, rating=9, by=a_reader(password=None))
    for _ in range(2):
        a_review(book, rating=1, by=a_reader(password=None), waits_until=now() + timedelta(hours=72))
    cases.opened("burst", book_id=book.id)
    db.session.commit()
    return book


def address(mo):
    return mo.get("/moderation").page.select_one(".queue a")["href"]


def numbers(book):
    db.session.refresh(book)
    return book.ratings_count, book.ratings_sum


def test_a_moderator_lets_them_count(mo, browser, book, cli):
    assert numbers(book) == (1, 9)
    mo.post(address(mo), action="count", reason="It is in the news.")
    assert numbers(book) == (3, 11)
    assert "Waiting ratings counted" in browser.get(f"/books/{book.ref}/rating").words
    assert cli("ratings", "verify").output == "0 wrong.\n"


def test_or_leaves_them_out_of_the_score_but_on_the_page(mo, browser, book, cli):
    mo.post(address(mo), action="leave_out", rule="fake", reason="A campaign.")
    assert numbers(book) == (1, 9)
    words = browser.get(f"/books/{book.ref}").words
    assert "2 left out after a look" in words
    assert words.count("left out of the score") == 2
    assert cli("ratings", "verify").output == "0 wrong.\n"


def test_to_leave_them_out_needs_a_reason(mo, book):
    assert "Please give a reason" in mo.post(address(mo), 422, action="leave_out", reason="").words


def test_what_is_decided_is_not_decided_again(mo, book):
    where = address(mo)
    form = hidden(mo.form(where))
    mo.send(where, form | {"action": "count", "reason": "It is in the news."})
    answer = mo.send(where, form | {"action": "leave_out", "reason": "A campaign."}, 422)
    assert "This was decided meanwhile" in answer.words
    assert "A campaign." in answer.words
    assert not mo.get(where).page.main.find("button")
    assert db.session.scalar(sa.select(sa.func.count()).where(Review.left_out_at.is_not(None))) == 0
