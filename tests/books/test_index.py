import pytest

from bookreviews.books.models import OutsideRating
from bookreviews.extensions import db
from tests.factories import a_book, a_reader, a_review


def titles(answer):
    return [link.get_text() for link in answer.page.select(".shelf .book-title")]


def walk(browser, url, rel="next"):
    """The titles of every page from `url` on, page by page."""
    pages = []
    while url:
        answer = browser.get(url)
        pages.append(titles(answer))
        link = answer.page.find("a", rel=rel)
        url = link and link["href"]
    return pages


def test_an_empty_catalogue_says_so(browser):
    assert "There are no books here yet" in browser.get("/books").words


def test_the_best_rated_come_first_and_one_enthusiast_does_not_outrank_many(browser):
    loved, once, unrated = a_book("Loved by many"), a_book("Loved once"), a_book("Unrated")
    for _ in range(6):
        a_review(loved, 9, by=a_reader())
    a_review(once, 10, by=a_reader())
    assert titles(browser.get("/books")) == ["Loved by many", "Loved once", "Unrated"]
    assert unrated.ratings_count == 0


def test_the_catalogue_is_sorted_as_asked(browser):
    old, new, undated = a_book("The Zebra", first_published=-750), a_book("An Ape", first_published=2020), a_book("Bear")
    a_review(old)
    assert titles(browser.get("/books?sort=title")) == ["An Ape", "Bear", "The Zebra"]
    assert titles(browser.get("/books?sort=newest")) == ["An Ape", "The Zebra", "Bear"]
    assert titles(browser.get("/books?sort=reviewed"))[0] == "The Zebra"
    assert new and undated


def test_the_catalogue_is_narrowed_as_asked(browser):
    a_book("Dune", subjects=["Science fiction"], language="en", first_published=1965)
    a_review(a_book("Solaris", subjects=["Science fiction"], language="pl", first_published=1961), 8, by=a_reader())
    a_book("Emma", subjects=["Classics"], language="en", first_published=1815)
    assert titles(browser.get("/books?subject=science-fiction&sort=title")) == ["Dune", "Solaris"]
    assert titles(browser.get("/books?language=pl")) == ["Solaris"]
    assert titles(browser.get("/books?decade=1960&sort=title")) == ["Dune", "Solaris"]
    assert titles(browser.get("/books?stars=4")) == ["Solaris"]
    assert titles(browser.get("/books?stars=4&language=en")) == []


def test_the_form_remembers_what_was_asked(browser):
    a_book("Dune", subjects=["Science fiction"], language="en", first_published=1965)
    page = browser.get("/books?subject=science-fiction&decade=1960&sort=title").page
    assert page.select_one("select[name=subject] option[selected]")["value"] == "science-fiction"
    assert page.select_one("select[name=decade] option[selected]")["value"] == "1960"
    assert page.select_one("form.filters input[name=sort]")["value"] == "title"


def test_every_decade_that_has_a_book_can_be_chosen(browser):
    for year in (-755, -750, 5, 1605, 1997):
        a_book(f"Of {year}", first_published=year)
    options = browser.get("/books").page.select("select[name=decade] option")
    assert [(option["value"], option.get_text()) for option in options[1:]] == [
        ("1990", "1990s"),
        ("1600", "1600s"),
        ("0", "AD 0s"),
        ("-750", "750s BC"),
    ]
    assert len(titles(browser.get("/books?decade=-750"))) == 2
    assert titles(browser.get("/books?decade=0")) == ["Of 5"]


def test_a_choice_in_force_is_shown_though_it_has_no_book(browser):
    page = browser.get("/books?decade=1300&language=xx&subject=none").page
    chosen = [option["value"] for option in page.select("form.filters option[selected]")]
    assert chosen == ["none", "xx", "1300"]


def test_every_book_is_found_by_walking_forth_and_back(browser):
    for number in range(60):
        a_book(f"Book {number:02}", first_published=1900 + number // 3 if number % 5 else None)
    for first in (f"/books?sort={sort}" for sort in ("best", "reviewed", "newest", "title")):
        pages = walk(browser, first)
        assert [len(page) for page in pages] == [24, 24, 12]
        assert len({title for page in pages for title in page}) == 60
        last = first
        while link := browser.get(last).page.find("a", rel="next"):
            last = link["href"]
        assert walk(browser, last, "prev") == pages[::-1]


def test_a_page_stays_the_same_when_books_are_added_before_it(browser):
    for number in range(25):
        a_book(f"Book {number:02}")
    second = browser.get("/books?sort=title").page.find("a", rel="next")["href"]
    before = titles(browser.get(second))
    a_book("Aardvark")
    assert titles(browser.get(second)) == before


@pytest.mark.parametrize(
    "query",
    [
        "sort=banana",
        "stars=9",
        "stars=NaN",
        "decade=19x0",
        "decade=1965",
        "decade=99999999999",
        "decade=%00",
        "page=2",
        "page=-1",
        "page=%3Es:abc~i:1",
        "page=>i:1",
        "page=>f:1.0~i:999999999999999999999999~i:1",
        "page=>n:x~n:x~n:x",
        "page=>s:x~s:x~s:x",
        "page=%FF%FE",
        "page=" + "9" * 5000,
    ],
)
def test_what_the_list_does_not_know_gets_a_sentence_and_a_way_on(browser, query):
    a_book()
    answer = browser.get(f"/books?{query}", 400)
    assert answer.page.find("a", href="/books")


@pytest.mark.parametrize("query", ["subject=none", "subject=%00", "language=xx", "language=%00x", "subject=%FF", "decade=-750"])
def test_a_narrowing_without_books_says_so(browser, query):
    a_book()
    assert "No books match" in browser.get(f"/books?{query}").words


def test_the_number_of_queries_does_not_grow(browser, queries):
    a_book("One", subjects=["Fiction"])
    with queries() as few:
        browser.get("/books?sort=title&subject=fiction")
    for number in range(30):
        a_book(f"Book {number}", [f"Author {number}"], subjects=["Fiction", f"Subject {number}"])
    with queries() as many:
        browser.get("/books?sort=title&subject=fiction")
    assert len(many) == len(few) <= 7


def test_a_book_without_ratings_of_ours_shows_those_of_elsewhere(browser):
    book = a_book()
    assert "No ratings yet" in browser.get("/books").words
    db.session.add(OutsideRating(book_id=book.id, source="Goodreads", average=4.34, count=10))
    db.session.commit()
    assert "4.3 at Goodreads" in browser.get("/books").words
    a_review(book, 8)
    assert "at Goodreads" not in browser.get("/books").words
