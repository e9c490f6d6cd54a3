"""A form opened as one and sent as another: nothing is published under a name that its writer did not see."""

import pytest
import sqlalchemy as sa

from bookreviews.accounts.models import Login
from bookreviews.extensions import db
from bookreviews.reviews.models import Review
from tests.browser import Browser, hidden
from tests.factories import a_book, a_reader, a_review

WORDS = {"rating": "9", "title": "A fine book", "body": "Read it *twice*."}


def address(book):
    return f"/books/{book.ref}/review"


def published():
    return [(review.name, review.body) for review in db.session.scalars(sa.select(Review).order_by(Review.id))]


def logout(browser):
    browser.send("/logout", hidden(browser.get("/").page.find("form", action="/logout")))


@pytest.fixture
def book(app):
    return a_book()


def become(browser, before, after):
    """Log out and in."""
    if before:
        logout(browser)
    if after:
        browser.login(after)


DIRECTIONS = [(None, "ann"), ("ann", None), ("ann", "bob"), ("bob", "ann")]


@pytest.mark.parametrize("before, after", DIRECTIONS)
def test_it_is_asked_about_once_with_every_word_kept_and_then_published(browser, book, before, after):
    readers = {name: a_reader(name) for name in ("ann", "bob")}
    if before:
        browser.login(readers[before])
    sent = hidden(browser.form(address(book))) | WORDS | {"name": "" if before else "Guest"}
    become(browser, before, after and readers[after])

    answer = browser.send(address(book), sent, 422)
    assert published() == []
    told = answer.page.find(role="alert").get_text()
    assert (f"logged in as {after} now" if after else "You have been logged out.") in told
    assert "expired" not in told, "one thing is said, though the token is an old one as well"
    assert "Please tell readers your name" not in answer.words
    assert answer.page.select_one("[name=body]").get_text().strip() == WORDS["body"]
    assert answer.page.select_one("[name=title]")["value"] == WORDS["title"]
    assert answer.page.select_one("[name=rating][checked]")["value"] == "9"

    browser.send(address(book), hidden(answer.page.find("form", id="review-form")) | WORDS | {"name": "Guest"})
    assert published() == [(after or "Guest", WORDS["body"])]


def test_who_was_logged_out_and_logs_in_again_is_the_same_to_the_form(browser, book):
    ann = a_reader("ann")
    sent = hidden(browser.login(ann).form(address(book))) | WORDS
    logout(browser)
    answer = browser.send(address(book), sent, 422)
    browser.login(ann)
    browser.send(address(book), hidden(answer.page.find("form", id="review-form")) | WORDS)
    assert published() == [("ann", WORDS["body"])]


@pytest.mark.parametrize("ended", ["by hand", "elsewhere"])
def test_a_form_that_stayed_open_while_its_reader_logged_in_again_is_taken_at_once(browser, book, ended):
    ann = a_reader("ann")
    sent = hidden(browser.login(ann).form(address(book))) | WORDS
    if ended == "by hand":
        logout(browser)
    else:
        db.session.execute(sa.delete(Login))
        db.session.commit()
    browser.login(ann)
    browser.send(f"/books/{book.ref}/draft", sent)
    browser.send(address(book), sent)
    assert published() == [("ann", WORDS["body"])]


def test_who_is_not_logged_in_any_more_finds_the_way_in_another_tab(browser, book):
    browser.login(a_reader("ann"))
    sent = hidden(browser.form(address(book))) | WORDS
    logout(browser)
    answer = browser.send(address(book), sent, 422)
    links = answer.page.find(role="alert").select("a[target=_blank]")
    assert [link["href"] for link in links] == ["/login", "/register"]


def test_with_a_token_that_is_good_it_is_asked_about_all_the_same(browser, book):
    browser.login(a_reader("ann"))
    sent = hidden(browser.form(address(book))) | WORDS | {"writer": "bob"}
    answer = browser.send(address(book), sent, 422)
    assert "opened by bob" in answer.words
    assert "expired" not in answer.words
    browser.send(address(book), hidden(answer.page.find("form", id="review-form")) | WORDS)


def test_who_logs_in_again_is_not_asked_about_a_conflict_that_is_none(browser, book):
    ann = a_reader("ann")
    a_review(book, by=ann, body="Older words.")
    browser.login(ann)
    sent = hidden(browser.form(address(book))) | WORDS
    logout(browser)
    answer = browser.send(address(book), sent, 422)
    sent = hidden(answer.page.find("form", id="review-form")) | WORDS
    browser.login(ann)
    browser.send(address(book), sent)
    assert published() == [("ann", WORDS["body"])]


def test_a_form_about_the_review_of_one_never_replaces_the_review_of_another(app, book):
    ann, bob = a_reader("ann"), a_reader("bob")
    a_review(book, by=ann, body="By Ann.")
    a_review(book, by=bob, body="By Bob.")
    browser = Browser(app).login(ann)
    sent = hidden(browser.form(address(book))) | WORDS
    logout(browser)
    browser.login(bob)
    answer = browser.send(address(book), sent, 422)
    answer = browser.send(address(book), hidden(answer.page.find("form", id="review-form")) | WORDS, 409)
    assert "By Bob." in answer.page.find(role="alert").get_text()
    assert published() == [("ann", "By Ann."), ("bob", "By Bob.")]


def test_a_draft_is_not_saved_for_another_without_a_word(browser, book):
    browser.login(a_reader("ann"))
    sent = hidden(browser.form(address(book))) | WORDS
    logout(browser)
    answer = browser.send(f"/books/{book.ref}/draft", sent, 422)
    assert "You have been logged out." in answer.words
    assert answer.page.find("button", string="Save draft"), "which works as soon as one has logged in elsewhere"
    browser.login(a_reader("bob"))
    answer = browser.send(f"/books/{book.ref}/draft", sent, 422)
    assert "opened by ann" in answer.words
    assert answer.page.select_one("[name=body]").get_text().strip() == WORDS["body"]
    browser.send(f"/books/{book.ref}/draft", hidden(answer.page.find("form", id="review-form")) | WORDS)
