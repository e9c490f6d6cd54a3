import sqlalchemy as sa

from bookreviews.accounts.models import Login
from bookreviews.extensions import db
from tests.browser import Browser, hidden
from tests.factories import PASSWORD, a_reader


def token(browser):
    return hidden(browser.form("/settings/username"))


def logins_of(reader):
    return db.session.scalars(sa.select(Login.id).where(Login.user_id == reader.id).order_by(Login.id)).all()


def test_the_other_browser_is_logged_out_at_its_next_request(app, browser):
    ann = a_reader()
    other = Browser(app).log_in(ann)
    browser.log_in(ann)
    form = browser.get("/settings/logins").page.main.find("form", method="post")
    answer = browser.send(form["action"], hidden(form))
    assert "That browser is logged out" in browser.follow(answer).words
    other.get("/settings", 302)
    browser.get("/settings")


def test_the_browser_of_somebody_else_is_not_found(app, browser):
    bob = a_reader()
    other = Browser(app).log_in(bob)
    browser.log_in(a_reader())
    browser.send(f"/settings/logins/{logins_of(bob)[0]}/end", token(browser), 404)
    other.get("/settings")


def test_one_that_is_gone_is_not_found(browser):
    browser.log_in(a_reader())
    for number in ("999", "2147483647", "2147483648", "0"):
        browser.send(f"/settings/logins/{number}/end", token(browser), 404)


def test_one_can_log_out_the_browser_one_uses(browser):
    ann = a_reader()
    browser.log_in(ann)
    answer = browser.send(f"/settings/logins/{logins_of(ann)[0]}/end", token(browser))
    browser.follow(answer, 302)


def test_whoever_had_to_log_in_first_is_led_to_the_list(app, browser):
    ann = a_reader()
    other = Browser(app).log_in(ann)
    browser.log_in(ann)
    form = browser.get("/settings/logins").page.main.find("form", method="post")
    other.send("/settings/logins/end-others", token(other))
    answer = browser.open("POST", form["action"], data=hidden(form))
    assert answer.location == f"/login?next={form['action']}"
    again = browser.post(answer.location, email=ann.email, password=PASSWORD)
    assert browser.get(again.location, 302).location == "/settings/logins"
