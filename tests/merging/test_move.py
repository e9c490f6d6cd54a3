"""An edition goes to the book that it belongs to."""

import sqlalchemy as sa

from bookreviews.books.models import Book, Edition
from bookreviews.extensions import db
from bookreviews.merging.models import Merge
from bookreviews.moderation.models import Decision
from tests.browser import Browser
from tests.factories import a_reader, a_review


def path(book):
    edition = db.session.scalar(sa.select(Edition).where(Edition.book_id == book.id))
    return f"/moderation/editions/{edition.id}/move"


def moved(moderator, book, **fields):
    """The move of a book's edition, to a new book unless `fields` say where."""
    answer = moderator.post(path(book), **{"reason": "Another text."} | fields)
    db.session.expire_all()
    return db.session.get(Merge, int(answer.location.rpartition("/")[2]))


def test_it_goes_to_another_book_and_reviews_stay(moderator, pair, cli):
    again, dune = pair
    a_review(dune, by=a_reader("ann"))
    moved(moderator, dune, into=f"/books/{again.ref}")
    assert set(db.session.scalars(sa.select(Edition.book_id))) == {again.id}
    assert db.session.get(Book, dune.id).ratings_count == 1
    assert moderator.get("/search?q=9780441172719", 302).location == f"/books/{again.ref}"
    assert cli("ratings", "verify").exit_code == 0 and cli("search", "check").exit_code == 0


def test_nobody_sees_it_where_it_was(app, moderator, pair):
    again, dune = pair
    visitor = Browser(app)
    assert "9780441172719" in visitor.get(f"/books/{dune.ref}").words.replace("-", "")
    moved(moderator, dune, into=f"/books/{again.ref}")
    assert "9780441172719" not in visitor.get(f"/books/{dune.ref}").words.replace("-", "")
    assert "9780441172719" in visitor.get(f"/books/{again.ref}").words.replace("-", "")
    assert visitor.get("/api/9780441172719").json["title"] == again.title


def test_it_becomes_a_book_of_its_own_that_says_what_the_old_one_does(moderator, pair, cli):
    merge = moved(moderator, pair[1])
    made = db.session.scalars(Book.together().where(Book.id == merge.into_book_id)).unique().one()
    assert (made.title, made.first_published, made.ratings_count) == ("Dune", 1965, 0)
    assert [author.name for author in made.authors] == ["Frank Herbert"]
    assert [subject.name for subject in made.subjects] == ["Sand"]
    assert moderator.get("/isbn/9780441172719", 302).location == f"/books/{made.ref}"
    assert cli("search", "check").exit_code == 0


def test_it_stands_in_the_public_log(moderator, pair):
    moved(moderator, pair[1], into=str(pair[0].id))
    decision = db.session.scalar(sa.select(Decision))
    said = "An edition of “Dune” belongs to “Dune: a novel” now. Another text."
    assert (decision.action, decision.reason) == ("split", said)


def test_what_is_wrong_is_told_beside_the_field_and_nothing_typed_is_lost(moderator, pair):
    answer = moderator.post(path(pair[1]), 422, into="nowhere", reason="Because.")
    assert "No book here has this address, number or ISBN." in answer.page.select_one("#into-error").text
    assert "Because." in answer.page.textarea.text
    same = moderator.post(path(pair[1]), 422, into=str(pair[1].id), reason="Because.")
    assert "It belongs to this book already." in same.page.select_one("#into-error").text


def test_moderators_find_it_on_the_books_page(moderator, pair):
    assert moderator.get(f"/books/{pair[1].ref}").page.find("a", href=path(pair[1]))


def test_of_an_unknown_edition_there_is_nothing(moderator):
    moderator.get("/moderation/editions/999/move", 404)


def test_a_reason_is_needed(moderator, pair):
    answer = moderator.post(path(pair[1]), 422, reason="   ")
    assert "Please say why" in answer.page.select_one("#reason-error").text
