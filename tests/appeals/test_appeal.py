"""Appealing against the removal of one's review."""

import pytest

from bookreviews.accounts.models import User
from bookreviews.extensions import db
from tests.browser import Browser
from tests.factories import a_book, a_moderator, a_reader, a_review

HIDE = {"action": "hide", "rule": "spam", "reason": "It sells pills."}
WORDS = {"words": "It was a joke on pills."}


@pytest.fixture
def review(app):
    return a_review(a_book("Dune"), by=a_reader("bob"), body="Buy my pills.")


@pytest.fixture
def bob(app, review):
    return Browser(app).login(db.session.get(User, review.user_id))


@pytest.fixture
def mo(app):
    return Browser(app).login(a_moderator("mo"))


def address(review):
    return f"/reviews/{review.id}/appeal"


def remove(mo, review):
    mo.post(f"/moderation/reviews/{review.id}", **HIDE)


def test_the_writer_says_why_it_should_stand(bob, mo, review):
    remove(mo, review)
    link = bob.get(f"/reviews/{review.id}").page.find("a", string="Appeal")["href"]
    answer = bob.post(link, **WORDS)
    assert "Somebody looks at it again" in bob.follow(answer).words
    assert "Appeal: Dune" in mo.get("/moderation").words


def test_an_appeal_without_words_is_asked_for_some(bob, mo, review):
    remove(mo, review)
    assert "Please say why" in bob.post(address(review), 422, words=" ").words


def test_one_can_appeal_once(bob, mo, review):
    remove(mo, review)
    form = bob.form(address(review))
    token = form.find("input", {"name": "csrf_token"})["value"]
    bob.send(address(review), WORDS | {"csrf_token": token})
    answer = bob.send(address(review), WORDS | {"csrf_token": token})
    assert "You have appealed already" in bob.follow(answer).words
    assert mo.get("/moderation").words.count("Appeal: Dune") == 1


def test_there_is_nothing_to_appeal_against_where_a_review_stands(bob, review):
    assert "nothing to appeal against" in bob.follow(bob.get(address(review), 303)).words


def test_nobody_appeals_for_others(app, mo, review):
    remove(mo, review)
    Browser(app).login(a_reader()).get(address(review), 404)
    Browser(app).get(address(review), 404)


def test_a_guest_appeals_from_the_browser_it_was_written_in(browser, mo, review):
    browser.post("/books/1/review", rating=2, title="", body="Pills!", name="Ann")
    remove(mo, type(review)(id=review.id + 1))
    assert "It sells pills." in browser.get(f"/reviews/{review.id + 1}").words
    browser.post(f"/reviews/{review.id + 1}/appeal", **WORDS)
    assert "Appeal: Dune" in mo.get("/moderation").words
