"""A guest becomes a member, and loses nothing."""

import pytest
import sqlalchemy as sa

from bookreviews.books.models import Book
from bookreviews.extensions import db
from bookreviews.reviews.models import Review, Version
from bookreviews.votes.models import Vote
from tests.browser import Browser
from tests.factories import PASSWORD, a_book, a_reader, a_review


def wrote(browser, book, body="As a guest.", rating=8):
    """A review written in a browser by whoever sits there."""
    form = f"/books/{book.ref}/review"
    name = {} if "Log out" in browser.get("/").words else {"name": "Annie"}
    browser.post(form, rating=rating, body=body, title="", **name)


def reviews():
    db.session.expire_all()
    return db.session.scalars(sa.select(Review).order_by(Review.id)).all()


@pytest.fixture
def ann(app):
    return a_reader("ann")


@pytest.fixture
def dune(app):
    return a_book("Dune", ["Frank Herbert"])


def test_whoever_logs_in_keeps_what_this_browser_has_written(browser, ann, dune):
    wrote(browser, dune)
    browser.log_in(ann)
    (review,) = reviews()
    assert (review.user_id, review.guest, review.name, review.version) == (ann.id, None, "ann", 2)
    assert "As a guest." in browser.get(f"/books/{dune.ref}/review").words
    assert "ann" in browser.get(f"/books/{dune.ref}").page.select_one(".review-by").text


def test_whoever_registers_keeps_it_too(browser, dune):
    wrote(browser, dune)
    browser.post("/register", email="ann@example.org", username="ann", password=PASSWORD)
    browser.post("/login", email="ann", password=PASSWORD)
    assert reviews()[0].name == "ann"


def test_the_guest_is_forgotten_when_its_reviews_have_an_owner(app, browser, ann, dune):
    wrote(browser, dune)
    browser.log_in(ann)
    browser.send("/logout", {"csrf_token": browser.get("/").page.find("form", action="/logout").input["value"]})
    assert "Write a review" in browser.get(f"/books/{dune.ref}/review").page.h1


def test_what_waits_to_be_chosen_is_not_shown_as_somebody_elses(browser, ann, dune):
    a_review(dune, by=ann, body="As a member.")
    wrote(browser, dune)
    browser.log_in(ann)
    assert "As a guest." not in browser.get("/").words


def test_nobody_elses_reviews_are_taken(browser, ann, dune):
    other = a_review(dune, guest="somebody else")
    wrote(browser, dune)
    browser.log_in(ann)
    assert [review.user_id for review in reviews()] == [None, ann.id]
    assert reviews()[0].guest == other.guest


def test_a_held_review_is_public_once_it_has_an_owner(app, browser, ann, dune, monkeypatch):
    monkeypatch.setitem(app.config, "GUEST_REVIEWS", "held")
    wrote(browser, dune)
    assert db.session.get(Book, dune.id).ratings_count == 0
    browser.log_in(ann)
    db.session.expire_all()
    assert db.session.get(Book, dune.id).ratings_count == 1


@pytest.fixture
def twice(browser, ann, dune):
    """Ann has reviewed Dune with her account, and in this browser as a guest."""
    a_review(dune, rating=4, by=ann, body="With my account.")
    wrote(browser, dune, rating=9)
    browser.log_in(ann)
    return browser


def test_of_two_reviews_of_a_book_the_person_sees_both(twice, dune):
    assert "both as a guest and with your account" in twice.get("/books").words
    page = twice.get("/settings/guest-reviews")
    assert "With my account." in page.words and "As a guest." in page.words and "Dune" in page.words
    assert [review.body for review in reviews()] == ["With my account.", "As a guest."], "neither is lost before that"


def test_the_guests_is_kept_and_the_other_becomes_its_earlier_version(twice, ann, dune):
    answer = twice.post("/settings/guest-reviews", keep="guest")
    assert answer.location == "/readers/ann"
    (review,) = reviews()
    assert (review.body, review.rating, review.user_id) == ("As a guest.", 9, ann.id)
    assert db.session.scalar(sa.select(Version.body)) == "With my account."
    assert (db.session.get(Book, dune.id).ratings_count, db.session.get(Book, dune.id).ratings_sum) == (1, 9)
    assert "both as a guest" not in twice.get("/books").words


def test_the_accounts_is_kept_and_the_guests_is_gone(twice, dune):
    twice.post("/settings/guest-reviews", keep="member")
    assert [(review.body, review.rating) for review in reviews()] == [("With my account.", 4)]
    assert db.session.get(Book, dune.id).ratings_sum == 4
    form = twice.get(f"/books/{dune.ref}/review").page.find("textarea", {"name": "body"})
    assert form.text.strip() == "As a guest.", "its words are a draft now"


def test_choosing_twice_is_harmless(twice, dune):
    form = {
        "csrf_token": twice.get("/settings/guest-reviews").page.main.find("input")["value"],
        "book": dune.id,
        "keep": "guest",
    }
    twice.send("/settings/guest-reviews", form)
    twice.send("/settings/guest-reviews", form)
    assert len(reviews()) == 1


def test_one_book_after_the_other_is_chosen(browser, ann, dune):
    other = a_book("Emma", ["Jane Austen"])
    for book in (dune, other):
        a_review(book, by=ann)
        wrote(browser, book)
    browser.log_in(ann)
    assert browser.post("/settings/guest-reviews", keep="guest").location == "/settings/guest-reviews"
    assert browser.post("/settings/guest-reviews", keep="guest").location == "/readers/ann"


@pytest.mark.parametrize(
    "fields",
    [
        {"book": "x", "keep": "guest"},
        {"book": "99999999999", "keep": "guest"},
        {"keep": "both"},
        {"book": "-1", "keep": "guest"},
    ],
)
def test_nonsense_changes_nothing(twice, fields):
    token = twice.get("/settings/guest-reviews").page.main.find("input")["value"]
    twice.send("/settings/guest-reviews", {"csrf_token": token} | fields, 400)
    assert len(reviews()) == 2


def test_a_deleted_review_comes_along_and_does_not_stand_in_the_way(browser, ann, dune):
    wrote(browser, dune)
    browser.post(f"/books/{dune.ref}/review/delete")
    browser.log_in(ann)
    assert "Undo" in browser.get(f"/books/{dune.ref}/review/delete").words


def test_a_review_deleted_with_the_account_gives_way_to_the_guests(browser, ann, dune):
    review = a_review(dune, by=ann, body="Old words.")
    review.delete()
    db.session.commit()
    wrote(browser, dune)
    browser.log_in(ann)
    assert [(review.body, review.user_id, review.deleted) for review in reviews()] == [("As a guest.", ann.id, False)]


def test_nobody_keeps_a_vote_on_their_own_review(browser, ann, dune):
    wrote(browser, dune)
    (review,) = reviews()
    other = Browser(browser.app).log_in(ann)
    form = other.get(f"/reviews/{review.id}").page.main.find("form", action=lambda action: action and action.endswith("/vote"))
    other.send(form["action"], {"csrf_token": form.find("input")["value"], "helpful": "yes"})
    assert reviews()[0].helpful == 1
    browser.log_in(ann)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Vote)) == 0
    assert reviews()[0].helpful == 0


def test_visitors_are_sent_to_log_in(browser):
    assert browser.get("/settings/guest-reviews", 302).location.startswith("/login")
