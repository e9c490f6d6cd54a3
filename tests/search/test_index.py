"""What the search knows of a book."""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from bookreviews.books.models import Book
from bookreviews.books.removal import remove
from bookreviews.extensions import db
from bookreviews.search.index import differences, entry, filed, index, posting, written
from tests.factories import a_book


def known():
    return {row.rowid: row for row in db.session.execute(sa.select(entry))}


def names(authors=(), isbns=(), **facts):
    """The text of a book with these facts."""
    book = SimpleNamespace(
        **{"id": 1, "popularity": 0, "title": "T", "subtitle": "", "series": "", "series_position": ""} | facts
    )
    return written(book, authors, isbns, ())["text"].strip("| ").split(" | ")


def test_a_title_is_known_with_and_without_its_article_and_subtitle():
    assert names(title="The Hobbit", subtitle="There and Back") == [
        "the hobbit", "hobbit", "the hobbit there and back", "hobbit there and back",
    ]  # fmt: skip


def test_a_name_is_known_as_people_write_it():
    assert names(authors=["J.R.R. Tolkien"])[1:] == ["j r r tolkien", "jrr tolkien", "tolkien"]
    assert names(title="Angels & Demons") == ["angels demons", "angels and demons"]
    assert names(title="Catch-22") == ["catch 22", "catch22"]


def test_a_series_is_known_with_the_place_in_it():
    assert names(series="Dune Chronicles", series_position="2")[1:] == ["dune chronicles", "dune chronicles 2"]


def test_isbns_are_known_in_both_forms():
    assert names(isbns=["9780439655484", "9791032305690", None])[1:] == ["9780439655484", "043965548x", "9791032305690"]


def test_an_index_is_made_changed_and_ended_with_its_book(app):
    book = a_book("Dnue", subjects=["Sand"])
    assert known()[book.id].title == "| dnue |"
    assert known()[book.id].subjects == "| sand |"
    book.title = "Dune"
    assert differences([book.id]) == [book.id]
    index([book.id])
    assert known()[book.id].title == "| dune |"
    assert differences([book.id]) == []
    db.session.execute(sa.delete(Book))
    index([book.id])
    assert known() == {}


def test_a_deleted_book_is_forgotten_without_being_told(app):
    a_book()
    db.session.execute(sa.delete(Book))
    assert known() == {}


def test_a_removed_book_is_filed_under_no_word_any_more(app):
    remove([a_book("Dune", isbns=["9780439023481"], subjects=["Sand"]).id])
    assert known() == {}
    assert db.session.scalars(sa.select(posting.c.word)).all() == []


def test_an_index_is_part_of_the_transaction(app):
    book = a_book("Dune")
    book.title = "Emma"
    index([book.id])
    db.session.rollback()
    assert known()[book.id].title == "| dune |"


def test_words_are_filed_once_under_what_they_may_be_mistyped_as(app):
    a_book("Dune", ["Al Ng 5"])
    a_book("Dune", ["Al Ng 5"])
    found = db.session.scalars(sa.select(filed.c.form).where(filed.c.word == "dune")).all()
    assert sorted(found) == ["dne", "due", "dun", "dune", "une"]
    assert db.session.scalars(sa.select(filed.c.word).distinct()).all() == ["dune"]


@pytest.mark.parametrize("count", [1, 300])
def test_any_number_of_books_costs_the_same_statements(app, queries, count):
    db.session.execute(
        sa.insert(Book),
        [
            {"id": i, "title": f"Book number{'abcdefghij'[i % 10]}", "sort_title": "", "match_key": ""}
            for i in range(1, count + 1)
        ],
    )
    with queries() as found:
        index(range(1, count + 1))
    assert len(found) == 13
    assert len(known()) == count


def test_no_books_cost_nothing(app, queries):
    with queries() as found:
        index([])
    assert not found
