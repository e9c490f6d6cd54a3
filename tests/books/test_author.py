import pytest
import sqlalchemy as sa

from bookreviews.books.models import Author
from bookreviews.extensions import db
from tests.factories import a_book, a_reader, a_review


def the_author(name):
    return db.session.scalar(sa.select(Author).where(Author.name == name))


def test_an_authors_books_are_shown_the_best_known_first(browser):
    a_book("Emma", ["Jane Austen"])
    a_review(a_book("Persuasion", ["Jane Austen"]), by=a_reader())
    a_book("Dune", ["Frank Herbert"])
    answer = browser.get(f"/authors/{the_author('Jane Austen').ref}")
    assert [title.get_text() for title in answer.page.select(".book-title")] == ["Persuasion", "Emma"]
    assert answer.page.h1.get_text() == "Jane Austen"


def test_many_books_are_paged(browser):
    for number in range(25):
        a_book(f"Novel {number}", ["Georges Simenon"])
    first = browser.get(f"/authors/{the_author('Georges Simenon').ref}")
    second = browser.get(first.page.find("a", rel="next")["href"])
    assert len(second.page.select(".book-title")) == 1


def test_an_old_address_leads_to_the_right_one(browser):
    a_book("Emma", ["Jane Austen"])
    author = the_author("Jane Austen")
    assert browser.get(f"/authors/{author.id}-jayne", 301).location == f"/authors/{author.ref}"


@pytest.mark.parametrize("path", ["/authors/999", "/authors/99999999999999999999", "/authors/x", "/authors/"])
def test_an_unknown_author_is_not_found(browser, path):
    assert browser.get(path, 404)
