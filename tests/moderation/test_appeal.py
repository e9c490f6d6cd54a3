"""Deciding on an appeal."""

import pytest

from bookreviews.accounts.models import User
from bookreviews.extensions import db
from tests.browser import Browser, hidden
from tests.factories import a_book, a_moderator, a_reader, a_review

HIDE = {"action": "hide", "rule": "spam", "reason": "It sells pills."}


@pytest.fixture
def review(app):
    return a_review(a_book("Dune"), rating=2, by=a_reader("bob"), body="Buy my pills.")


@pytest.fixture
def mo(app, review):
    """Who removed it."""
    mo = Browser(app).login(a_moderator("mo"))
    mo.post(f"/moderation/reviews/{review.id}", **HIDE)
    return mo


@pytest.fixture
def bob(app, mo, review):
    """Its writer, who has appealed."""
    bob = Browser(app).login(db.session.get(User, review.user_id))
    bob.post(f"/reviews/{review.id}/appeal", words="It was a joke on pills.")
    return bob


@pytest.fixture
def ada(app):
    return Browser(app).login(a_moderator("ada", role="admin"))


def address(moderator):
    return moderator.get("/moderation?kind=appeal").page.select_one(".queue a")["href"]


def test_another_moderator_can_bring_the_review_back(bob, ada, browser, review):
    page = ada.get(address(ada)).words
    assert "It was a joke on pills." in page
    assert "Buy my pills." in page
    ada.post(address(ada), action="restore", reason="It is one.")
    assert "Buy my pills." in browser.get(f"/reviews/{review.id}").words
    assert "It is one." in bob.get("/").words


def test_or_let_the_removal_stand_and_its_writer_reads_why(bob, ada, browser, review):
    assert "You appealed on" in bob.get(f"/reviews/{review.id}").words
    ada.post(address(ada), action="uphold", reason="It still sells pills.")
    assert "It still sells pills." in bob.get(f"/reviews/{review.id}").words
    browser.get(f"/reviews/{review.id}", 410)


def test_who_removed_it_does_not_decide_where_there_is_another(bob, mo, ada, review):
    page = mo.get(address(mo))
    assert "another moderator decides" in page.words
    assert not page.page.find("button", value="restore")
    token = mo.get("/appearance").page.main.find("input", {"name": "csrf_token"})["value"]
    answer = mo.send(address(mo), {"csrf_token": token, "action": "restore", "reason": "x"}, 422)
    assert "another moderator decides" in answer.words


def test_where_there_is_no_other_one_must_do(bob, mo, browser, review):
    mo.post(address(mo), action="restore", reason="I was wrong.")
    browser.get(f"/reviews/{review.id}")


def test_what_is_decided_is_not_decided_again(bob, ada, mo, review):
    where = address(ada)
    form = hidden(ada.form(where))
    ada.send(where, form | {"action": "uphold", "reason": "No."})
    answer = ada.send(where, form | {"action": "restore", "reason": "A joke, to my mind."}, 422)
    assert "This appeal has been decided." in answer.words
    assert "A joke, to my mind." in answer.words
    assert "No." in ada.get(where).words


def test_a_removal_that_stands_needs_a_reason(bob, ada):
    assert "Please give a reason" in ada.post(address(ada), 422, action="uphold", reason="").words


def test_restoring_the_review_itself_closes_the_appeal(bob, ada, review):
    ada.post(f"/moderation/reviews/{review.id}", action="restore", reason="It was a joke.")
    assert "Nothing waits." in ada.get("/moderation").words
