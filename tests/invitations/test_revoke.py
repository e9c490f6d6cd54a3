"""An invitation that shall be used no more."""

from bookreviews.extensions import now
from tests.browser import Browser, hidden
from tests.factories import a_reader
from tests.invitations.test_index import an_invitation


def revoke(browser):
    """The page after pressing the first button “Revoke”."""
    form = browser.get("/moderation/invitations").page.select_one(".rows form")
    return browser.follow(browser.send(form["action"], hidden(form)))


def test_its_link_opens_nothing_any_more(app, browser, monkeypatch):
    monkeypatch.setitem(app.config, "REGISTRATION", "invited")
    browser.login(a_reader("mo", roles=["moderator"]))
    token = an_invitation()
    page = revoke(browser)
    assert "The invitation is revoked" in page.words and not page.page.select(".rows form")
    assert "by invitation" in Browser(app).get(f"/register?invitation={token}").words


def test_what_was_used_meanwhile_is_told(browser):
    browser.login(a_reader("mo", roles=["moderator"]))
    an_invitation(used_at=now())
    token = browser.get("/moderation/invitations").page.main.find("input", {"name": "csrf_token"})["value"]
    answer = browser.follow(browser.send("/moderation/invitations/1/revoke", {"csrf_token": token}))
    assert "could not be used any more anyway" in answer.words
