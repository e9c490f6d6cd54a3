"""A code after the password: turned on, used, lost and found again."""

import pytest
from passlib.totp import TOTP

from bookreviews.accounts.models import User
from bookreviews.extensions import db
from tests.browser import Browser, hidden
from tests.factories import PASSWORD, a_reader


@pytest.fixture
def ann(app):
    return a_reader("ann")


class Telephone:
    """An authenticator app that was given a key."""

    def __init__(self, key):
        self.totp = TOTP(key=key)
        self.time = self.totp.now()

    def code(self):
        """The code that is shown now; each time half a minute has passed."""
        token = self.totp.generate(time=self.time)
        return token.token


def turned_on(browser):
    """Turn the second factor on, and make recovery codes: (the telephone, the codes)."""
    setup = browser.post("/settings/second-factor", 200, setup="authenticator")
    telephone = Telephone(setup.page.select_one(".key").text)
    form = setup.page.main.find("form")
    token = form.find("input", {"name": "csrf_token"})["value"]
    answer = browser.send(form["action"], {"csrf_token": token, "code": telephone.code()})
    return telephone, new_codes(browser, answer.location)


def new_codes(browser, page="/settings/recovery-codes"):
    """Make recovery codes, and read them where they are shown."""
    return shown(browser.follow(browser.post(page, generate_new_codes="yes")))


def shown(answer):
    return [code.text for code in answer.page.select(".codes code")]


@pytest.fixture
def secured(browser, ann):
    """(telephone, codes) of Ann, whose second factor is on; `browser` is logged in."""
    browser.log_in(ann)
    return turned_on(browser)


def forget_last_code(ann):
    """As half a minute later, when the next code is shown."""
    db.session.get(User, ann.id).tf_last_counter = None
    db.session.commit()


def halfway(app):
    """A browser whose reader has typed the right password."""
    browser = Browser(app)
    answer = browser.post("/login", email="ann", password=PASSWORD)
    assert answer.location.startswith("/login/code")
    assert "Log out" not in browser.get("/").words, "the password alone opens nothing"
    return browser


def test_it_is_turned_on_with_a_code_and_asked_for_at_log_in(app, browser, ann, secured):
    telephone, codes = secured
    assert len(codes) == len(set(codes)) == 10
    forget_last_code(ann)
    other = halfway(app)
    assert "not right" in other.post("/login/code", 422, code="000000").words
    assert other.post("/login/code", code=telephone.code()).location == "/"
    assert "Log out" in other.get("/").words


def test_a_code_is_good_for_one_log_in(app, ann, secured):
    telephone, _ = secured
    code = telephone.code()
    forget_last_code(ann)
    halfway(app).post("/login/code", code=code)
    assert "not right" in halfway(app).post("/login/code", 422, code=code).words


def test_a_wrong_code_does_not_turn_it_on(browser, ann):
    browser.log_in(ann)
    setup = browser.post("/settings/second-factor", 200, setup="authenticator")
    form = setup.page.main.find("form")
    token = form.find("input", {"name": "csrf_token"})["value"]
    page = browser.send(form["action"], {"csrf_token": token, "code": "12"}, 422)
    assert "not right" in page.page.select_one(".problems").text
    assert page.page.select_one(".key").text == setup.page.select_one(".key").text, "the telephone has it already"
    assert "It is off" in browser.get("/settings/second-factor").words
    telephone = Telephone(page.page.select_one(".key").text)
    browser.send(page.page.main.find("form")["action"], {"csrf_token": token, "code": telephone.code()})
    assert "It is on" in browser.get("/settings/second-factor").words


@pytest.mark.parametrize("code", ["", "  "])
def test_a_code_that_was_not_typed_is_asked_for(app, browser, ann, code):
    browser.log_in(ann)
    setup = browser.post("/settings/second-factor", 200, setup="authenticator")
    form = setup.page.main.find("form")
    page = browser.send(form["action"], hidden(form) | {"code": code}, 422)
    assert page.page.select_one("#code-error").text == "Please type the code."
    turned_on(browser)
    other = halfway(app)
    for path in ("/login/code", "/login/recovery-code"):
        assert other.post(path, 422, code=code).page.select_one("#code-error").text == "Please type the code."


