import gzip
from contextvars import Context
from xml.etree import ElementTree

import brotli
import pytest

from bookreviews.extensions import db
from bookreviews.pages import sitemap
from tests.factories import a_book

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def urls(text):
    urlset = ElementTree.fromstring(text)
    assert urlset.tag == f"{NAMESPACE}urlset"
    assert {tuple(child.tag for child in url) for url in urlset} == {(f"{NAMESPACE}loc",)}
    return [loc.text for loc in urlset.iter(f"{NAMESPACE}loc")]


def listed(browser, kind, number=1):
    return urls(browser.get(f"/sitemaps/{kind}-{number}.xml").data)


def test_every_address_leads_straight_to_its_page(browser):
    a_book("Pride & Prejudice <1813>", ["O'Brien & Söhne"], subjects=["Science & fiction", "Ævintýri"])
    a_book("ألف ليلة وليلة", ["محفوظ، نجيب"], subjects=["قصص"])
    a_book("!!!", ["???"])
    for kind, count in (("books", 3), ("authors", 3), ("subjects", 3)):
        found = listed(browser, kind)
        assert len(found) == count
        for url in found:
            assert url.startswith(f"http://localhost/{kind}/") and url.isascii()
            browser.get(url)


def test_a_part_has_its_own_rows_and_no_others(browser, monkeypatch):
    monkeypatch.setattr(sitemap, "SIZE", 2)
    books = [a_book(f"Book {number}", ["Ann"]) for number in range(4)]
    for book in books:
        number = (book.id - 1) // 2 + 1
        assert f"http://localhost/books/{book.ref}" in listed(browser, "books", number)
    every = [url for number in range(1, books[-1].id // 2 + 1) for url in listed(browser, "books", number)]
    assert len(every) == len(set(every)) == 4


@pytest.mark.parametrize(
    "name", ["books-2", "books-42949", "books-0", "books--1", "books-99999999999999999999", "readers-1", "books"]
)
def test_what_is_no_part_is_not_found(browser, name):
    a_book()
    browser.get(f"/sitemaps/{name}.xml", 404)


def test_an_address_is_the_public_one(browser, monkeypatch):
    book = a_book()
    monkeypatch.setitem(browser.app.config, "SITE_URL", "https://books.example.org/a&b")
    assert listed(browser, "books") == [f"https://books.example.org/a&b/books/{book.ref}"]


@pytest.mark.parametrize("encoding, opened", [("br", brotli.decompress), ("gzip", gzip.decompress), ("", bytes)])
def test_it_is_sent_piece_by_piece_compressed_or_not(app, monkeypatch, encoding, opened):
    monkeypatch.setattr(sitemap, "BATCH", 1)
    books = [a_book(f"Book {number}", ["Ann"]) for number in range(5)]
    db.session.rollback()
    answer = app.test_client().get("/sitemaps/books-1.xml", headers={"Accept-Encoding": encoding})
    assert answer.is_streamed and "Content-Length" not in answer.headers
    assert answer.headers.get("Content-Encoding", "") == encoding
    assert len(urls(opened(b"".join(answer.response)))) == len(books)
    answer.close()


@pytest.mark.parametrize("method, read", [("GET", 1), ("GET", 0), ("HEAD", 0)])
def test_whoever_hangs_up_leaves_no_connection_open(app, method, read):
    def hang_up():
        answer = app.test_client().open("/sitemaps/books-1.xml", method=method)
        for _ in range(read):
            next(iter(answer.response))
        answer.close()

    a_book()
    db.session.remove()
    before = db.engine.pool.checkedout()
    Context().run(hang_up)
    assert db.engine.pool.checkedout() == before


def test_it_costs_two_queries(browser, queries):
    for number in range(5):
        a_book(f"Book {number}", ["Ann"])
    with queries() as found:
        listed(browser, "books")
    assert len(found) == 2
