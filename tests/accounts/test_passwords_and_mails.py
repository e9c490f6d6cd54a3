"""Forgotten and changed passwords, changed addresses, and the links in mails."""

import re
from datetime import timedelta

import pytest

from bookreviews.accounts.models import User
from bookreviews.accounts.settings import LINK_GONE
from bookreviews.extensions import db, now
from tests.accounts.post import link, mails
from tests.browser import Browser, hidden
from tests.factories import PASSWORD, a_reader

NEW = "a quite different sentence"


@pytest.fixture
def ann(app):
    return a_reader("ann")


def test_a_forgotten_password_is_changed_by_a_link(browser, ann):
    page = browser.follow(browser.post("/reset", email="ANN@example.org"))
    assert "a mail with a link is on its way" in page.words
    address = link(mails()[0])
    page = browser.follow(browser.post(address, password=NEW))
    assert "Your password is changed" in page.words
    browser.post("/login", 422, email="ann", password=PASSWORD)
    browser.post("/login", email="ann", password=NEW)
    assert "was changed" in mails()[1].subject


def test_a_new_password_has_to_be_a_good_one_too(browser, ann):
    browser.post("/reset", email="ann@example.org")
    address = link(mails()[0])
    for bad in ("short", "ann@example.org", "password123"):
        browser.post(address, 422, password=bad)
    browser.post(address, password=NEW)


def test_an_unknown_address_gets_the_same_page_and_no_mail(browser, ann):
    known = browser.follow(browser.post("/reset", email="ann@example.org")).words
    unknown = browser.follow(browser.post("/reset", email="bob@example.org")).words
    assert unknown == known.replace("ann@", "bob@")
    assert len(mails()) == 1


@pytest.mark.parametrize("path", ["/reset", "/confirm"])
def test_as_much_is_written_for_an_unknown_address_as_for_a_known_one(browser, queries, path):
    """Else the time would tell which it is; the benchmark log_in.py measures it."""
    a_reader("ann", confirmed_at=None if path == "/confirm" else now())
    form, written = hidden(browser.form(path)), []
    for email in ("ann@example.org", "nobody@example.org"):
        with queries() as found:
            browser.open("POST", path, data=form | {"email": email})
        written.append([statement.split()[0] for statement in found if not statement.startswith("SELECT")])
    assert written[0] == written[1] != []


def changed(token):
    """`token` with its first signed character another one."""
    return ("A" if token[0] != "A" else "B") + token[1:]


@pytest.mark.parametrize("kind", ["used", "mangled", "cut", "foreign", "expired", "nonsense"])
def test_a_bad_link_for_a_new_password_says_so_and_offers_a_new_one(app, browser, ann, monkeypatch, kind):
    browser.post("/reset", email="ann@example.org")
    address = link(mails()[0])
    head, _, token = address.rpartition("/")
    if kind == "used":
        browser.post(address, password=NEW)
    if kind == "expired":
        monkeypatch.setitem(app.config, "SECURITY_RESET_PASSWORD_WITHIN", timedelta(seconds=-1))
    if kind == "foreign":  # one made for something else
        token = app.extensions["security"].confirm_serializer.dumps([ann.fs_uniquifier, "x"])
    token = {"mangled": changed(token), "cut": token[:-5], "nonsense": "%00'<>"}.get(kind, token)
    page = browser.follow(browser.get(f"{head}/{token}", 302))
    assert LINK_GONE in page.words and page.request.path == "/reset"
    assert page.page.main.find("form", action="/reset"), "a way to a new one"


@pytest.mark.parametrize("kind", ["mangled", "cut", "foreign", "expired"])
def test_a_bad_link_to_confirm_an_address_says_so_and_offers_a_new_one(app, browser, monkeypatch, kind):
    ann = a_reader("ann", confirmed_at=None)
    security = app.extensions["security"]
    token = (security.reset_serializer if kind == "foreign" else security.confirm_serializer).dumps([ann.fs_uniquifier, "x"])
    if kind == "expired":
        monkeypatch.setitem(app.config, "SECURITY_CONFIRM_EMAIL_WITHIN", timedelta(seconds=-1))
    token = {"mangled": changed(token), "cut": token[:9]}.get(kind, token)
    page = browser.follow(browser.get(f"/confirm/{token}", 302))
    assert LINK_GONE in page.words and page.page.main.find("form", action="/confirm")


