import pytest

from bookreviews.extensions import db
from tests.factories import a_passkey, a_reader

PAGES = ["", "/username", "/logins", "/data", "/data.json", "/close"]


def test_every_setting_is_named_with_its_state(browser):
    browser.log_in(a_reader("Ann", email="ann@example.org"))
    answer = browser.get("/settings")
    for words in ("Username Ann Change", "Email ann@example.org", "Second factor Off. Turn on", "Passkeys None.", "1 browser."):
        assert words in answer.words
    assert "Recovery codes" not in answer.words


def test_what_is_on_is_said_to_be_on(browser):
    ann = a_reader("Ann")
    browser.log_in(ann)
    ann.tf_primary_method, ann.mf_recovery_codes = "authenticator", ["x", "y"]
    db.session.commit()
    a_passkey(ann)
    words = browser.get("/settings").words
    assert "Second factor On" in words and "2 codes left" in words and "1 passkey." in words
    ann.mf_recovery_codes = []
    db.session.commit()
    assert "None yet: if your telephone were gone" in browser.get("/settings").words


def test_every_link_of_the_settings_leads_somewhere(browser):
    browser.log_in(a_reader())
    for link in browser.get("/settings").page.main.select("a"):
        browser.get(link["href"])


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_are_for_members_and_are_not_kept(browser, page):
    answer = browser.get(f"/settings{page}", 302)
    assert answer.location.startswith("/login?next=")
    assert answer.headers["Cache-Control"] == "private, no-store"
    browser.log_in(a_reader())
    assert browser.get(f"/settings{page}").headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("page", ["/username", "/close", "/logins/1/end", "/logins/end-others"])
def test_nothing_is_taken_from_another_site(browser, page):
    browser.log_in(a_reader("Ann"))
    browser.send(f"/settings{page}", {"username": "Eve", "reviews": "delete"}, 400)
    browser.get("/readers/Ann")


@pytest.mark.parametrize("page", ["/username", "/close"])
def test_json_is_no_form(browser, page):
    browser.log_in(a_reader("Ann"))
    token = {"X-CSRFToken": browser.form("/settings/username").find(attrs={"name": "csrf_token"})["value"]}
    assert browser.open("POST", f"/settings{page}", json=[1], headers=token).status_code == 415


def test_the_number_of_queries_is_small(browser, queries):
    browser.log_in(a_reader())
    with queries() as found:
        browser.get("/settings")
    assert len(found) <= 3
