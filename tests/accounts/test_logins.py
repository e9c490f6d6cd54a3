from datetime import timedelta

import sqlalchemy as sa

from bookreviews.accounts.models import IDLE, Login
from bookreviews.extensions import db, now
from tests.browser import Browser
from tests.factories import a_reader

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def another_browser(app, reader):
    other = Browser(app)
    other.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    return other.log_in(reader)


def test_every_browser_is_named_and_this_one_is_marked(app, browser):
    ann = a_reader()
    another_browser(app, ann)
    browser.log_in(ann)
    rows = browser.get("/settings/logins").page.select(".rows > li")
    texts = [" ".join(row.get_text(" ").split()) for row in rows]
    assert len(texts) == 2
    assert [text for text in texts if "This one" in text and "Firefox" not in text]
    assert [text for text in texts if text.startswith("Firefox on Linux since") and "Log out" in text]


def test_browsers_of_others_and_those_not_used_for_long_are_not_shown(app, browser):
    ann = a_reader()
    another_browser(app, a_reader())
    another_browser(app, ann)
    db.session.execute(sa.update(Login).values(seen_at=now() - IDLE - timedelta(days=1)))
    db.session.commit()
    browser.log_in(ann)
    assert len(browser.get("/settings/logins").page.select(".rows > li")) == 1


def test_with_one_browser_there_is_nothing_else_to_log_out(browser):
    browser.log_in(a_reader())
    assert "Log out everywhere else" not in browser.get("/settings/logins").words
