"""Which addresses we give as our own."""

import pytest

from bookreviews.urls import absolute, within
from tests.factories import a_book

FORGED = {"Host": "evil.example"}


def test_a_name_that_no_site_can_have_is_a_bad_request(browser):
    assert browser.open("GET", "/", headers={"Host": "x" * 300}).status_code == 400


def test_a_page_names_its_one_address_whatever_it_is_sorted_by(browser):
    book = a_book()
    page = browser.get(f"/books/{book.ref}?sort=highest&stars=5").page
    assert page.find("link", rel="canonical")["href"] == f"http://localhost/books/{book.ref}"


def test_later_pages_of_a_list_are_pages_of_their_own(browser):
    for number in range(25):
        a_book(f"Book {number}")
    later = browser.get("/books?sort=title").page.find("a", rel="next")["href"]
    page = browser.get(later).page
    assert page.title.get_text() == "Catalogue, continued · BookReviews"
    assert "?page=" in page.find("link", rel="canonical")["href"]


def test_a_visitor_cannot_make_us_name_another_site(browser):
    url = f"/books/{a_book().ref}"
    for path in ("/", url, "/robots.txt", "/api/x"):
        assert "evil.example" not in browser.open("GET", path, headers=FORGED).text, path
    assert browser.get(url, headers=FORGED).page.find("link", rel="canonical")["href"] == url
    assert "SITE_URL" in browser.get("/sitemap.xml", 404, headers=FORGED).words


def test_the_site_s_own_address_goes_before_the_one_it_was_asked_by(browser, monkeypatch):
    monkeypatch.setitem(browser.app.config, "SITE_URL", "https://books.example.org")
    page = browser.get("/books", headers=FORGED).page
    assert page.find("link", rel="canonical")["href"] == "https://books.example.org/books"
    assert page.find("meta", property="og:image")["content"].startswith("https://books.example.org/static/")


@pytest.mark.parametrize(
    ("host", "believed"),
    [
        ("localhost", True),
        ("127.0.0.1:8000", True),
        ("[::1]:8000", True),
        ("localhost.evil.example", False),
        ("evil@localhost", False),
    ],
)
def test_the_names_of_one_s_own_machine_are_believed_and_none_like_them(sqlite_app, host, believed):
    with sqlite_app.test_request_context(headers={"Host": host}):
        assert absolute("/books") == (f"http://{host}/books" if believed else "/books")


def test_below_a_path_addresses_keep_it_once(sqlite_app):
    with sqlite_app.test_request_context("/books", environ_overrides={"SCRIPT_NAME": "/shelf"}):
        assert absolute("/shelf/books") == "http://localhost/shelf/books"


@pytest.mark.parametrize(
    "address, path",
    [
        ("http://localhost/books?sort=title#x", "/books?sort=title"),
        ("/reviews/1", "/reviews/1"),
        ("http://evil.example/books", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("http://localhost//evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("http://[", "/"),
        ("", "/"),
        (None, "/"),
    ],
)
def test_a_way_back_leads_nowhere_else(sqlite_app, address, path):
    with sqlite_app.test_request_context():
        assert within(address) == path
