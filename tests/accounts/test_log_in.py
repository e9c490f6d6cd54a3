"""Logging in, with an address or a name, and out again."""

from urllib.parse import urlencode, urljoin, urlsplit

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from bookreviews.accounts.logins import end_all
from bookreviews.accounts.models import Login
from bookreviews.accounts.settings import WRONG
from bookreviews.extensions import db
from tests.browser import Browser, hidden
from tests.factories import PASSWORD, a_reader, a_review


@pytest.fixture
def ann(app):
    return a_reader("Ann_Reader", email="ann@example.org")


@pytest.mark.parametrize("who", ["ann@example.org", " Ann@Example.ORG ", "Ann_Reader", "ann_reader", "ANN_READER"])
def test_one_logs_in_with_an_address_or_a_name_in_any_case(browser, ann, who):
    answer = browser.post("/login", email=who, password=PASSWORD)
    assert answer.location == "/"
    assert "Log out" in browser.get("/").words


@pytest.mark.parametrize(
    "who, password",
    [
        ("ann@example.org", "not the password"),
        ("bob@example.org", PASSWORD),
        ("nobody", PASSWORD),
        ("%", PASSWORD),
        ("x" * 500, "y" * 500),
        ("ann@example.org", "y" * 5000),
        ("\ufdfa" * 5_000, PASSWORD),
    ],
)
def test_what_is_wrong_is_said_in_the_same_words_whoever_it_is(browser, ann, who, password):
    answer = browser.post("/login", 422, email=who, password=password)
    assert answer.page.select_one(".problems li").text == WRONG
    assert answer.page.find("input", {"name": "email"})["value"] == who, "what was typed stays"
    assert PASSWORD not in answer.text


def test_an_answer_does_not_tell_who_has_an_account(browser, ann):
    def page(who):
        found = browser.post("/login", 422, email=who, password="not the password").page
        for field in found.select("input[name=csrf_token], input[name=email]"):
            field.decompose()
        return str(found)

    assert page("ann@example.org") == page("bob@example.org")


@pytest.mark.parametrize(
    "fields", [{}, {"email": ""}, {"email": "ann@example.org"}, {"password": PASSWORD}, {"email": "", "password": ""}]
)
def test_something_missing_is_asked_for(browser, ann, fields):
    assert "Please type" in browser.post("/login", 422, **fields).words


def test_a_reader_without_a_password_cannot_log_in(browser, app):
    a_reader("sample", password=None)
    for password in ("", "None", "x"):
        browser.post("/login", 422, email="sample", password=password)


def test_a_disabled_reader_is_told_so_but_only_with_the_right_password(browser, app):
    a_reader("ann", active=False)
    assert WRONG in browser.post("/login", 422, email="ann", password="wrong").words
    assert "closed by the site" in browser.post("/login", 422, email="ann", password=PASSWORD).words


def test_logging_in_leads_back_to_where_one_was(browser, ann):
    review = a_review()
    path = f"/books/{review.book_id}/review"
    assert browser.post(f"/login?next={path}", email="ann@example.org", password=PASSWORD).location == path


ELSEWHERE = [
    "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example",
    "http:///evil.example", "javascript:alert(1)", "/%09/evil.example", "\t//evil.example", "/\t/evil.example", "https://localhost@evil.example/",
    "https://localhost.evil.example/", "//localhost:80@evil.example", " //evil.example", "\x19//evil.example",
    "data:text/html,x",
]  # fmt: skip


@pytest.mark.parametrize("where", ELSEWHERE)
def test_no_link_leads_away_from_the_site_after_logging_in(browser, ann, where):
    """By address and by field."""
    form = hidden(browser.form("/login"))
    for url, fields in (
        ("/login", {"next": where}),
        ("/login?" + "next=" + where.replace("\t", "%09").replace("\x19", "%19"), {}),
    ):
        answer = browser.open("POST", url, data=form | {"email": "ann@example.org", "password": PASSWORD} | fields)
        target = urljoin("http://localhost/login", answer.headers.get("Location", "/").replace("\\", "/"))
        assert urlsplit(target).netloc == "localhost" and urlsplit(target).scheme == "http", target
        browser.client.delete_cookie("session")
        form = hidden(browser.form("/login"))


def test_a_session_is_a_new_one_after_logging_in(browser, ann):
    before = browser.get("/login").headers["Set-Cookie"]
    browser.log_in(ann)
    browser.client.set_cookie("session", before.split("=", 1)[1].partition(";")[0])
    assert "Log out" not in browser.get("/").words, "what an attacker put there beforehand is worth nothing"


def test_the_token_of_forms_is_a_new_one_after_logging_in(browser, ann):
    before = hidden(browser.form("/login"))["csrf_token"]
    browser.log_in(ann)
    answer = browser.send("/settings/username", {"csrf_token": before, "username": "Eve"}, 400)
    assert "expired" in answer.words


