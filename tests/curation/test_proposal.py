"""A moderator looks at the changes of facts that a reader proposes."""

import pytest
import sqlalchemy as sa

from bookreviews.accounts.models import User
from bookreviews.books.models import Edition
from bookreviews.extensions import db
from bookreviews.moderation.models import Case, Decision
from bookreviews.revisions import facts
from bookreviews.revisions.models import Revision
from tests.browser import Browser, hidden
from tests.factories import a_book, a_reader
from tests.revisions.changes import improve

URL = "/moderation/proposals/1"


@pytest.fixture
def moderator(browser):
    return browser.login(a_reader("mo", roles=["moderator"]))


@pytest.fixture
def dune(app):
    """A book for which ann has proposed a subtitle, a description and an edition."""
    book = a_book("Dune", ["Frank Herbert"], description="A red desert.")
    ann = Browser(app).login(a_reader("ann"))
    new = {"edition_new_isbn13": "9780441172719", "edition_new_publisher": "Ace"}
    improve(ann, book, subtitle="Book One", description="A blue desert.", why="From the book", **new)
    return book


def known(book):
    db.session.expire_all()
    return facts.of(book.id)


def proposed():
    return ["description", "subtitle", "edition_new_isbn13", "edition_new_publisher"]


def test_it_shows_who_proposes_what_and_why(moderator, dune):
    page = moderator.get(URL).page
    assert "by ann on" in page.select_one(".lead").get_text(" ", strip=True)
    assert "From the book" in page.select_one(".lead").get_text()
    assert [box["value"] for box in page.select("input[name=names][checked]")] == [
        "subtitle", "description", "edition_new_isbn13", "edition_new_publisher",
    ]  # fmt: skip
    assert [part.get_text() for part in page.select("#names del, #names ins")][1:3] == ["red", "blue"]


def test_all_of_it_is_accepted(moderator, dune):
    answer = moderator.post(URL, names=proposed())
    assert known(dune)["subtitle"] == "Book One" and known(dune)["description"] == "A blue desert."
    (edition,) = db.session.scalars(sa.select(Edition))
    assert (edition.isbn13, edition.publisher) == ("9780441172719", "Ace")
    revision = db.session.scalar(sa.select(Revision))
    assert revision.applied and revision.declined is None and revision.role == "reader"
    assert revision.changes["edition_1_publisher"] == ["", "Ace"]
    decision = db.session.scalar(sa.select(Decision))
    assert (decision.action, decision.book_id, decision.user_id, decision.case_id) == ("accept", dune.id, revision.user_id, 1)
    assert not db.session.get(Case, 1).is_open
    assert answer.location.endswith("/history")


def test_a_part_of_it_is_accepted(moderator, dune):
    moderator.post(URL, names=["subtitle"])
    assert known(dune)["subtitle"] == "Book One" and known(dune)["description"] == "A red desert."
    revision = db.session.scalar(sa.select(Revision))
    assert revision.changes == {"subtitle": ["", "Book One"]}
    assert revision.declined.keys() == {"description", "edition_new_isbn13", "edition_new_publisher"}


def test_it_is_refused_with_a_reason_and_not_without(moderator, dune):
    before = known(dune)
    answer = moderator.post(URL, 422, refuse="yes")
    assert "Please say why" in answer.page.find(id="reason-error").get_text()
    moderator.post(URL, refuse="yes", reason="Not in the book.")
    assert known(dune) == before
    decision = db.session.scalar(sa.select(Decision))
    assert (decision.action, decision.reason) == ("refuse", "Not in the book.")


def test_nothing_chosen_is_nothing_accepted(moderator, dune):
    answer = moderator.post(URL, 422, reason="My words.")
    assert "choose at least one" in answer.page.find(id="names-error").get_text()
    assert answer.page.find(id="reason").get_text().strip() == "My words."


def test_names_that_were_not_proposed_are_not_taken(moderator, dune):
    moderator.post(URL, 422, names=["title"])
    assert known(dune)["title"] == "Dune"


def test_facts_changed_meanwhile_are_shown(moderator, dune):
    improve(moderator, dune, description="A green desert.")
    page = moderator.get(URL).page
    assert "It was changed meanwhile: when this was proposed it was “ A red desert. ”" in page.get_text(" ", strip=True)
    assert {"green", "blue"} <= {part.get_text() for part in page.select("#names del, #names ins")}


def test_where_nothing_stood_that_is_said(moderator, dune):
    improve(moderator, dune, subtitle="Somebody was faster")
    words = moderator.get(URL).words
    assert "when this was proposed nothing stood there" in words
    assert "“”" not in words


