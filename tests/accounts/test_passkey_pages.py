"""What stands on the pages for passkeys where there is no browser to make one."""

import pytest

from bookreviews.accounts.models import Passkey
from bookreviews.extensions import db, now
from tests.browser import Browser
from tests.factories import a_reader


@pytest.fixture
def ann(app):
    return a_reader("ann")


def a_passkey(user, name="Telephone"):
    facts = {"public_key": b"key", "usage": "first", "backup_state": False, "device_type": "single_device"}
    db.session.add(Passkey(user_id=user.id, name=name, credential_id=name.encode(), lastuse_datetime=now(), **facts))
    db.session.commit()


def test_a_passkey_has_a_name_of_its_own(browser, ann):
    a_passkey(ann)
    browser.log_in(ann)
    assert "give the passkey a name" in browser.post("/settings/passkeys", 422, name="").words
    form = browser.get("/settings/passkeys").page.main.select("form")[-1]
    fields = {field["name"]: field.get("value", "") for field in form.select("input")}
    assert "called Telephone already" in browser.send("/settings/passkeys", fields | {"name": "Telephone"}, 422).words
    for name in ("Key ring", "Mum’s phone, old", "📱", "Ключ (дома)"):
        page = browser.send("/settings/passkeys", fields | {"name": name}, 200)
        assert page.page.find("form", {"data-passkey": "create"})["data-options"].startswith("{")
    assert "at most 64 characters" in browser.send("/settings/passkeys", fields | {"name": "n" * 65}, 422).words


def test_nobody_removes_a_passkey_of_somebody_else(app, browser, ann):
    a_passkey(ann)
    bob = a_reader("bob")
    a_passkey(bob, "Bobs")
    browser.log_in(bob)
    form = browser.get("/settings/passkeys").page.main.find("form")
    token = form.find("input", {"name": "csrf_token"})["value"]
    browser.send("/settings/passkeys/remove", {"csrf_token": token, "name": "Telephone"})
    assert "Telephone" in Browser(app).log_in(ann).get("/settings/passkeys").words


def test_logging_in_with_a_passkey_asks_nobody_for_a_name(browser, ann):
    page = browser.post("/login/passkey", 200)
    options = page.page.find("form", {"data-passkey": "get"})["data-options"]
    assert '"allowCredentials": []' in options or '"allowCredentials"' not in options


@pytest.mark.parametrize(
    "credential", ["", "{}", "[]", "null", "x", '{"id": 1}', '{"rawId":"","response":{},"type":"public-key","id":""}']
)
def test_what_is_no_passkey_is_refused_in_a_sentence(browser, ann, credential):
    page = browser.post("/login/passkey", 200).page.main.find("form")
    fields = {field["name"]: field.get("value", "") for field in page.select("input")}
    answer = browser.send(page["action"], fields | {"credential": credential})
    assert answer.location.startswith("/login/passkey")
    assert browser.follow(answer).page.select_one(".notice")
