"""What pages say to machines, in the words of schema.org."""

import json
import re

import pytest

from bookreviews import schema
from tests.factories import a_book, a_reader, a_review


def told(answer):
    """The data that a page holds for machines."""
    (script,) = answer.page.select("script[type='application/ld+json']")
    return json.loads(script.string)


def every(data, kind):
    """All things of one kind, however deep."""
    if isinstance(data, dict):
        return [data] * (data.get("@type") == kind) + [found for value in data.values() for found in every(value, kind)]
    return [found for value in data for found in every(value, kind)] if isinstance(data, list) else []


def test_a_book_is_told_as_the_page_tells_it(browser):
    book = a_book(
        "Catching Fire", ["Suzanne Collins", "Anonymous"], ["9780439023498"], ["Dystopia"],
        language="en", first_published=2009, description="Back to the arena.",
    )  # fmt: skip
    data = told(browser.get(f"/books/{book.ref}"))
    assert (data["@context"], data["@type"], data["name"]) == ("https://schema.org", "Book", "Catching Fire")
    assert data["author"] == [{"@type": "Person", "name": "Suzanne Collins"}]
    assert data["url"] == f"http://localhost/books/{book.ref}"
    assert (data["inLanguage"], data["datePublished"], data["about"]) == ("en", "2009", ["Dystopia"])
    assert data["description"] == "Back to the arena."
    assert [edition["isbn"] for edition in data["workExample"]] == ["9780439023498"]


@pytest.mark.parametrize("year, told_as", [(1965, "1965"), (80, "0080"), (-750, None), (None, None)])
def test_a_year_is_told_where_machines_can_read_it(browser, year, told_as):
    book = a_book(first_published=year)
    assert told(browser.get(f"/books/{book.ref}")).get("datePublished") == told_as


def test_there_is_a_score_only_where_there_are_ratings(browser):
    book = a_book()
    assert "aggregateRating" not in told(browser.get(f"/books/{book.ref}"))
    a_review(book, 10, by=a_reader())
    a_review(book, 7, by=a_reader(), body="")
    score = told(browser.get(f"/books/{book.ref}"))["aggregateRating"]
    assert score["@type"] == "AggregateRating"
    assert (score["ratingValue"], score["ratingCount"], score["reviewCount"]) == (4.25, 2, 1)
    assert (score["bestRating"], score["worstRating"]) == (5, 0.5)


def test_a_review_is_told_in_full(browser):
    review = a_review(rating=9, title="Sand", body="Worms *everywhere* & more.", language="en", name="Ann")
    answer = browser.get(f"/reviews/{review.id}")
    data = told(answer)
    assert (data["@type"], data["name"], data["inLanguage"]) == ("Review", "Sand", "en")
    assert data["reviewBody"] == "Worms everywhere & more."
    assert data["reviewRating"] == {"@type": "Rating", "ratingValue": 4.5, "bestRating": 5, "worstRating": 0.5}
    assert data["author"] == {"@type": "Person", "name": "Ann"}
    assert data["datePublished"] == answer.page.select_one(".review time")["datetime"][:10]
    assert (data["itemReviewed"]["@type"], data["itemReviewed"]["name"]) == ("Book", "The Hunger Games")


@pytest.mark.parametrize("query", ["", "?sort=lowest", "?stars=1", "?language=de"])
def test_every_review_told_is_on_the_page_and_no_other(browser, query):
    book = a_book()
    for number in range(45):
        a_review(book, number % 10 + 1, body=f"Words {number}." if number % 3 else "", language="de" if number % 2 else None)
    url = f"/books/{book.ref}{query}"
    while url:
        answer = browser.get(url)
        shown = {f"http://localhost{link['href']}" for link in answer.page.select(".review .review-when a")}
        reviews = told(answer).get("review", [])
        assert {review["url"] for review in reviews} <= shown
        assert len(reviews) == min(schema.TOLD, len(answer.page.select(".review .words")))
        for review in reviews:
            assert review["reviewBody"] in answer.page.select_one("main").get_text()
        link = answer.page.find("a", rel="next")
        url = link and link["href"]


def test_no_spoiler_is_told(browser):
    book = a_book()
    a_review(book, title="He dies", body="Peeta lives.", spoilers=True)
    last = a_review(book, body="Prim >!passes away!<.")
    for path in (f"/books/{book.ref}", f"/reviews/{last.id}", f"/reviews/{last.id - 1}"):
        data = json.dumps(told(browser.get(path)))
        assert not re.search("dies|lives|passes", data), path


def test_hostile_words_do_not_end_the_data(browser):
    book = a_book("</script><script>alert(1)</script>", ["<!--"])
    a_review(book, body="</script> & \u2028 <!-- <script>", name="</script>")
    for path in ("/", f"/books/{book.ref}", "/reviews/1"):
        data = told(browser.get(path))
        assert path == "/" or any(found["name"] == "</script><script>alert(1)</script>" for found in every(data, "Book"))


def test_the_home_page_tells_how_the_site_is_searched(browser):
    a_book("Dune")
    data = told(browser.get("/"))
    assert (data["@type"], data["name"], data["url"]) == ("WebSite", "BookReviews", "http://localhost/")
    target = data["potentialAction"]["target"]
    assert "Dune" in browser.get(target.removeprefix("http://localhost").replace("{words}", "dune")).words


def test_other_pages_tell_nothing(browser):
    book = a_book(subjects=["War"])
    for path in ("/books", f"/books/{book.ref}/review", "/search", "/appearance"):
        assert not browser.get(path).page.select("script[type='application/ld+json']")
