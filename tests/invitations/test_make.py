"""Inviting somebody, and being invited: where REGISTRATION=invited there is no other way in."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from bookreviews.accounts.forms import NO_INVITATION
from bookreviews.accounts.models import User
from bookreviews.extensions import db, now
from bookreviews.invitations.models import LASTS, Invitation
from tests.browser import Browser, hidden
from tests.factories import PASSWORD, a_reader
from tests.invitations.test_index import an_invitation

ANN = {"email": "ann@example.org", "username": "ann", "password": PASSWORD}
INVITED_ONLY = "Accounts here are by invitation"


@pytest.fixture(autouse=True)
def invited(app, monkeypatch):
    monkeypatch.setitem(app.config, "REGISTRATION", "invited")


def names():
    return db.session.scalars(sa.select(User.username).order_by(User.id)).all()


def register(browser, link, status=303, **fields):
    return browser.send("/register", hidden(browser.form(link)) | ANN | fields, status)


def test_the_link_is_shown_once_and_lets_one_person_register(app, browser):
    browser.login(a_reader("mo", roles=["moderator"]))
    page = browser.follow(browser.post("/moderation/invitations"))
    link = page.page.select_one(".notice code").get_text()
    assert "/register?invitation=" in link
    assert not browser.get("/moderation/invitations").page.select(".notice code")
    assert "by mo" in page.words
    ann = Browser(app)
    register(ann, link)
    assert names() == ["mo", "ann"]
    assert INVITED_ONLY in Browser(app).get(link).words, "it is used up"


def test_without_a_link_there_is_a_sentence_and_no_form(browser):
    for path in ("/register", "/register?invitation=made-up", "/register?invitation="):
        page = browser.get(path)
        assert INVITED_ONLY in page.words and not page.page.main.find("form", method="post")
    assert "by invitation" in browser.get("/login").words


def test_a_link_that_was_used_meanwhile_is_told_so_and_what_was_typed_stays(app, browser):
    link = f"/register?invitation={an_invitation()}"
    form = hidden(browser.form(link)) | ANN
    register(Browser(app), link, email="bob@example.org", username="bob")
    answer = browser.send("/register", form, 422)
    assert NO_INVITATION in answer.words
    assert answer.page.find("input", {"name": "email"})["value"] == "ann@example.org"
    assert names() == ["bob"]


@pytest.mark.parametrize("facts", [{"revoked_at": now()}, {"made_at": now() - LASTS - timedelta(minutes=1)}])
def test_a_link_that_was_revoked_or_is_too_old_opens_nothing(browser, facts):
    link = f"/register?invitation={an_invitation(**facts)}"
    assert INVITED_ONLY in browser.get(link).words


def test_what_is_wrong_with_the_form_uses_nothing_up(browser):
    link = f"/register?invitation={an_invitation()}"
    a_reader("known", email="known@example.org")
    for wrong in ({"password": "short"}, {"email": "known@example.org", "password": "short"}, {"website": "x"}):
        answer = register(browser, link, 422, **wrong)
        assert db.session.scalar(sa.select(Invitation.used_at)) is None
    browser.send("/register", hidden(answer.page.main.form) | ANN)


def test_an_invitation_does_not_tell_which_addresses_have_an_account(browser):
    a_reader("known", email="known@example.org")
    link = f"/register?invitation={an_invitation()}"
    known = browser.follow(register(browser, link, email="known@example.org"))
    other = f"/register?invitation={an_invitation()}"
    unknown = browser.follow(register(browser, other))
    assert known.page.select_one(".notice").get_text() == unknown.page.select_one(".notice").get_text()
    assert all(INVITED_ONLY in browser.get(path).words for path in (link, other))


def test_of_two_with_one_link_at_the_same_moment_one_registers(app):
    link = f"/register?invitation={an_invitation()}"
    browsers = [Browser(app), Browser(app)]
    forms = [hidden(browser.form(link)) for browser in browsers]
    answers, together = [None, None], Barrier(2)

    def send(number):
        fields = forms[number] | ANN | {"email": f"ann{number}@example.org", "username": f"reader{number}"}
        together.wait()
        with app.app_context():
            answers[number] = browsers[number].client.post("/register", data=fields).status_code
            db.session.remove()

    threads = [Thread(target=send, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 422]
    assert len(names()) == 1


def test_an_operator_invites_from_the_command_line(cli, app, browser):
    lines = cli("accounts", "invite", "--count", "2").stdout.splitlines()
    assert len(lines) == len(set(lines)) == 2
    register(browser, lines[0])
    assert names() == ["ann"]
    mo = Browser(app).login(a_reader("mo", roles=["moderator"]))
    assert "by the operator" in mo.get("/moderation/invitations").words


def test_where_anybody_may_register_nobody_needs_one(app, browser, monkeypatch):
    monkeypatch.setitem(app.config, "REGISTRATION", "open")
    browser.post("/register", **ANN)
    assert names() == ["ann"]
