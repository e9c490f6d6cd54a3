"""What became of the changes that a reader proposed."""

import pytest

from tests.browser import Browser
from tests.factories import a_book, a_reader
from tests.revisions.changes import improve


@pytest.fixture
def ann(browser):
    return browser.login(a_reader("ann"))


@pytest.fixture
def moderator(app):
    return Browser(app).login(a_reader("mo", roles=["moderator"]))


def mine(browser):
    return browser.get("/settings/proposals").page.main.get_text(" ", strip=True)


def test_nobody_else_sees_them(app, ann):
    improve(ann, a_book("Dune"), subtitle="Book One")
    assert Browser(app).get("/settings/proposals", 302).location.startswith("/login")
    assert "None yet." in mine(Browser(app).login(a_reader("bob")))


def test_what_waits_is_shown(ann):
    improve(ann, a_book("Dune"), subtitle="Book One")
    assert "It waits for a moderator." in mine(ann) and "Book One" in mine(ann)


def test_what_was_accepted_is_said_with_what_was_left_out(ann, moderator):
    improve(ann, a_book("Dune"), subtitle="Book One", series="Dune Chronicles")
    moderator.post("/moderation/proposals/1", names=["subtitle"], reason="The series is called otherwise.")
    assert "Accepted in part on" in mine(ann)
    assert "Not accepted Series" in mine(ann)
    assert "“ The series is called otherwise. ”" in mine(ann)


def test_what_was_refused_is_said_with_the_reason(ann, moderator):
    improve(ann, a_book("Dune"), subtitle="Buy now")
    moderator.post("/moderation/proposals/1", refuse="yes", reason="This is advertising.")
    assert "Refused on" in mine(ann) and "This is advertising." in mine(ann)
    improve(ann, a_book("Emma"), subtitle="A novel")
    assert "It waits for a moderator." in mine(ann)
