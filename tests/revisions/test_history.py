"""How the facts of a book changed, for everybody to see."""

import pytest

from bookreviews.accounts import closing
from bookreviews.accounts.models import User
from bookreviews.extensions import db
from tests.browser import Browser
from tests.factories import a_book, a_reader
from tests.reviews.hostile import HOSTILE
from tests.revisions.changes import improve


@pytest.fixture
def dune(app):
    return a_book("Dune", ["Frank Herbert"], ["9780441172719"], description="A desert, which is red.")


@pytest.fixture
def moderator(app):
    return Browser(app).login(a_reader("mo", roles=["moderator"]))


def history(browser, book):
    return browser.get(f"/books/{book.ref}/history")


def accepted(browser, moderator, book, **facts):
    """A reader's proposal that was accepted."""
    improve(browser, book, **facts)
    case = browser.get("/settings/proposals").page.main  # what waits, waits for a moderator
    assert "It waits" in case.get_text()
    moderator.post("/moderation/proposals/1", names=list(facts))


def test_a_book_nobody_changed_says_so(browser, dune):
    link = browser.get(f"/books/{dune.ref}").page.find("a", string="History")
    assert "Nobody has changed them here" in browser.get(link["href"]).words


def test_each_change_is_shown_word_by_word_the_newest_first(moderator, browser, dune):
    improve(moderator, dune, description="A desert, which is blue.", why="I was there")
    improve(moderator, dune, language="fr", edition_1_publisher="Ace")
    changes = history(browser, dune).page.select(".change")
    assert "Changed by a moderator." in changes[1].get_text(" ", strip=True)
    assert "I was there" in changes[1].get_text()
    assert ([part.get_text() for part in changes[1].select("del, ins")]) == ["red", "blue"]
    assert [dt.get_text() for dt in changes[0].select("dt")] == ["Language", "Publisher of the edition 9780441172719"]
    assert "French" in changes[0].get_text()
    assert "mo" not in [link.get_text() for link in history(browser, dune).page.select("main a")]


def test_a_reader_is_named_and_linked_until_the_account_is_closed(app, moderator, browser, dune):
    ann = a_reader("ann")
    accepted(Browser(app).login(ann), moderator, dune, subtitle="Book One")
    page = history(browser, dune).page
    assert page.main.find("a", string="ann")["href"] == "/readers/ann"
    assert "accepted by a moderator" in page.get_text()
    closing.close(db.session.get(User, ann.id), keep=True)
    db.session.commit()
    words = history(browser, dune).words
    assert "a former reader" in words and "ann" not in words.split()
    assert "Book One" in words


def test_what_waits_or_was_refused_is_no_change(app, moderator, browser, dune):
    ann = Browser(app).login(a_reader("ann"))
    improve(ann, dune, subtitle="Advertising")
    assert "Advertising" not in history(browser, dune).words
    moderator.post("/moderation/proposals/1", refuse="yes", reason="No.")
    assert "Advertising" not in history(browser, dune).words


def test_only_moderators_are_offered_to_take_a_change_back(moderator, browser, dune):
    improve(moderator, dune, subtitle="Book One")
    assert not history(browser, dune).page.select('a[href$="/revert"]')
    assert history(moderator, dune).page.select('a[href$="/revert"]')


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_words(moderator, browser, dune, text):
    improve(moderator, dune, description=f"x {text}", subtitle=text[:200], why=text[:200])
    page = history(browser, dune).page
    assert not page.select("main script, main img, main .change h1, main .change a[href^=javascript]")


def test_a_long_history_is_paged_with_as_many_queries(moderator, browser, dune, queries):
    def look():
        with queries() as found:
            history(browser, dune)
        return len(found)

    improve(moderator, dune, subtitle="0")
    few = look()
    for number in range(1, 22):
        improve(moderator, dune, subtitle=str(number))
    assert look() == few
    page = history(browser, dune).page
    assert len(page.select(".change")) == 20
    assert len(browser.get(page.find("a", rel="next")["href"]).page.select(".change")) == 2


def test_an_unknown_book_has_none(browser):
    browser.get("/books/999/history", 404)
