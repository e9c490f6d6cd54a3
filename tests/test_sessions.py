"""The session's cookie: whom it is shown to, what it is worth, and for how long."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bookreviews import sessions
from bookreviews.accounts.models import IDLE, Login, User
from bookreviews.config import from_environ
from bookreviews.extensions import db, now
from tests.browser import Browser
from tests.factories import PASSWORD, a_book, a_reader


@pytest.fixture
def ann(app):
    return a_reader("ann")


def logged_in(browser):
    return "Log out" in browser.get("/").words


@pytest.mark.parametrize(
    "env, secure",
    [
        ({}, False),
        ({"SITE_URL": "http://books.example.org"}, False),
        ({"SITE_URL": "https://books.example.org"}, True),
        ({"DYNO": "web.1"}, True),
        ({"DYNO": "web.1", "SITE_URL": "http://books.example.org"}, True),
    ],
)
def test_the_cookie_travels_by_https_alone_wherever_the_site_does(tmp_path, env, secure):
    assert from_environ({"SECRET_KEY": "x"} | env, str(tmp_path))["SESSION_COOKIE_SECURE"] is secure


@pytest.mark.parametrize("secure", [True, False])
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_cookie_of_somebody_logged_in_is_out_of_reach(made_anew, ann, secure):
    browser = Browser(made_anew(SESSION_COOKIE_SECURE=secure))
    root = "https://localhost" if secure else "http://localhost"
    token = browser.get("/login", base_url=root).page.main.find("input", {"name": "csrf_token"})["value"]
    fields = {"csrf_token": token, "email": "ann", "password": PASSWORD}
    answer = browser.open("POST", "/login", base_url=root, data=fields, headers={"Referer": root + "/login"})
    cookie = answer.headers["Set-Cookie"]
    assert answer.status_code == 303 and cookie.startswith("session=")
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie and "Domain" not in cookie
    assert ("Secure" in cookie) is secure


def cut(cookie):
    return cookie[: len(cookie) // 2]


def forged(cookie):
    return cookie[:9] + cookie[9:12].swapcase() + "-" + cookie[13:]


@pytest.mark.parametrize("spoil", [cut, forged, lambda cookie: "", lambda cookie: "x" * 4000, lambda cookie: "%00;\u00e9"])
def test_a_cookie_that_was_cut_or_forged_logs_one_out_without_an_error(browser, ann, spoil):
    browser.log_in(ann)
    cookie = browser.client.get_cookie("session").value
    browser.client.set_cookie("session", spoil(cookie))
    assert not logged_in(browser)
    browser.get("/settings", 302)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_a_new_secret_key_logs_nobody_out_while_the_old_one_is_named(made_anew, ann):
    old, new = made_anew(SECRET_KEY="old"), made_anew(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["old"])
    browser = Browser(old).log_in(ann)
    browser.app, browser.client.application = new, new
    assert logged_in(browser)
    assert browser.post("/settings/password", 422, password="wrong", new_password="x" * 12), "forms work"


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_afterwards_the_old_secret_key_is_worth_nothing(made_anew, ann):
    old, new = made_anew(SECRET_KEY="old"), made_anew(SECRET_KEY="new")
    browser = Browser(old).log_in(ann)
    browser.app, browser.client.application = new, new
    assert not logged_in(browser)
    browser.get(f"/books/{a_book().ref}/review")


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_who_comes_back_on_a_later_day_needs_the_old_secret_key_no_more(made_anew, ann, monkeypatch):
    old, both = made_anew(SECRET_KEY="old"), made_anew(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["old"])
    browser = Browser(old).log_in(ann)
    assert logged_in(browser), "with a cookie that has nothing to add"
    monkeypatch.setattr(sessions, "now", lambda: now() + timedelta(days=1))
    for app in (both, made_anew(SECRET_KEY="new")):
        browser.app, browser.client.application = app, app
        assert logged_in(browser)


def test_the_environment_names_the_old_keys(tmp_path):
    assert from_environ({"SECRET_KEY": "c", "SECRET_KEY_FALLBACKS": "b a"}, str(tmp_path))["SECRET_KEY_FALLBACKS"] == ["b", "a"]


def sent(browser, path="/settings"):
    return any(cookie.startswith("session=") for cookie in browser.get(path).headers.getlist("Set-Cookie"))


def test_the_cookie_is_sent_once_a_day_and_when_it_changes(browser, ann, monkeypatch):
    assert sent(browser.log_in(ann)), "with a token for its forms"
    assert not sent(browser) and not sent(browser)
    monkeypatch.setattr(sessions, "now", lambda: now() + timedelta(days=1))
    assert sent(browser) and not sent(browser)


@pytest.mark.parametrize("path", ["/login", "/books/1/review"])
def test_the_cookie_of_a_guest_is_not_sent_again_for_saying_the_same(browser, path):
    a_book()
    assert sent(browser, path) and not sent(browser, path)


def test_what_the_next_page_has_to_say_is_added_to_what_waits_to_be_said(browser):
    for _ in range(2):
        browser.get(f"/books/{a_book().ref}/cover", 302)
    assert len(browser.get("/login").page.select("main .notice")) == 2


def test_the_cookie_is_never_sent_with_what_others_may_keep(browser, ann, monkeypatch):
    browser.log_in(ann)
    monkeypatch.setattr(sessions, "now", lambda: now() + timedelta(days=1))
    answer = browser.open("GET", "/favicon.ico")
    assert "public" in answer.headers["Cache-Control"] and "Set-Cookie" not in answer.headers
    assert sent(browser)


def test_a_browser_that_was_not_used_for_long_is_logged_out(browser, ann):
    browser.log_in(ann)
    db.session.execute(sa.update(Login).values(seen_at=now() - IDLE - timedelta(days=1)))
    db.session.commit()
    assert not logged_in(browser)


def test_a_browser_in_use_is_noted_once_a_day(browser, ann, queries):
    browser.log_in(ann)
    db.session.execute(sa.update(Login).values(seen_at=now() - timedelta(days=2)))
    db.session.commit()
    assert logged_in(browser)
    assert now() - db.session.scalar(sa.select(Login.seen_at)) < timedelta(minutes=1)
    with queries() as found:
        browser.get("/settings")
    assert not [statement for statement in found if not statement.startswith("SELECT")]


def test_a_session_of_another_account_is_worth_nothing(browser, ann):
    """Each login belongs to one account: half of one session and half of another are none."""
    bob = a_reader("bob")
    browser.log_in(ann)
    with browser.client.session_transaction() as session:
        session["_user_id"] = bob.fs_uniquifier
    assert not logged_in(browser)


@pytest.mark.parametrize("value", [7, None, ["x"], {"a": 1}, "", "x" * 1000])
def test_nonsense_in_a_session_of_ours_is_no_error(browser, ann, value):
    browser.log_in(ann)
    for key in ("login", "_user_id"):
        with browser.client.session_transaction() as session:
            session[key] = value
        assert not logged_in(browser)


def test_a_reader_who_is_gone_is_logged_out(browser, ann):
    browser.log_in(ann)
    db.session.delete(db.session.get(User, ann.id))
    db.session.commit()
    assert not logged_in(browser)


def test_pages_of_somebody_logged_in_are_not_kept_by_anybody_between(browser, ann):
    browser.log_in(ann)
    for path in ("/", "/books", "/settings", "/login/code"):
        answer = browser.open("GET", path)
        assert "public" not in answer.headers["Cache-Control"]
        assert "Cookie" in answer.headers["Vary"]


@pytest.mark.parametrize("path", ["/settings", "/settings/password", "/settings/logins", "/reset/x", "/login"])
def test_pages_of_an_account_are_not_kept_at_all(browser, ann, path):
    browser.log_in(ann)
    assert "no-store" in browser.open("GET", path).headers["Cache-Control"]
