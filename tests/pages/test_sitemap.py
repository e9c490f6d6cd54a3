from xml.etree import ElementTree

import pytest

from bookreviews.extensions import db
from bookreviews.pages import sitemap
from tests.factories import a_book

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def parts(browser):
    answer = browser.get("/sitemap.xml")
    assert answer.mimetype == "application/xml"
    index = ElementTree.fromstring(answer.data)
    assert index.tag == f"{NAMESPACE}sitemapindex"
    assert {entry.tag for entry in index} == {f"{NAMESPACE}sitemap"}
    return [loc.text for loc in index.iter(f"{NAMESPACE}loc")]


def test_an_empty_site_lists_the_pages_that_are_always_there(browser):
    assert parts(browser) == ["http://localhost/sitemaps/pages.xml"]


def test_each_part_that_it_lists_is_there(browser):
    a_book("Dune", ["Frank Herbert"], subjects=["Science fiction"])
    found = parts(browser)
    assert [url.rpartition("/")[2] for url in found] == ["pages.xml", "books-1.xml", "authors-1.xml", "subjects-1.xml"]
    for url in found:
        assert browser.get(url).mimetype == "application/xml"


def test_parts_without_rows_are_left_out(browser, monkeypatch):
    monkeypatch.setattr(sitemap, "SIZE", 2)
    books = [a_book(f"Book {number}", ["Ann"]) for number in range(6)]
    first = books[0].id
    for book in books[1:-1]:
        db.session.delete(book)
    db.session.commit()
    numbers = sorted({(first - 1) // 2 + 1, (first + 4) // 2 + 1})
    assert [url for url in parts(browser) if "books" in url] == [f"http://localhost/sitemaps/books-{n}.xml" for n in numbers]


def test_the_addresses_are_the_public_ones(browser, monkeypatch):
    monkeypatch.setitem(browser.app.config, "SITE_URL", "https://books.example.org/a&b")
    assert parts(browser) == ["https://books.example.org/a&b/sitemaps/pages.xml"]


@pytest.mark.parametrize("root", ["", "/site"])
def test_below_a_path_the_addresses_begin_with_it(browser, root):
    answer = browser.get("/sitemap.xml", base_url=f"http://localhost{root}/")
    assert f"<loc>http://localhost{root}/sitemaps/pages.xml</loc>" in answer.text


def test_a_full_site_costs_a_query_a_kind(browser, queries):
    a_book("Dune", ["Frank Herbert"], subjects=["Science fiction"])
    with queries() as found:
        browser.get("/sitemap.xml")
    assert len(found) == 3
