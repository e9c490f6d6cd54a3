"""A moderator looks at a book that a reader has added."""

import pytest
import sqlalchemy as sa

from bookreviews.books.models import Author, Book
from bookreviews.drafts.models import Draft
from bookreviews.extensions import db
from bookreviews.ledger.models import RatingChange, RatingMonth
from bookreviews.moderation.models import Case, Decision
from bookreviews.reviews.models import Review
from bookreviews.reviews.ratings import tally
from tests.browser import Browser, hidden
from tests.factories import a_book, a_reader, a_review

URL = "/moderation/books/1"


@pytest.fixture
def moderator(browser):
    return browser.login(a_reader("mo", roles=["moderator"]))


@pytest.fixture
def ann(app):
    return a_reader("ann")


@pytest.fixture
def added(app, ann):
    """A book that ann has added."""
    Browser(app).login(ann).post("/books/new", title="Dune", authors="Frank Herbert")
    return db.session.scalar(sa.select(Book))


def test_it_shows_the_book_who_added_it_and_what_it_may_be_the_same_as(moderator, added):
    a_book("Dune: A Novel", ["Frank Herbert"])
    page = moderator.get(URL).page
    assert "Added by ann on" in page.select_one(".lead").get_text(" ", strip=True)
    assert [title.get_text() for title in page.select(".book-title")] == ["Dune", "Dune: A Novel"]


def test_a_book_that_is_right_is_marked_no_more(moderator, added, ann):
    assert "nobody has checked it yet" in moderator.get(f"/books/{added.ref}").words
    assert "This book was checked" in moderator.follow(moderator.post(URL)).words
    assert "nobody has checked it yet" not in moderator.get(f"/books/{added.ref}").words
    decision = db.session.scalar(sa.select(Decision))
    assert (decision.action, decision.book_id, decision.user_id) == ("check", added.id, ann.id)


def test_a_book_that_is_none_goes_with_all_that_was_only_its(moderator, added, ann):
    a_review(added, by=ann)
    answer = moderator.follow(moderator.post(URL, refuse="yes", reason="An advertisement."))
    assert "This book was removed" in answer.words
    for model in (Book, Author):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0
    assert "Nothing was found" in moderator.get("/search?q=dune").words
    decision = db.session.scalar(sa.select(Decision))
    assert (decision.action, decision.user_id, decision.reason) == ("remove_book", ann.id, "“Dune”: An advertisement.")


def test_it_does_not_go_without_a_reason(moderator, added):
    answer = moderator.post(URL, 422, refuse="yes")
    assert "Please say why" in answer.page.find(id="reason-error").get_text()


def somebody_reviews(book):
    a_review(book, by=a_reader("bob"))


def a_guest_reviews(book):
    a_review(book)


def somebody_begins_to(book):
    db.session.add(Draft(user_id=a_reader("bob").id, book_id=book.id, body="Not yet."))
    db.session.commit()


@pytest.mark.parametrize("write", [somebody_reviews, a_guest_reviews, somebody_begins_to])
def test_a_book_that_others_wrote_about_stays(moderator, added, write):
    form = moderator.form(URL)
    write(added)
    data = {"csrf_token": form.find(attrs={"name": "csrf_token"})["value"], "refuse": "yes", "reason": "No."}
    answer = moderator.send(URL, data, 409)
    assert "Others have written about it" in answer.words and "Remove it" not in answer.words
    moderator.post(URL, 422, refuse="yes", reason="No.")
    assert db.session.scalar(sa.select(sa.func.count(Book.id))) == 1


def test_an_admin_removes_it_with_what_others_wrote_and_they_read_why(app, added, ann, cli):
    admin = Browser(app).login(a_reader("ada", roles=["admin"]))
    bob = a_reader("bob")
    a_review(added, by=ann)
    a_review(added, by=bob)
    a_review(added)
    tally(added.id, "written")
    db.session.add(Draft(user_id=a_reader("eve").id, book_id=added.id, body="Not yet."))
    db.session.commit()
    assert "With it go 2 reviews and 1 draft of others" in admin.get(URL).words
    assert "Please say why" in admin.post(URL, 422, refuse="yes").page.find(id="reason-error").get_text()
    admin.post(URL, refuse="yes", reason="An advertisement.")
    for model in (Book, Review, Draft, RatingChange, RatingMonth):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0
    told = {decision.user_id: decision.action for decision in db.session.scalars(sa.select(Decision))}
    assert (told[ann.id], told[bob.id], len(told)) == ("remove_book", "remove_with_book", 3)
    words = Browser(app).login(bob).get("/").words
    assert "Removed with its book" in words and "“Dune”: An advertisement." in words
    assert cli("ratings", "verify").exit_code == 0


def test_an_admin_removes_nothing_that_they_have_not_seen(app, added):
    admin = Browser(app).login(a_reader("ada", roles=["admin"]))
    earlier = hidden(admin.form(URL)) | {"refuse": "yes", "reason": "No."}
    somebody_reviews(added)
    answer = admin.send(URL, earlier, 409)
    assert "With it go 1 review and 0 drafts of others" in answer.words
    assert answer.page.find(id="reason").get_text().strip() == "No."
    admin.send(URL, hidden(answer.page.main.find("form", method="post")) | {"refuse": "yes", "reason": "No."})
    assert db.session.scalar(sa.select(sa.func.count(Book.id))) == 0


def test_what_was_decided_already_is_a_sentence(moderator, added):
    form = moderator.form(URL)
    moderator.post(URL)
    data = {"csrf_token": form.find(attrs={"name": "csrf_token"})["value"], "refuse": "yes", "reason": "No."}
    answer = moderator.send(URL, data, 409)
    assert "This book was checked on" in answer.page.find(role="alert").get_text()
    assert answer.page.select_one(".plain-words").get_text() == "No."
    assert db.session.get(Case, 1).book_id == added.id


def test_the_removal_is_decided_once_as_well(moderator, added):
    form = moderator.form(URL)
    data = {"csrf_token": form.find(attrs={"name": "csrf_token"})["value"], "refuse": "yes", "reason": "No."}
    moderator.send(URL, data)
    assert "This book was removed on" in moderator.send(URL, data, 409).page.find(role="alert").get_text()


@pytest.mark.parametrize("path", ["/moderation/books/99", "/moderation/books/99999999999"])
def test_an_unknown_case_is_not_found(moderator, path):
    moderator.get(path, 404)
