from tests.accounts.test_end_login import logins_of, token
from tests.browser import Browser
from tests.factories import a_reader


def test_every_browser_but_this_one_is_logged_out(app, browser):
    ann, bob = a_reader(), a_reader()
    others = [Browser(app).log_in(ann) for _ in range(2)]
    bobs = Browser(app).log_in(bob)
    browser.log_in(ann)
    answer = browser.send("/settings/logins/end-others", token(browser))
    assert "Every other browser is logged out" in browser.follow(answer).words
    for other in others:
        other.get("/settings", 302)
    bobs.get("/settings")
    assert len(logins_of(ann)) == 1


def test_it_can_be_pressed_twice(browser):
    browser.log_in(a_reader())
    for _ in range(2):
        browser.send("/settings/logins/end-others", token(browser))
    browser.get("/settings")


def test_who_only_comes_by_is_led_to_the_list(app, browser):
    ann = a_reader()
    other = Browser(app).log_in(ann)
    browser.log_in(ann)
    assert browser.get("/settings/logins/end-others", 302).location == "/settings/logins"
    other.get("/settings")
