"""Whoever tries too often waits; nobody else does, and nothing typed is lost."""

import time
from io import BytesIO

import pytest

from tests.browser import Browser, hidden
from tests.factories import PASSWORD, a_book, a_reader

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)  # it is counted beside the database


@pytest.fixture
def paced(made_anew, app):
    """Make browsers of a site that is paced; each comes from an address of its own."""
    site = made_anew(RATELIMIT_ENABLED=True)

    def browser(address="203.0.113.7"):
        made = Browser(site)
        made.client.environ_base["REMOTE_ADDR"] = address
        return made

    return browser


def tries(browser, times, **fields):
    """The statuses of as many log-ins."""
    form = hidden(browser.form("/login"))
    return [browser.open("POST", "/login", data=form | fields).status_code for _ in range(times)]


def test_an_account_is_tried_a_few_times_only_wherever_one_comes_from(paced):
    a_reader("ann")
    wrong = {"email": "ann@example.org", "password": "wrong"}
    assert tries(paced(), 11, **wrong) == [422] * 10 + [429]
    assert tries(paced("198.51.100.1"), 1, **wrong) == [429]
    assert tries(paced(), 1, email="bob@example.org", password="wrong") == [422], "others go on"


def test_another_spelling_of_a_name_is_no_other_account(paced):
    a_reader("brunhilde")
    browser = paced()
    names = ["brunhilde", "Brünhilde", "B.runhilde", "BRUNH1LDE", "brun_hilde"] * 2
    assert [tries(browser, 1, email=name, password="wrong")[0] for name in names] == [422] * 10
    assert tries(paced("198.51.100.1"), 1, email="brünhildé", password="wrong") == [429]


def test_a_registration_that_is_mended_is_not_counted_before(paced):
    browser = paced()
    ann = hidden(browser.form("/register")) | {"email": "ann@example.org", "username": "ann"}
    sent = [browser.open("POST", "/register", data=ann | {"password": word}) for word in ["short"] * 7 + [PASSWORD]]
    assert [answer.status_code for answer in sent] == [422] * 7 + [303]


def test_nobody_is_written_to_again_and_again_by_registering(paced):
    browser = paced()
    form = hidden(browser.form("/register"))
    fields = {"email": "ann@example.org", "password": PASSWORD}
    sent = [browser.open("POST", "/register", data=form | fields | {"username": f"ann{number}x"}) for number in range(6)]
    assert [answer.status_code for answer in sent] == [303] * 5 + [429]


def test_an_address_tries_a_few_accounts_only(paced):
    browser = paced()
    statuses = [tries(browser, 1, email=f"reader{number}@example.org", password="x")[0] for number in range(21)]
    assert statuses == [422] * 20 + [429]
    assert tries(paced("198.51.100.1"), 1, email="ann@example.org", password="x") == [422]


def test_a_household_of_ipv6_is_one(paced):
    for number in range(20):
        tries(paced(f"2001:db8:1:2::{number + 1:x}"), 1, email=f"reader{number}@example.org", password="x")
    assert tries(paced("2001:db8:1:2:ffff::1"), 1, email="ann@example.org", password="x") == [429]
    assert tries(paced("2001:db8:1:3::1"), 1, email="ann@example.org", password="x") == [422]


def test_who_logs_in_rightly_may_do_so_often(paced):
    a_reader("ann")
    for _ in range(12):
        browser = paced()
        assert browser.post("/login", email="ann@example.org", password=PASSWORD).status_code == 303


def test_the_page_says_when_to_come_back_and_keeps_what_was_typed_but_for_passwords(paced):
    browser = paced()
    fields = {"email": "ann@example.org", "password": "my secret words", "next": "/books"}
    tries(browser, 10, **fields)
    answer = browser.send("/login", hidden(browser.form("/login")) | fields, 429)
    assert "Please wait 15 minutes" in answer.words or "Please wait 16 minutes" in answer.words
    assert 800 < int(answer.headers["Retry-After"]) <= 901
    form = answer.page.main.find("form")
    assert form["action"] == "/login"
    assert form.find("input", {"name": "email"})["value"] == "ann@example.org"
    assert form.find("input", {"name": "next"})["value"] == "/books"
    assert form.find("input", {"name": "password"})["type"] == "password"
    assert "my secret words" not in answer.text
    assert answer.page.main.find("a", href="/login/passkey"), "which works meanwhile"


def test_a_review_that_came_too_fast_is_all_there(paced):
    book, browser = a_book(), paced()
    path = f"/books/{book.ref}/review"
    form = hidden(browser.form(path))
    words = {"rating": "8", "title": "Sand", "body": "Many\nlines <b>&amp;\n" * 9, "name": "Ann"}
    for _ in range(20):
        browser.open("POST", path, data=form | words | {"rating": "99"})
    page = browser.send(path, form | words, 429).page.main.find("form")
    assert page.find("textarea", {"name": "body"}).text.strip() == words["body"].strip()
    assert page.find("label", {"for": "body"}).text == "Review"
    assert {name: page.find("input", {"name": name})["value"] for name in ("rating", "title", "name")} == {
        "rating": "8", "title": "Sand", "name": "Ann",
    }  # fmt: skip


def test_a_reader_sends_a_few_pictures_an_hour_only_however_large(paced):
    browser = paced().log_in(a_reader())
    path = f"/books/{a_book().ref}/cover"
    form = hidden(browser.form(path))

    def sent(size):
        picture = (BytesIO(b"x" * size), "x.png")
        return browser.open("POST", path, data=form | {"picture": picture}).status_code

    assert sent(10) == 422, "what is no picture can be mended at once"
    assert [sent(10_000_000) for _ in range(11)] == [303] * 10 + [429]


def test_mails_to_an_address_are_few(paced):
    a_reader("ann")
    browser = paced()
    form = hidden(browser.form("/reset"))
    sent = [browser.open("POST", "/reset", data=form | {"email": "Ann@example.org"}).status_code for _ in range(6)]
    assert sent == [303] * 5 + [429]


def test_a_second_factor_is_not_guessed(paced):
    a_reader("ann", tf_primary_method="authenticator", tf_totp_secret='{"v":1,"type":"totp","key":"GVDOK7NOO6OJL4I4"}')
    browser = paced()
    browser.post("/login", email="ann", password=PASSWORD)
    form = hidden(browser.form("/login/code"))
    statuses = [browser.open("POST", "/login/code", data=form | {"code": f"{number:06}"}).status_code for number in range(11)]
    assert statuses == [422] * 10 + [429]


def test_reading_is_not_paced(paced):
    browser = paced()
    for _ in range(150):
        assert browser.open("GET", "/login").status_code == 200


def test_where_redis_is_gone_it_is_counted_in_memory(made_anew, app):
    browser = Browser(made_anew(RATELIMIT_ENABLED=True, RATELIMIT_STORAGE_URI="redis://127.0.0.1:1"))
    before = time.monotonic()
    assert tries(browser, 11, email="ann@example.org", password="x") == [422] * 10 + [429]
    assert time.monotonic() - before < 20


def test_a_reader_adds_a_few_books_an_hour_and_what_was_refused_for_its_words_does_not_count(paced):
    ann = a_reader("ann")
    browser = paced().log_in(ann)
    form = hidden(browser.form("/books/new"))

    def add(title):
        return browser.open("POST", "/books/new", data=form | {"title": title}).status_code

    assert [add("") for _ in range(11)] == [422] * 11
    assert [add(letter * 9) for letter in "abcdefghijk"] == [303] * 10 + [429]
