"""An account in one minute."""

from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from bookreviews.accounts.models import User
from bookreviews.accounts.settings import WRONG
from bookreviews.extensions import db
from tests.accounts.post import link, mails
from tests.browser import Browser, hidden
from tests.factories import PASSWORD, a_reader

ANN = {"email": "ann@example.org", "username": "ann", "password": PASSWORD}


def accounts():
    db.session.expire_all()
    return db.session.scalars(sa.select(User).order_by(User.id)).all()


def test_registering_makes_an_account_that_one_can_log_in_to(browser):
    answer = browser.post("/register", **ANN)
    page = browser.follow(answer)
    assert "it is yours now: log in" in page.words
    (ann,) = accounts()
    assert (ann.email, ann.username, ann.active, ann.roles) == ("ann@example.org", "ann", True, [])
    assert ann.password.startswith("$argon2id$")
    browser.post("/login", email="ann", password=PASSWORD)
    assert "Log out" in browser.get("/").words


def test_an_address_is_kept_without_regard_to_case(browser):
    browser.post("/register", **ANN | {"email": "Ann@Example.ORG"})
    assert accounts()[0].email == "ann@example.org"


@pytest.mark.parametrize(
    "wrong, sentence",
    [
        ({"email": "ann"}, "That is not an email address"),
        ({"email": ""}, "Please type your email address."),
        ({"email": "ann@example"}, "That is not an email address"),
        ({"username": ""}, "Please choose a username."),
        ({"username": "a"}, "2 to 30 characters"),
        ({"username": "ann..b"}, "made of letters and digits"),
        ({"username": "admin"}, "the site’s own"),
        ({"username": "Book-Reviews"}, "the site’s own"),
        ({"password": ""}, "Please type a password."),
        ({"password": "short"}, "at least 10 characters"),
        ({"password": "1234567890"}, "easily guessed"),
        ({"password": "password123"}, "easily guessed"),
        ({"password": "qwertyuiop"}, "easily guessed"),
        ({"password": "bookreviews"}, "easily guessed"),
        ({"password": "ann@example.org"}, "easily guessed"),
        ({"username": "marguerite", "password": "marguerite1"}, "easily guessed"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_but_the_password_is_lost(browser, wrong, sentence):
    answer = browser.post("/register", 422, **ANN | wrong)
    assert sentence in answer.words
    for name in ("email", "username"):
        assert answer.page.find("input", {"name": name}).get("value") == (ANN | wrong)[name]
    assert answer.page.find("input", {"name": "password"}).get("value") in (None, "")
    assert accounts() == []


@pytest.mark.parametrize("username", ["ann", "Ann", "a.n.n", "ANN", "аnn", "ann.", "Änn"])
def test_nobody_can_pass_for_somebody_else(browser, username):
    a_reader("ann", email="first@example.org")
    answer = browser.post("/register", 422, **ANN | {"username": username})
    assert "username" in answer.page.select_one(".problems").text
    assert len(accounts()) == 1


def test_every_page_leads_visitors_to_it_and_nobody_else(browser):
    header = browser.get("/books").page.header
    assert header.find("a", string="Register")["href"] == "/register"
    assert not browser.log_in(a_reader("ann")).get("/books").page.header.find("a", string="Register")


def test_an_address_that_has_an_account_gets_a_mail_and_the_page_is_the_same(app, browser):
    a_reader("owner", email="ann@example.org")
    known = browser.follow(browser.post("/register", **ANN))
    stranger = Browser(app)
    unknown = stranger.follow(stranger.post("/register", **ANN | {"email": "bob@example.org", "username": "bob"}))

    def plain(answer):
        for field in answer.page.select("input[name=csrf_token]"):
            field.decompose()
        return str(answer.page)

    assert plain(known) == plain(unknown)
    assert [user.username for user in accounts()] == ["owner", "bob"]
    to_owner, to_bob = mails()
    assert to_owner.recipient == "ann@example.org" and "You have an account here already" in to_owner.body
    assert to_bob.recipient == "bob@example.org" and "Welcome, bob" in to_bob.body


def test_an_address_that_has_an_account_still_hears_what_else_is_wrong(browser):
    a_reader("owner", email="ann@example.org")
    answer = browser.post("/register", 422, **ANN | {"password": "short"})
    assert "at least 10 characters" in answer.words and "already" not in answer.words


def test_no_field_gives_more_than_the_form_asks_for(browser):
    extra = {
        "id": 7,
        "active": "",
        "confirmed_at": "2020-01-01",
        "roles": "admin",
        "sample": "1",
        "fs_uniquifier": "x",
        "username_key": "y",
    }
    browser.post("/register", **ANN | extra)
    (ann,) = accounts()
    assert (ann.id, ann.active, ann.roles, ann.sample) == (1, True, [], False)
    assert ann.fs_uniquifier != "x" and ann.username_key == "ann"


def test_two_who_want_one_name_at_the_same_moment(app):
    browsers = [Browser(app), Browser(app)]
    forms = [hidden(browser.form("/register")) for browser in browsers]
    answers, together = [None, None], Barrier(2)

    def register(number):
        fields = forms[number] | ANN | {"email": f"ann{number}@example.org"}
        together.wait()
        with app.app_context():
            answers[number] = browsers[number].client.post("/register", data=fields)
            db.session.remove()

    threads = [Thread(target=register, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    loser = next(answer for answer in answers if answer.status_code == 422)
    assert "is taken" in loser.text and "@example.org" in loser.text
    assert len(accounts()) == 1


@pytest.fixture
def posted(made_anew, app):
    """The browser of a visitor of a site that sends mail."""
    site = made_anew(MAIL_SERVER="mail.example.org", SITE_URL="https://books.example.org", MAIL_SUPPRESS_SEND=True)
    return Browser(site)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_where_mail_is_sent_the_address_is_confirmed_first(posted):
    page = posted.follow(posted.post("/register", **ANN))
    assert "We have sent a mail to ann@example.org" in page.words
    page = posted.post("/login", 422, email="ann", password=PASSWORD)
    assert WRONG in page.words and "Have you just registered?" in page.words
    (welcome,) = mails()
    assert "https://books.example.org/confirm/" in welcome.body
    page = posted.follow(posted.get(link(welcome), 302))
    assert "Your address is confirmed" in page.words
    posted.post("/login", email="ann", password=PASSWORD)
    assert "Log out" in posted.get("/").words


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_links_in_mails_begin_with_the_address_of_the_site_whatever_a_visitor_says(posted):
    form = hidden(posted.form("/register"))
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    headers["Cookie"] = f"session={posted.client.get_cookie('session').value}"
    assert posted.app.test_client(use_cookies=False).post("/register", data=form | ANN, headers=headers).status_code == 303
    (welcome,) = mails()
    assert "evil" not in welcome.body and "https://books.example.org/confirm/" in welcome.body


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_owner_of_the_admin_address_is_an_admin_once_it_is_confirmed(made_anew, app):
    settings = {"MAIL_SERVER": "mail.example.org", "SITE_URL": "https://books.example.org", "MAIL_SUPPRESS_SEND": True}
    browser = Browser(made_anew(ADMIN_EMAIL="ann@example.org", **settings))
    browser.post("/register", **ANN)
    assert accounts()[0].roles == []
    browser.get(link(mails()[0]), 302)
    assert [role.name for role in accounts()[0].roles] == ["admin"]


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_without_mail_nobody_becomes_an_admin_by_claiming_the_address(made_anew, app):
    browser = Browser(made_anew(ADMIN_EMAIL="ann@example.org"))
    browser.post("/register", **ANN)
    assert accounts()[0].roles == []


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_nothing_tells_by_the_name_registered_with_it_whether_an_address_has_an_account(posted):
    a_reader("owner", email="known@example.org")
    seen = {}
    for address in ("known@example.org", "new@example.org"):
        posted.post("/register", email=address, username="probe", password="a prying sentence")
        log_in = posted.post("/login", 422, email=address, password="a prying sentence").page.main.select_one(".problems").text
        page = posted.open("GET", "/readers/probe").status_code
        again = posted.post("/register", email="third@example.org", username="probe", password=PASSWORD).status_code
        seen[address] = (log_in, page, again)
    assert seen["known@example.org"] == seen["new@example.org"] == (seen["new@example.org"][0], 404, 303)


@pytest.mark.parametrize("password", ["anna-ü anna-ü", "ANNA ü, ANNA ü", "ánna.ü.ánna", "example org anna"])
def test_a_password_made_of_name_or_address_is_refused_however_it_is_written(browser, password):
    answer = browser.post("/register", 422, email="anna@example.org", username="anna_ü", password=password)
    assert "made of your name or address" in answer.words


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_whoever_registers_an_address_anew_before_it_is_confirmed_has_it(posted):
    """A stranger cannot keep an address, nor a password of theirs on it."""
    posted.post("/register", email="ann@example.org", username="evil", password="a stranger's sentence")
    (strangers,) = map(link, mails())
    posted.post("/register", **ANN)
    (anns,) = map(link, mails())  # the stranger's went with the stranger's account
    assert "confirmed" not in posted.follow(posted.get(strangers, 302)).page.select_one(".notice").text
    posted.get(anns, 302)
    posted.post("/login", 422, email="ann@example.org", password="a stranger's sentence")
    posted.post("/login", email="ann@example.org", password=PASSWORD)


@pytest.mark.parametrize(
    "email", ["ünï@example.org", "ａb@example.org", "a\n@example.org", "ann@exa mple.org", "x" * 400 + "@example.org"]
)
def test_an_address_that_mail_servers_do_not_take_is_refused(browser, email):
    assert "not an email address" in browser.post("/register", 422, **ANN | {"email": email}).words


def test_an_address_at_a_domain_in_another_script_is_kept_as_mail_servers_write_it(browser):
    browser.post("/register", **ANN | {"email": "ann@exämple.org"})
    assert accounts()[0].email == "ann@xn--exmple-cua.org"
    browser.post("/login", email="ann@exämple.org", password=PASSWORD)


@pytest.mark.parametrize("password", ["long enough " * 20, "\ufdfa" * 20])
def test_a_password_that_is_too_long_is_told_so(browser, password):
    assert "at most 128 characters" in browser.post("/register", 422, **ANN | {"password": password}).words