def test_a_recovery_code_is_good_once_however_it_is_typed(app, secured):
    _, codes = secured
    other = halfway(app)
    assert "none of your recovery codes" in other.post("/login/recovery-code", 422, code="aaaa-bbbb").words
    assert other.post("/login/recovery-code", code=codes[3].upper().replace("-", " ")).location == "/"
    assert "Log out" in other.get("/").words
    halfway(app).post("/login/recovery-code", 422, code=codes[3])


def test_recovery_codes_are_kept_as_hashes_and_shown_once(browser, ann, secured):
    _, codes = secured
    kept = db.session.get(User, ann.id).mf_recovery_codes
    assert not set(codes) & set(kept) and len(kept) == 10
    page = browser.get("/settings/recovery-codes?show_codes=yes")
    assert "You have 10 codes left" in page.words and not any(code in page.text for code in codes)


def test_new_recovery_codes_make_the_old_ones_worthless(app, browser, secured):
    _, codes = secured
    new_codes(browser)
    halfway(app).post("/login/recovery-code", 422, code=codes[0])


def test_the_page_with_new_codes_can_be_loaded_again_and_they_stay_good(app, browser, secured):
    answer = browser.post("/settings/recovery-codes", generate_new_codes="yes")
    codes = shown(browser.follow(answer))
    again = browser.get(answer.location)
    assert "You have 10 codes left" in again.words and not shown(again)
    assert halfway(app).post("/login/recovery-code", code=codes[0]).location == "/"


def test_codes_that_were_not_shown_yet_are_shown_to_nobody_else(browser, secured):
    answer = browser.post("/settings/recovery-codes", generate_new_codes="yes")
    bob = a_reader("bob")
    with browser.client.session_transaction() as session:
        unseen = session["recovery_codes"]
    other = Browser(browser.app).log_in(bob)
    bob.tf_primary_method = "authenticator"
    db.session.commit()
    with other.client.session_transaction() as session:
        session["recovery_codes"] = unseen
    assert shown(other.get(answer.location)) == []


def test_it_is_turned_off_again_and_its_recovery_codes_are_gone(app, browser, ann, secured):
    answer = browser.follow(browser.post("/settings/second-factor", setup="disable"), 302)
    page = browser.follow(answer)
    assert "Your second factor is off, and its recovery codes are gone" in page.words and "It is off." in page.words
    assert "codes left" not in page.words and not db.session.get(User, ann.id).mf_recovery_codes
    assert browser.get("/settings/recovery-codes", 302).location == "/settings/second-factor"
    other = Browser(app)
    assert other.post("/login", email="ann", password=PASSWORD).location == "/"


def test_the_operator_helps_whoever_has_lost_everything(app, browser, cli, secured):
    result = cli("accounts", "reset-second-factor", "ann")
    assert result.exit_code == 0, result.output
    assert "Log out" not in browser.get("/").words
    Browser(app).post("/login", email="ann", password=PASSWORD)


def test_without_a_password_no_code_is_asked_for(browser, ann, secured):
    visitor = Browser(browser.app)
    for path in ("/login/code", "/login/recovery-code"):
        assert visitor.get(path, 302).location == "/login"
    assert "log in again" in visitor.get("/login").words


def test_the_way_through_keeps_where_one_was_going(app, ann, secured):
    telephone, _ = secured
    forget_last_code(ann)
    browser = Browser(app)
    answer = browser.post("/login?next=/books", email="ann", password=PASSWORD)
    assert browser.post(answer.location, code=telephone.code()).location == "/books"


def test_no_address_of_the_site_is_carried_along_where_there_was_no_way_back(app, ann, secured):
    assert Browser(app).post("/login", email="ann", password=PASSWORD).location == "/login/code?next=/"


def test_the_old_ways_of_the_library_lead_nowhere(browser, ann):
    assert browser.open("POST", "/login/rescue", data={"help_setup": "help"}).status_code in (303, 400)
    assert browser.open("GET", "/login/second-factor").status_code in (302, 404)
