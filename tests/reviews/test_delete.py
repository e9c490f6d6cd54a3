from datetime import timedelta

import sqlalchemy as sa

from bookreviews.extensions import db, now
from bookreviews.reviews.models import UNDO, Review
from tests.browser import Browser, hidden
from tests.factories import a_book, a_reader, a_review

WORDS = {"rating": "9", "body": "Read it.", "name": "Ann"}


def written(browser):
    book = a_book()
    browser.post(f"/books/{book.ref}/review", **WORDS)
    return book


def test_the_writer_is_asked_first_and_getting_the_page_deletes_nothing(browser):
    book = written(browser)
    answer = browser.get(f"/books/{book.ref}/review/delete")
    assert answer.page.h1.get_text() == "Delete your review?"
    assert "Read it." in browser.get(f"/books/{book.ref}").words


def test_a_deleted_review_leaves_the_page_and_every_number(browser):
    book = written(browser.login(a_reader()))
    a_review(book, 2, by=a_reader())
    gone = browser.follow(browser.post(f"/books/{book.ref}/review/delete"))
    assert gone.page.h1.get_text() == "Your review is deleted"
    answer = browser.get(f"/books/{book.ref}")
    assert "Read it." not in answer.words
    assert "1.0 of 5" in answer.words
    assert "1 rating by" in answer.words


def test_deleting_twice_is_harmless(browser):
    book = written(browser)
    data = hidden(browser.form(f"/books/{book.ref}/review/delete"))
    for _ in range(2):
        browser.send(f"/books/{book.ref}/review/delete", data)
    db.session.refresh(book)
    assert book.ratings_count == 0


def test_a_review_that_was_changed_since_the_question_is_asked_about_again(browser):
    book = written(browser)
    shown = hidden(browser.form(f"/books/{book.ref}/review/delete"))
    browser.post(f"/books/{book.ref}/review", **WORDS | {"body": "Newer words."})
    answer = browser.send(f"/books/{book.ref}/review/delete", shown, 409)
    assert "Newer words." in answer.words
    assert "Newer words." in browser.get(f"/books/{book.ref}").words
    browser.send(f"/books/{book.ref}/review/delete", hidden(answer.page.find("form", method="post")))
    assert "Newer words." not in browser.get(f"/books/{book.ref}").words


def test_nobody_deletes_the_review_of_another(app, browser):
    book = written(browser)
    stranger = Browser(app)
    stranger.get(f"/books/{book.ref}/review/delete", 404)
    token = stranger.form(f"/books/{book.ref}/review").find("input", attrs={"name": "csrf_token"})["value"]
    stranger.send(f"/books/{book.ref}/review/delete", {"csrf_token": token, "review": "1", "version": "1"}, 404)
    assert "Read it." in browser.get(f"/books/{book.ref}").words


def test_without_its_token_nothing_is_deleted(browser):
    book = written(browser)
    answer = browser.send(f"/books/{book.ref}/review/delete", {}, 400)
    assert "This page had expired, so nothing was changed" in answer.words
    assert "Read it." in browser.get(f"/books/{book.ref}").words


def test_the_form_after_deleting_is_empty_and_writing_anew_works(browser):
    book = written(browser)
    browser.post(f"/books/{book.ref}/review/delete")
    form = browser.get(f"/books/{book.ref}/review")
    assert form.page.h1.get_text() == "Write a review"
    assert form.page.select_one("[name=body]").get_text().strip() == ""
    assert "Bring it back" in form.words
    browser.post(f"/books/{book.ref}/review", **WORDS | {"body": "On second thought."})
    answer = browser.get(f"/books/{book.ref}")
    assert "On second thought." in answer.words
    assert "edited" not in answer.words


def test_what_was_deleted_long_ago_is_removed_for_good(browser):
    old = a_review(deleted_at=now() - UNDO - timedelta(hours=1))
    kept = a_review(deleted_at=now() - UNDO + timedelta(hours=1))
    old, kept = old.id, kept.id
    browser.post(f"/books/{written(browser).ref}/review/delete")
    left = set(db.session.scalars(sa.select(Review.id)))
    assert old not in left
    assert kept in left