def test_facts_changed_while_one_looks_are_shown_before_anything_is_done(app, moderator, dune):
    form = moderator.form(URL)
    improve(Browser(app).login(a_reader("ada", roles=["admin"])), dune, description="A green desert.")
    stale = hidden(form)
    answer = moderator.send(URL, stale | {"names": proposed(), "reason": "Fine."}, 409)
    assert "while you looked at them" in answer.words
    assert answer.page.find(id="reason").get_text().strip() == "Fine."
    assert known(dune)["description"] == "A green desert."
    again = stale | {"shown": answer.page.main.find(attrs={"name": "shown"})["value"]}
    moderator.send(URL, again | {"names": ["description"]})
    assert known(dune)["description"] == "A blue desert."


@pytest.mark.parametrize("button", [{"names": ["subtitle", "description"]}, {"refuse": "yes", "reason": "No."}])
def test_what_the_reader_proposes_while_one_looks_is_seen_before_it_is_decided(app, moderator, dune, button):
    stale = hidden(moderator.form(URL))
    ann = db.session.scalar(sa.select(User).where(User.username == "ann"))
    improve(Browser(app).login(ann), dune, description="A pink desert.", series="Dune")
    answer = moderator.send(URL, stale | button, 409)
    assert "while you looked at them" in answer.words and "pink" in answer.page.find(id="names").get_text()
    assert known(dune)["description"] == "A red desert." and db.session.get(Case, 1).is_open
    moderator.send(URL, hidden(answer.page.main.find("form", method="post")) | button)
    assert not db.session.get(Case, 1).is_open


@pytest.fixture
def proposed_for_an_edition(app, moderator):
    """A book for whose only edition, which is gone, ann has proposed a publisher, and a subtitle besides."""
    book = a_book("Emma", isbns=["9780141439587"])
    improve(Browser(app).login(a_reader("ann")), book, edition_1_publisher="Penguin", subtitle="A novel")
    improve(moderator, book, edition_1_isbn13="")
    return book


def test_what_was_proposed_for_an_edition_that_is_gone_is_shown_and_left_out(moderator, proposed_for_an_edition):
    page = moderator.get(URL).page
    assert "Penguin" in page.find("section", {"aria-labelledby": "gone"}).get_text()
    assert [box["value"] for box in page.select("input[name=names]")] == ["subtitle"]
    moderator.post(URL, 422, names=["subtitle", "edition_1_publisher"])
    moderator.post(URL, names=["subtitle"])
    assert known(proposed_for_an_edition)["subtitle"] == "A novel"
    assert db.session.scalar(sa.select(sa.func.count(Edition.id))) == 0
    assert db.session.scalar(sa.select(Revision.declined).where(Revision.role == "reader")) == {
        "edition_1_publisher": ["", "Penguin"]
    }


def test_what_was_proposed_for_nothing_but_such_an_edition_can_only_be_refused(app, moderator):
    book = a_book("Emma", isbns=["9780141439587"])
    improve(Browser(app).login(a_reader("ann")), book, edition_1_publisher="Penguin")
    improve(moderator, book, edition_1_isbn13="")
    assert [button.get_text() for button in moderator.form(URL).select("button")] == ["Refuse all of it"]
    moderator.post(URL, 422)
    moderator.post(URL, refuse="yes", reason="It is gone.")


def test_an_isbn_that_has_gone_to_another_book_is_not_taken(moderator, dune):
    a_book("Dune Messiah", isbns=["9780441172719"])
    answer = moderator.post(URL, 422, names=proposed())
    assert "is with an edition of “Dune Messiah” already" in answer.page.find(id="names-error").get_text()
    moderator.post(URL, names=["subtitle"])


@pytest.mark.parametrize("button", ["accept", "refuse"])
def test_what_was_decided_already_is_a_sentence(app, moderator, dune, button):
    form = moderator.form(URL)
    moderator.post(URL, names=["subtitle"])
    token = form.find(attrs={"name": "csrf_token"})["value"]
    data = {"csrf_token": token, button: "yes", "names": proposed(), "reason": "No."}
    answer = moderator.send(URL, data, 409)
    assert "This was decided on" in answer.words and "accepted in part" in answer.words
    assert answer.page.select_one(".plain-words").get_text() == "No."
    assert db.session.scalar(sa.select(sa.func.count(Decision.id))) == 1


@pytest.mark.parametrize("path", ["/moderation/proposals/99", "/moderation/proposals/2", "/moderation/proposals/99999999999"])
def test_what_is_no_proposal_is_not_found(moderator, dune, path):
    moderator.post("/books/new", title="Emma")  # case 2
    moderator.get(path, 404)
