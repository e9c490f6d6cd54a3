"""What moderators decided on a guest's review is not shaken off by logging in."""

import pytest

from bookreviews.drafts.models import Draft
from bookreviews.extensions import db, now
from bookreviews.moderation import cases
from bookreviews.reviews.models import Review
from tests.browser import Browser
from tests.factories import a_book, a_moderator, a_reader, a_review

HIDE = {"action": "hide", "rule": "spam", "reason": "It sells pills."}
SPAM = {"rating": 2, "body": "Buy my pills.", "name": "Ann"}


@pytest.fixture
def book(app):
    return a_book("Dune")


@pytest.fixture
def mo(app):
    return Browser(app).log_in(a_moderator("mo"))


def write(browser, book, **words):
    browser.post(f"/books/{book.ref}/review", **(SPAM | words))
    return db.session.query(Review).order_by(Review.id.desc()).first()


def words(app, book):
    return Browser(app).get(f"/books/{book.ref}").words


def test_what_a_moderator_holds_stays_held(app, browser, book, mo):
    review = write(browser, book)
    mo.post(f"/moderation/reviews/{review.id}", action="hold", reason="Let us look.")
    browser.log_in(a_reader("bob"))
    assert "Buy my pills." not in words(app, book)
    assert "waits for a look" in browser.get(f"/reviews/{review.id}").words


def test_what_waits_only_as_a_guests_is_published(app, browser, book, monkeypatch):
    monkeypatch.setitem(app.config, "GUEST_REVIEWS", "held")
    review = write(browser, book)
    browser.log_in(a_reader("bob"))
    assert "Buy my pills." in words(app, book)
    assert cases.waiting(db.session.get(Review, review.id)) is None


def test_what_was_removed_stays_removed_when_it_is_chosen(app, browser, book, mo):
    review, bob = write(browser, book), a_reader("bob")
    a_review(book, by=bob, body="An honest word.")
    mo.post(f"/moderation/reviews/{review.id}", **HIDE)
    browser.log_in(bob)
    browser.post("/settings/guest-reviews", keep="guest")
    assert "Buy my pills." not in words(app, book)
    assert "1 removed by moderators" in words(app, book)


def test_ones_own_words_are_not_removed_with_those_of_the_guest(app, browser, book, mo):
    review, bob = write(browser, book), a_reader("bob")
    a_review(book, by=bob, body="An honest word.")
    mo.post(f"/moderation/reviews/{review.id}", **HIDE)
    browser.log_in(bob)
    browser.post("/settings/guest-reviews", keep="member")
    assert "An honest word." in words(app, book)


@pytest.mark.parametrize("moment", ["hidden_at", "left_out_at"])
def test_what_was_decided_on_a_deleted_review_is_inherited(app, browser, book, moment, cli):
    bob = a_reader("bob")
    a_review(book, by=bob, deleted_at=now(), **{moment: now()})
    write(browser, book)
    browser.log_in(bob)
    db.session.refresh(book)
    assert book.ratings_count == 0
    assert cli("ratings", "verify").output == "0 wrong.\n"


def test_a_bomb_by_guests_who_register_afterwards_waits(app, book):
    for number in range(12):
        browser = Browser(app)
        review = write(browser, book, rating=1, body="")
        db.session.query(Review).filter_by(id=review.id).update({"created_at": now().replace(year=2020)})
        db.session.commit()
        browser.log_in(a_reader(f"new{number}"))
    db.session.refresh(book)
    assert book.ratings_count == 0
    assert "12 new ratings wait" in words(app, book)


def test_nor_does_it_help_to_delete_and_undo(app, book):
    first = [Browser(app).log_in(a_reader()) for _ in range(8)]
    for browser in first:
        write(browser, book, rating=1, body="")
        browser.post(f"/books/{book.ref}/review/delete")
    for _ in range(6):
        write(Browser(app).log_in(a_reader()), book, rating=1, body="")
    for browser in first:
        token = browser.form(f"/books/{book.ref}/review/delete").find("input", {"name": "csrf_token"})["value"]
        browser.send(f"/books/{book.ref}/review/restore", {"csrf_token": token})
    db.session.refresh(book)
    assert book.ratings_count == 0


def test_a_draft_that_is_there_takes_in_what_the_guest_said(browser, book):
    write(browser, book, body="As a guest.")
    bob = a_reader("bob")
    a_review(book, by=bob, body="As a member.")
    db.session.add(Draft(user_id=bob.id, book_id=book.id, body="As a draft.", began_from=1))
    db.session.commit()
    browser.log_in(bob)
    browser.post("/settings/guest-reviews", keep="member")
    assert db.session.query(Draft).one().body == "As a draft.\n\nAs a guest."