def log_out(browser):
    return browser.send("/logout", hidden(browser.get("/").page.find("form", action="/logout")))


def test_the_token_stays_where_the_same_reader_logs_in_again_in_the_same_browser(browser, ann):
    form = hidden(browser.log_in(ann).form("/settings/username"))
    log_out(browser)
    assert "You are logged out." in browser.get("/").words
    browser.log_in(ann)
    browser.send("/settings/username", form | {"username": "Eve"})


def test_the_token_of_one_reader_is_worth_nothing_to_another(browser, ann):
    form = hidden(browser.log_in(ann).form("/settings/username"))
    log_out(browser)
    visitors = hidden(browser.form("/login"))
    bob = a_reader("bob")
    browser.log_in(bob)
    for token in (form, visitors):
        assert "expired" in browser.send("/settings/username", token | {"username": "Eve"}, 400).words
    log_out(browser)
    browser.log_in(ann)
    browser.send("/settings/username", form | {"username": "Eve"}, 400)


def test_a_new_password_ends_the_token_too(browser, ann):
    form = hidden(browser.log_in(ann).form("/settings/username"))
    end_all(ann)
    db.session.commit()
    browser.log_in(ann)
    browser.send("/settings/username", form | {"username": "Eve"}, 400)


def test_logging_out_is_a_post_with_a_token(app, browser, ann):
    browser.log_in(ann)
    browser.get("/logout", 405)
    browser.send("/logout", {}, 400)
    assert "Log out" in browser.get("/").words
    browser.send("/logout", hidden(browser.get("/").page.find("form", action="/logout")))
    assert "Log out" not in browser.get("/").words
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Login)) == 0


def test_a_cookie_from_before_logging_out_is_worth_nothing(app, browser, ann):
    browser.log_in(ann)
    kept = browser.client.get_cookie("session").value
    button = browser.get("/").page.find("form", action="/logout")
    browser.send("/logout", hidden(button))
    thief = Browser(app)
    thief.client.set_cookie("session", kept)
    assert "Log out" not in thief.get("/").words


def test_somebody_logged_in_is_sent_on(browser, ann):
    browser.log_in(ann)
    assert browser.get("/login", 302).location == "/"
    assert browser.get("/register", 302).location == "/"


def test_programs_cannot_send_json(browser, ann):
    for sent in (["ann@example.org", PASSWORD], {"email": "ann@example.org", "password": PASSWORD}):
        answer = browser.open("POST", "/login?include_auth_token", json=sent)
        assert answer.status_code in (400, 415) and answer.mimetype == "text/html"
    assert "Log out" not in browser.get("/").words


def test_no_token_in_an_address_or_a_header_logs_anybody_in(browser, ann):
    for token in ("x", ann.get_auth_token()):
        page = browser.get("/", headers={"Authentication-Token": token}, query_string={"auth_token": token})
        assert "Log out" not in page.words


def test_the_links_go_along(browser):
    page = browser.get("/login?next=/books").page
    assert {link["href"] for link in page.main.select("a")} >= {"/register?next=/books", "/login/passkey?next=/books"}
    assert (
        BeautifulSoup(browser.get("/register?next=/books").text, "html.parser").main.find("a")["href"] == "/login?next=/books"
    )


def test_no_link_logs_one_out(browser, ann):
    browser.log_in(ann)
    assert browser.get("/login/code", 302).location == "/"
    assert "Log out" in browser.get("/").words


def test_a_way_off_the_site_is_forgotten(browser, ann):
    assert browser.post("/login?next=//evil.example", email="ann@example.org", password=PASSWORD).location == "/"


@pytest.mark.parametrize("way", ["http://[", "//[evil", "http://[x]/", "http://\u2100.com/"])
@pytest.mark.parametrize("path", ["/login", "/register"])
def test_a_way_back_that_is_no_address_is_refused(browser, path, way):
    sent = hidden(browser.form(path)) | {"email": "ann", "password": PASSWORD, "next": way}
    assert "could not make sense" in browser.send(path, sent, 400).words
    browser.get(f"{path}?{urlencode({'next': way})}", 400)


@pytest.mark.parametrize("name", ["Origin", "Referer"])
def test_a_form_from_a_page_that_has_no_address_is_refused(browser, name):
    assert browser.open("POST", "/login", data={"email": "ann"}, headers={name: "http://["}).status_code == 400


@pytest.mark.parametrize("path", ["/login", "/register", "/reset"])
def test_no_address_is_as_long_as_a_book(browser, path):
    sent = hidden(browser.form(path)) | {"email": "a" * 100_000, "password": PASSWORD, "username": "ann"}
    browser.send(path, sent, 413)
