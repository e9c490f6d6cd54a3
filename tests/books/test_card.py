"""The picture of a book for other sites to show."""

import pytest

from tests.factories import a_book, a_reader, a_review


def size(png):
    """Width and height of a PNG, out of the chunk it begins with."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert png[12:16] == b"IHDR"
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


def card(browser, book, **options):
    answer = browser.get(f"/books/{book.id}/card.png", **options)
    assert answer.mimetype == "image/png"
    return answer


@pytest.mark.parametrize(
    "title, authors",
    [
        ("Dune", ["Frank Herbert"]),
        ("W" * 300, [f"Author {number}" for number in range(47)]),
        ("吾輩は猫である", ["夏目 漱石"]),
        ("الأيام", ["طه حسين"]),
        ("😀 \U0010fffd", ["?"]),
        ("</text></svg><script>&amp;\"'", ["<b>"]),
        ("Dune", []),
    ],
)
def test_it_is_a_picture_of_1200_by_630(browser, title, authors):
    assert size(card(browser, a_book(title, authors)).data) == (1200, 630)


def test_it_shows_the_score(browser):
    book = a_book()
    without = card(browser, book).data
    a_review(book, 10, by=a_reader())
    a_review(book, 7, by=a_reader())
    assert card(browser, book).data != without


def test_it_is_kept_for_a_day_and_asked_for_anew_after_that(browser):
    book = a_book()
    first = card(browser, book)
    assert first.cache_control.public and first.cache_control.max_age == 86400
    tag = {"If-None-Match": first.headers["ETag"]}
    again = browser.get(f"/books/{book.id}/card.png", 304, headers=tag)
    assert again.data == b""
    a_review(book, by=a_reader())
    assert card(browser, book, headers=tag).data


def test_the_book_page_and_the_pages_of_its_reviews_name_it(browser):
    review = a_review()
    for path in (f"/books/{a_book('Emma').ref}", f"/reviews/{review.id}"):
        address = browser.get(path).page.select_one("meta[property='og:image']")["content"]
        assert address.startswith("http://localhost/books/")
        assert size(browser.get(address.removeprefix("http://localhost")).data) == (1200, 630)


def test_it_is_small(browser):
    assert len(card(browser, a_book("The Hunger Games")).data) < 100_000


@pytest.mark.parametrize("number", ["999", "99999999999", "x"])
def test_of_an_unknown_book_there_is_none(browser, number):
    browser.get(f"/books/{number}/card.png", 404)
