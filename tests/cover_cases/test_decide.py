"""Moderators look at the covers that readers sent."""

import obstore
import pytest
import sqlalchemy as sa

from bookreviews.books.models import Book
from bookreviews.covers import storage
from bookreviews.covers.models import Cover
from bookreviews.extensions import db
from bookreviews.moderation.models import Case, Decision
from tests.browser import Browser, hidden
from tests.factories import a_book, a_cover, a_reader


@pytest.fixture
def book(app):
    return a_book("Dune")


@pytest.fixture
def ann(app):
    return a_reader("ann")


@pytest.fixture
def moderator(app):
    """A moderator's browser."""
    return Browser(app).login(a_reader("mo", roles=["moderator"]))


def address(cover):
    return f"/moderation/covers/{cover.case_id}"


def keys():
    return {file["path"].partition("-")[0] for batch in obstore.list(storage.store()) for file in batch}


def decisions():
    found = db.session.scalars(sa.select(Decision).order_by(Decision.id))
    return [(one.action, one.role, one.book_id, one.user_id, one.reason) for one in found]


def shown_of(book):
    db.session.expire_all()
    return db.session.get(Book, book.id).cover_key


def test_the_page_shows_the_picture_the_one_it_would_replace_the_book_and_who_sent_it(moderator, book, ann):
    before, cover = a_cover(book), a_cover(book, ann, shown=False)
    page = moderator.get(address(cover))
    assert [image["src"] for image in page.page.main.select("img")] == [
        f"/covers/{key}-240.webp" for key in (cover.key, before.key)
    ]
    assert page.page.main.find("a", string="ann") and page.page.main.find("a", string="Dune")
    assert [button.get_text() for button in page.page.main.select("form button")] == ["Show this cover", "Refuse it"]


def test_shown_it_is_the_books_cover_and_the_case_is_closed(moderator, book, ann):
    cover = a_cover(book, ann, shown=False)
    assert shown_of(book) is None
    queue = moderator.get("/moderation").page
    assert queue.main.find("a", href=address(cover)).get_text() == "Cover: Dune"
    queue = moderator.follow(moderator.post(address(cover), decision="show"))
    assert "The cover is shown now." in queue.words and "Nothing waits." in queue.words
    page = moderator.get(address(cover))
    assert page.page.h1.get_text() == "A cover that is shown"
    assert shown_of(book) == cover.key
    assert not db.session.scalar(sa.select(Case)).is_open
    assert decisions() == [("show_cover", "moderator", book.id, ann.id, "")]


def test_refused_its_files_are_gone_and_whoever_sent_it_reads_why(moderator, app, book, ann):
    cover = a_cover(book, ann, shown=False)
    moderator.post(address(cover), decision="refuse", reason="It is *another* book.")
    page = moderator.get(address(cover))
    assert "It is *another* book." in page.words and not page.page.main.find("form", method="post")
    assert keys() == set() and shown_of(book) is None
    assert not db.session.scalar(sa.select(Case)).is_open
    assert decisions() == [("refuse_cover", "moderator", book.id, ann.id, "It is *another* book.")]
    assert "It is *another* book." in Browser(app).login(ann).get(f"/books/{book.ref}/cover").words


def test_removed_it_gives_way_to_the_one_before_and_at_last_to_the_drawn_one(moderator, book, ann):
    first, second = a_cover(book, ann), a_cover(book)
    assert shown_of(book) == second.key
    moderator.post(address(second), decision="remove", reason="Blurred.")
    assert shown_of(book) == first.key and keys() == {first.key}
    moderator.post(address(first), decision="remove", reason="Blurred, too.")
    assert shown_of(book) is None and keys() == set()
    assert [decision[0] for decision in decisions()] == ["remove_cover"] * 2
    assert moderator.get(f"/books/{book.ref}").page.main.find("a", string="Add a cover")


@pytest.mark.parametrize("reason", ["", " \n", "\u200b", "x" * 1_001])
def test_whoever_refuses_says_why(moderator, book, ann, reason):
    cover = a_cover(book, ann, shown=False)
    answer = moderator.post(address(cover), 422, decision="refuse", reason=reason)
    assert answer.page.find(id="reason-error")
    assert answer.page.find("textarea").get_text().strip() == reason.strip().replace("\u200b", "") or reason == "\u200b"
    assert db.session.get(Cover, cover.id).is_waiting and decisions() == []


def test_without_a_decision_nothing_happens(moderator, book):
    cover = a_cover(book, shown=False)
    assert "Please press one of the buttons." in moderator.post(address(cover), 422, reason="So.").words
    assert "Please press one of the buttons." in moderator.post(address(cover), 422, decision="burn").words


@pytest.mark.parametrize("decision, then", [("show", "refuse"), ("refuse", "show"), ("show", "show"), ("refuse", "refuse")])
def test_what_somebody_else_has_decided_meanwhile_stands(app, moderator, book, ann, decision, then):
    cover = a_cover(book, ann, shown=False)
    form = hidden(moderator.form(address(cover)))
    Browser(app).login(a_reader(roles=["admin"])).post(address(cover), decision=decision, reason="First.")
    answer = moderator.send(address(cover), form | {"decision": then, "reason": "Second, at length."}, 409)
    assert "Somebody else has decided this meanwhile." in answer.words and "Second, at length." in answer.text
    assert len(decisions()) == 1
    assert db.session.get(Cover, cover.id).is_shown == (decision == "show")


def test_of_somebody_who_left_it_says_so(moderator, book):
    cover = a_cover(book)
    cover.user_id = None
    db.session.commit()
    assert "a former reader" in moderator.get(address(cover)).words


def test_it_is_for_moderators(app, book, ann):
    cover = a_cover(book, ann, shown=False)
    assert Browser(app).get(address(cover), 302).location == f"/login?next={address(cover)}"
    Browser(app).login(ann).get(address(cover), 403)


def test_an_unknown_cover_is_not_found(moderator):
    moderator.get("/moderation/covers/999", 404)
    moderator.get("/moderation/covers/99999999999", 404)
