"""Where a cover stands beside a book."""

import json

import pytest

from bookreviews.books.models import Book
from bookreviews.covers import storage
from bookreviews.extensions import db
from tests.factories import a_book, a_cover, a_reader, a_review


@pytest.fixture
def cover(app):
    """A cover of a book that has a review."""
    cover = a_cover(a_book("Dune", ["Frank Herbert"], subjects=["Sand"]))
    a_review(db.session.get(Book, cover.book_id), by=a_reader("bob"))
    return cover


@pytest.mark.parametrize(
    "path", ["/", "/books", "/search?q=dune", "/authors/1-frank-herbert", "/subjects/sand", "/readers/bob"]
)
def test_lists_show_it_when_it_comes_into_sight(browser, cover, path):
    image = browser.get(path).page.main.select_one("img.cover")
    assert image["src"] == f"/covers/{cover.key}-240.webp"
    assert [part.split()[1] for part in image["srcset"].split(",")] == ["120w", "240w", "480w"]
    assert (image["alt"], image["loading"], image["width"], image["height"]) == ("", "lazy", "80", "120")


def test_the_page_of_the_book_shows_it_at_once(browser, cover):
    page = browser.get(f"/books/{cover.book_id}-dune").page
    assert cover.key in page.main.img["src"] and "loading" not in page.main.img.attrs
    data = json.loads(page.find("script", type="application/ld+json").string)
    assert data["image"] == f"http://localhost/covers/{cover.key}-480.webp"
    assert page.main.find("a", string="Change the cover")


def test_many_covers_cost_no_more_queries_than_one(browser, cover, queries):
    with queries() as one:
        browser.get("/books")
    for number in range(5):
        a_cover(a_book(f"Book {number}"))
    with queries() as many:
        browser.get("/books")
    assert len(many) == len(one)


def test_the_picture_for_other_sites_shows_it_unless_it_is_lost(browser, cover, caplog):
    card = f"/books/{cover.book_id}/card.png"
    shown = browser.get(card).data
    storage.delete([cover.key])
    drawn = browser.get(card).data
    assert shown[:8] == drawn[:8] == b"\x89PNG\r\n\x1a\n" and shown != drawn