def test_a_new_link_to_confirm_an_address_can_be_had(browser):
    a_reader("ann", confirmed_at=None)
    page = browser.follow(browser.post("/confirm", email="ann@example.org"))
    assert "If ann@example.org waits to be confirmed" in page.words
    browser.get(link(mails()[0]), 302)
    assert "If bob@example.org waits" in browser.follow(browser.post("/confirm", email="bob@example.org")).words
    browser.post("/confirm", email="ann@example.org")
    assert len(mails()) == 1


def test_a_link_that_was_followed_before_asks_nothing_more(browser):
    ann = a_reader("ann", confirmed_at=None)
    browser.post("/confirm", email="ann@example.org")
    used = link(mails()[0])
    browser.get(used, 302)
    page = browser.follow(browser.get(used, 302))
    assert "This address is confirmed already." in page.words and page.page.h1.text == "Log in"
    browser.log_in(ann)
    page = browser.follow(browser.get(used, 302))
    assert "This address is confirmed already." in page.words and page.page.h1.text == "Settings"


@pytest.mark.parametrize(
    "fields, wrong",
    [
        ({}, {"password": "Please type the password you have.", "new_password": "Please choose a new password."}),
        ({"password": PASSWORD}, {"new_password": "Please choose a new password."}),
        ({"new_password": NEW}, {"password": "Please type the password you have."}),
        (
            {"password": PASSWORD, "new_password": PASSWORD},
            {"new_password": "This is the password you have. Please choose another."},
        ),
    ],
)
def test_what_is_wrong_with_a_change_of_password_is_said_at_its_field(browser, ann, fields, wrong):
    page = browser.log_in(ann).post("/settings/password", 422, **fields).page
    assert {error["id"].removesuffix("-error"): error.text for error in page.select(".field-error")} == wrong


def test_a_changed_password_logs_every_other_browser_out(app, browser, ann):
    other = Browser(app).log_in(ann)
    browser.log_in(ann)
    assert (
        "not the password of this account" in browser.post("/settings/password", 422, password="wrong", new_password=NEW).words
    )
    answer = browser.post("/settings/password", 422, password="wrong", new_password="short")
    assert "not the password of this account" in answer.words and "at least 10 characters" in answer.words
    assert "the password you have" in browser.post("/settings/password", 422, password=PASSWORD, new_password=PASSWORD).words
    assert browser.post("/settings/password", password=PASSWORD, new_password=NEW).location == "/settings"
    assert "Log out" in browser.get("/").words
    assert "Log out" not in other.get("/").words
    other.post("/login", email="ann", password=NEW)


def test_a_password_chosen_anew_logs_every_browser_out(app, browser, ann):
    browser.log_in(ann)
    stranger = Browser(app)
    stranger.post("/reset", email="ann@example.org")
    stranger.post(link(mails()[0]), password=NEW)
    assert "Log out" not in browser.get("/").words


def test_an_address_changes_when_the_link_sent_to_it_is_followed(browser, ann):
    browser.log_in(ann)
    page = browser.follow(browser.post("/settings/email", email="Anna@Example.org"))
    assert "We have sent a mail to anna@example.org" in page.words
    (message,) = mails()
    assert message.recipient == "anna@example.org"
    page = browser.follow(browser.get(link(message), 302))
    assert "The new address of ann is confirmed." in page.words
    assert mails()[1].recipient == "ann@example.org" and "is another one now" in mails()[1].body
    assert db.session.get(User, ann.id).email == "anna@example.org"
    page = browser.get(link(message), 302)
    assert page.location == "/settings/email", "the link is good once"


def test_an_address_of_somebody_else_looks_like_any_other(browser, ann):
    a_reader("bob")
    browser.log_in(ann)
    page = browser.follow(browser.post("/settings/email", email="bob@example.org"))
    assert "We have sent a mail to bob@example.org" in page.words
    assert [(mail.recipient, mail.subject.partition(" at ")[0]) for mail in mails()] == [("bob@example.org", "Your address")]
    assert "nothing was changed" in mails()[0].body


