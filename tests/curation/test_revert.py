"""A moderator takes a change of facts back."""

import pytest
import sqlalchemy as sa

from bookreviews.books.models import Edition
from bookreviews.extensions import db
from bookreviews.moderation.models import Decision
from bookreviews.revisions import facts
from bookreviews.revisions.models import Revision
from tests.factories import a_book, a_reader
from tests.revisions.changes import improve

URL = "/moderation/revisions/1/revert"


@pytest.fixture
def moderator(browser):
    return browser.login(a_reader("mo", roles=["moderator"]))


@pytest.fixture
def dune(moderator):
    """A book whose title and authors were changed."""
    book = a_book("Dune", ["Frank Herbert"], ["9780441172719"])
    improve(moderator, book, title="Doon", authors="Ellis Weiner")
    return book


def known(book):
    db.session.expire_all()
    return facts.of(book.id)


def test_the_facts_are_again_what_they_were_and_that_is_a_change_as_well(moderator, browser, dune):
    link = moderator.get(f"/books/{dune.ref}/history", 200).page.select_one('a[href$="/revert"]')
    answer = moderator.follow(moderator.post(link["href"], names=["title", "authors"], reason="Another book"))
    assert (known(dune)["title"], known(dune)["authors"]) == ("Dune", "Frank Herbert")
    revision = db.session.get(Revision, 2)
    assert (revision.reverts_id, revision.why) == (1, "Another book")
    decision = db.session.scalar(sa.select(Decision))
    assert (decision.action, decision.book_id, decision.reason) == ("revert", dune.id, "Another book")
    assert "It takes back the change of" in answer.words
    assert "Dune" in browser.get("/search?q=frank herbert").page.main.get_text()


def test_a_part_of_it_can_be_taken_back(moderator, dune):
    moderator.post(URL, names=["authors"], reason="Wrong author")
    assert (known(dune)["title"], known(dune)["authors"]) == ("Doon", "Frank Herbert")


def test_it_has_a_reason_and_something_is_chosen(moderator, dune):
    answer = moderator.post(URL, 422)
    assert "Please say why" in answer.page.find(id="reason-error").get_text()
    assert "choose at least one" in answer.page.find(id="names-error").get_text()
    assert known(dune)["title"] == "Doon"


def test_a_later_change_of_the_same_facts_is_shown(moderator, dune):
    improve(moderator, dune, title="Dune: the Parody")
    page = moderator.get(URL).page.main.get_text(" ", strip=True)
    assert "It was changed meanwhile: after this change it was “ Doon ”" in page
    moderator.post(URL, names=["title"], reason="Still another book")
    assert known(dune)["title"] == "Dune"


def test_taking_back_twice_changes_nothing_more(moderator, dune):
    moderator.post(URL, names=["title"], reason="No")
    assert "It is so already." in moderator.get(URL).words
    moderator.post(URL, names=["title"], reason="No")
    assert db.session.scalar(sa.select(sa.func.count(Revision.id))) == 2


def test_what_was_taken_back_can_be_brought_back(moderator, dune):
    moderator.post(URL, names=["title"], reason="No")
    moderator.post("/moderation/revisions/2/revert", names=["title"], reason="Yes, after all")
    assert known(dune)["title"] == "Doon"


def test_an_edition_that_was_taken_away_comes_back(moderator, dune):
    improve(moderator, dune, edition_1_publisher="Ace", edition_1_year="1990")
    improve(moderator, dune, edition_1_publisher="", edition_1_year="", edition_1_isbn13="")
    assert db.session.scalar(sa.select(sa.func.count(Edition.id))) == 0
    names = ["edition_1_publisher", "edition_1_year", "edition_1_isbn13"]
    moderator.post("/moderation/revisions/3/revert", names=names, reason="It exists")
    (edition,) = db.session.scalars(sa.select(Edition))
    assert (edition.isbn13, edition.publisher, edition.year) == ("9780441172719", "Ace", 1990)


@pytest.mark.parametrize("number", ["99", "99999999999"])
def test_what_is_no_change_is_not_found(moderator, number):
    moderator.get(f"/moderation/revisions/{number}/revert", 404)
