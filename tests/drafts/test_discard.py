import pytest
import sqlalchemy as sa

from bookreviews.drafts.models import Draft
from bookreviews.extensions import db
from tests.browser import Browser, hidden
from tests.factories import a_book, a_reader


@pytest.fixture
def book(app):
    return a_book("Dune")


@pytest.fixture
def browser(app, book):
    """The browser of ann, who has a draft on a book."""
    browser = Browser(app).login(a_reader("ann"))
    save(browser, book, "Worms everywhere.")
    return browser


def save(browser, book, body):
    browser.send(f"/books/{book.ref}/draft", hidden(browser.form(f"/books/{book.ref}/review")) | {"body": body})


def drafts():
    return [draft.body for draft in db.session.scalars(sa.select(Draft))]


def test_from_the_form_one_is_asked_first_and_looking_at_the_question_changes_nothing(browser, book):
    form = browser.get(f"/books/{book.ref}/review")
    question = browser.get(form.page.find("a", string="Throw it away")["href"])
    assert question.page.h1.get_text() == "Throw your draft away?"
    assert "Worms everywhere." in question.words
    assert drafts() == ["Worms everywhere."]


def test_thrown_away_it_is_gone_and_the_form_is_empty(browser, book):
    form = browser.follow(browser.post(f"/books/{book.ref}/draft/discard"))
    assert "Your draft is thrown away." in form.words
    assert form.page.select_one("[name=body]").get_text().strip() == ""
    assert drafts() == []


def test_what_was_saved_since_the_question_is_asked_about_again(browser, book):
    asked = hidden(browser.form(f"/books/{book.ref}/draft/discard"))
    save(browser, book, "Newer worms.")
    answer = browser.send(f"/books/{book.ref}/draft/discard", asked, 409)
    assert "Newer worms." in answer.words
    browser.send(f"/books/{book.ref}/draft/discard", hidden(answer.page.main.find("form")))
    assert drafts() == []


def test_nobody_throws_away_the_draft_of_another(app, browser, book):
    bob = Browser(app).login(a_reader("bob"))
    bob.get(f"/books/{book.ref}/draft/discard", 404)
    token = hidden(bob.form(f"/books/{book.ref}/review"))
    bob.send(f"/books/{book.ref}/draft/discard", token, 404)
    assert drafts() == ["Worms everywhere."]


def test_who_is_not_logged_in_is_asked_to_log_in(app, browser, book):
    assert "/login" in Browser(app).get(f"/books/{book.ref}/draft/discard", 302).location


def test_without_its_token_nothing_is_thrown_away(browser, book):
    browser.send(f"/books/{book.ref}/draft/discard", {}, 400)
    assert drafts() == ["Worms everywhere."]


def test_where_there_is_none_there_is_nothing_to_throw_away(browser):
    browser.get(f"/books/{a_book('Emma').ref}/draft/discard", 404)
    browser.get("/books/999/draft/discard", 404)