def test_ones_own_address_is_no_other_one(browser, ann):
    answer = browser.log_in(ann).post("/settings/email", 422, email="ANN@example.org")
    assert "That is your address already." in answer.words
    assert mails() == []


def test_an_address_that_somebody_registered_and_never_confirmed_can_be_had(browser, ann):
    a_reader("eve", email="new@example.org", confirmed_at=None)
    browser.log_in(ann).post("/settings/email", email="new@example.org")
    assert db.session.scalar(User.named("eve")), "who may still follow the link first"
    browser.get(link(mails()[0]), 302)
    assert db.session.get(User, ann.id).email == "new@example.org"
    assert not db.session.scalar(User.named("eve"))


@pytest.mark.parametrize("path", ["/reset", "/confirm"])
@pytest.mark.parametrize("email", ["", "ann", "foo bar <b>"])
def test_what_is_no_address_is_said_to_be_none(browser, path, email):
    assert browser.form(path).has_attr("novalidate"), "the browser has no better words"
    assert "Please type your email address" in browser.post(path, 422, email=email).words
    assert mails() == []


def test_a_link_followed_where_one_is_not_logged_in_says_one_thing(app, browser, ann):
    browser.log_in(ann).post("/settings/email", email="new@example.org")
    stranger = Browser(app)
    page = stranger.follow(stranger.get(link(mails()[0]), 302))
    assert "The new address of ann is confirmed." in page.words and "Please log in to go there" not in page.words


def test_a_link_followed_where_another_is_logged_in_says_whose_address_it_was(app, browser, ann):
    browser.log_in(ann).post("/settings/email", email="new@example.org")
    other = Browser(app).log_in(a_reader("bob"))
    page = other.follow(other.get(link(mails()[0]), 302))
    assert "The new address of ann is confirmed." in page.words and "bob@example.org" in page.words


def test_mails_to_an_address_of_before_go_with_the_account(app, browser, ann):
    browser.log_in(ann).post("/reset", email="ann@example.org")
    browser.post("/settings/email", email="new@example.org")
    browser.get(link(mails()[-1]), 302)
    told = browser.get("/settings/data.json").json["mails"]
    assert {mail["to"] for mail in told} == {"ann@example.org", "new@example.org"}
    browser.post("/settings/close", reviews="delete", password=PASSWORD)
    assert mails() == []


def test_somebody_who_left_the_browser_alone_is_asked_for_the_password_again(browser, ann, monkeypatch):
    browser.log_in(ann)
    with browser.client.session_transaction() as session:
        session["fs_paa"] = session["fs_gexp"] = 0
    answer = browser.get("/settings/email", 302)
    assert re.fullmatch(r"/verify\?next=.*settings.*email", answer.location)
    page = browser.follow(answer)
    assert "type your password once more" in page.words
    browser.post(answer.location, 422, password="wrong")
    assert browser.post(answer.location, password=PASSWORD).location.endswith("/settings/email")
    browser.get("/settings/email")


def test_mails_say_whom_they_are_for_and_hold_nothing_a_stranger_wrote(browser, ann):
    browser.post("/reset", email="ann@example.org")
    (message,) = mails()
    assert message.subject == "A new password at BookReviews"
    assert message.body.startswith("Hello ann,")


@pytest.mark.parametrize(
    "path, fields", [("/settings/password", {"new_password": NEW}), ("/verify", {}), ("/settings/close", {"reviews": "keep"})]
)
def test_a_password_longer_than_any_is_a_wrong_one(browser, ann, path, fields):
    browser.log_in(ann)
    assert "not the password of this account" in browser.post(path, 422, password="y" * 5000, **fields).words


def test_whoever_has_not_confirmed_gets_that_link_when_they_ask_for_a_password(browser):
    a_reader("ann", confirmed_at=None)
    browser.post("/reset", email="ann@example.org")
    assert "/confirm/" in link(mails()[0])
