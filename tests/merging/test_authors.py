"""Two spellings of an author become one."""

import pytest
import sqlalchemy as sa

from bookreviews.books.catalogue import Row
from bookreviews.books.importer import store
from bookreviews.books.models import Author, Book, Credit
from bookreviews.extensions import db
from bookreviews.merging.models import Merge
from bookreviews.moderation.models import Decision
from tests.factories import a_book
from tests.merging.acting import merged as merged_books


def merged_authors(moderator, source, target, **choices):
    """The merge of one author into another."""
    address = f"/moderation/merge/authors?from={source}&into={target}"
    answer = moderator.post(address, **{"kept": target, "reason": "The same person."} | choices)
    db.session.expire_all()
    return db.session.get(Merge, int(answer.location.rpartition("/")[2]))


@pytest.fixture
def books(app):
    """Two books by one author, called otherwise in each, and one that says both."""
    return [a_book("Dune", ["Frank Herbert"]), a_book("Emma", ["F. Herbert"]), a_book("Both", ["F. Herbert", "Frank Herbert"])]


def test_all_books_come_together_and_none_is_there_twice(moderator, books):
    merged_authors(moderator, 2, 1)
    credits = sa.select(Credit.book_id, Credit.author_id).order_by(Credit.book_id)
    assert [tuple(row) for row in db.session.execute(credits)] == [(1, 1), (2, 1), (3, 1)]
    page = moderator.get("/authors/1-frank-herbert")
    assert [book.text for book in page.page.select(".book-title")] == ["Dune", "Emma", "Both"]
    assert "Emma" in moderator.get("/search?q=author:frank").words


def test_either_name_may_stay_and_the_others_address_leads_there(moderator, books):
    merged_authors(moderator, 2, 1, kept=2)
    assert moderator.get("/authors/1-frank-herbert", 301).location == "/authors/2-f-herbert"
    assert moderator.get("/authors/2-f-herbert").page.h1.text == "F. Herbert"
    assert "/authors/1-" not in moderator.get("/sitemaps/authors-1.xml").text


def test_it_stands_in_the_public_log(moderator, books):
    merged_authors(moderator, 2, 1)
    decision = db.session.scalar(sa.select(Decision))
    assert decision.reason == "“F. Herbert” is the same author as “Frank Herbert”. The same person."


def test_a_chain_of_merges_is_one_step(moderator, books):
    a_book("Third", ["Herbert, Frank"])
    merged_authors(moderator, 2, 1)
    merged_authors(moderator, 1, 3)
    assert moderator.get("/authors/2", 301).location == "/authors/3-herbert-frank"


@pytest.mark.parametrize("fields", [{"kept": ""}, {"kept": "9"}, {"kept": "x"}])
def test_one_of_the_two_names_is_chosen(moderator, books, fields):
    answer = moderator.post("/moderation/merge/authors?from=2&into=1", 422, reason="Why", **fields)
    assert "Please choose one of the two names." in answer.words


def test_what_is_no_author_is_told_beside_the_field(moderator, books):
    answer = moderator.get("/moderation/merge/authors?from=Frank&into=1")
    assert "No author here has this address or number." in answer.page.select_one("#from-error").text


@pytest.mark.parametrize("name", ["F. Herbert", "Frank Herbert"])
def test_an_import_knows_both_names_for_one(moderator, books, name):
    merged_authors(moderator, 2, 1)
    rows = [Row(line=1, title="Emma", authors=(name,)), Row(line=2, title="New", authors=("F. Herbert", "Frank Herbert", "X"))]
    assert store(rows, "x") == {"unchanged": 1, "added": 1}
    db.session.commit()
    new = db.session.scalar(Book.listed().order_by(Book.id.desc()))
    assert [author.name for author in new.authors] == ["Frank Herbert", "X"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Author)) == 3


def test_a_merged_book_is_found_under_the_new_name(moderator, books):
    merged_books(moderator, books[1], books[0])
    merged_authors(moderator, 2, 1)
    assert store([Row(line=1, title="Emma", authors=("F. Herbert",))], "x")["added"] == 0
