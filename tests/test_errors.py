"""One page for every error, with the right status, a plain sentence and a way on."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, default_exceptions

from bookreviews.accounts import closing
from bookreviews.accounts.models import User
from bookreviews.books import listing
from bookreviews.extensions import db
from tests.factories import PASSWORD, a_book, a_reader


@pytest.fixture
def broken(app, monkeypatch):
    """Make the catalogue fail with a given error, as it would outside of tests."""
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)

    def breaking(error):
        def fail():
            raise error

        monkeypatch.setattr(listing, "choices", fail)

    return breaking


@pytest.mark.parametrize("path", ["/nothing", "/%FF%FE", "/%00", "/%", "/books/%2e%2e%2fetc", "/" + "x" * 5000])
def test_an_unknown_address_is_not_found_and_leads_on(browser, path):
    answer = browser.get(path, 404)
    assert answer.page.h1.get_text() == "Page not found"
    assert answer.page.select_one("main").find("a", href="/")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_wrong_method_is_told_the_right_ones(browser, method):
    answer = browser.checked(browser.open(method, "/books"), 405)
    assert "GET" in answer.headers["Allow"]
    assert answer.page.h1.get_text() == "Not possible here"


def test_a_fault_of_ours_shows_no_traceback(browser, broken):
    broken(ZeroDivisionError("secret words"))
    answer = browser.get("/books", 500)
    assert answer.page.h1.get_text() == "Something broke"
    assert "secret words" not in answer.text and "Traceback" not in answer.text


def test_a_lost_race_is_a_conflict(browser, broken):
    broken(sa.exc.IntegrityError("INSERT", {}, Exception("UNIQUE")))
    assert "at the same moment" in browser.get("/books", 409).words


def test_a_database_that_does_not_answer_is_said_so(browser, broken):
    broken(sa.exc.OperationalError("SELECT", {}, Exception("gone")))
    answer = browser.get("/books", 503)
    assert "cannot reach its database" in answer.words
    assert "gone" not in answer.words


@pytest.mark.parametrize("code", sorted(set(default_exceptions) - {421}))
def test_every_error_has_a_page(browser, broken, code):
    error = default_exceptions[code]
    assert issubclass(error, HTTPException)
    broken(error())
    answer = browser.get("/books", code)
    assert answer.page.h1.get_text()
    assert answer.page.select_one(".lead").get_text()


def test_odd_queries_break_nothing(browser):
    book = a_book()
    for query in ("%", "%zz", "%FF=%FE", "&&&===", "a[]=1&a[]=2", "x=" + "y" * 9000, "%00=%00", "language=%ED%A0%80"):
        for path in ("/", "/books", f"/books/{book.ref}", "/search"):
            answer = browser.open("GET", f"{path}?{query}")
            assert answer.status_code in (200, 400), (path, query)


def test_a_form_that_has_expired_comes_back_with_all_that_was_typed(browser):
    fields = {"csrf_token": "old", "email": "ann@example.org", "password": "secret words", "words": "many\nlines"}
    answer = browser.send("/login?next=/books", fields, 400)
    form = answer.page.main.find("form")
    assert form["action"] == "/login?next=/books" and form.find("input", {"name": "csrf_token"})["value"] not in ("", "old")
    assert form.find("input", {"name": "email"})["value"] == "ann@example.org"
    assert form.find("textarea", {"name": "words"}).text.strip() == "many\nlines"
    assert "secret words" not in answer.text


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil.example", ""])
def test_what_another_site_sent_is_not_offered_to_be_sent_again(browser, origin):
    answer = browser.open("POST", "/login", data={"email": "eve@example.org"}, headers={"Origin": origin})
    assert answer.status_code == 400 and "eve@" not in answer.text


def test_whoever_closed_the_account_elsewhere_at_the_same_moment_gets_a_page(browser, monkeypatch):
    ann = a_reader("ann")
    browser.login(ann)

    def overtaken(user, keep):
        with db.engine.begin() as apart:
            apart.execute(sa.delete(User.__table__).where(User.id == ann.id))
        raise StaleDataError

    monkeypatch.setattr(closing, "close", overtaken)
    answer = browser.post("/settings/close", 409, password=PASSWORD, reviews="keep")
    assert "at the same moment" in answer.words and "Log out" not in answer.words
