"""Headers on every answer: security, compression, where the visitor comes from."""

import brotli
import pytest
from flask import request

from tests.factories import a_book, a_reader, a_review

PATHS = [("/", 200), ("/books", 200), ("/nothing", 404), ("/api/x", 404), ("/static/0/style.css", 200), ("/robots.txt", 200)]
POLICY = [
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self' data:",
    "manifest-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
]  # fmt: skip


@pytest.fixture
def another(made_anew):
    """The site with other settings, whose every page tells the address it was asked by."""

    def made(**settings):
        app = made_anew(**settings)
        app.add_url_rule("/whence", "whence", lambda: f"{request.url} {request.remote_addr} {request.is_secure}")
        return app.test_client()

    return made


def check(headers):
    assert headers["Content-Security-Policy"].split("; ") == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Permissions-Policy"] == "camera=(), microphone=(), geolocation=()"


@pytest.mark.parametrize("path, status", PATHS)
def test_every_answer_keeps_to_a_strict_policy(browser, path, status):
    headers = browser.get(path, status).headers
    check(headers)
    assert headers["Cache-Control"].startswith(("no-cache", "public, max-age=0, "))  # browsers ask each time


def test_so_do_the_files_that_browsers_keep(browser):
    check(browser.get(browser.get("/").page.select_one("link[rel=stylesheet]")["href"]).headers)


@pytest.mark.parametrize("path, status", PATHS)
def test_browsers_are_bound_to_https_only_where_the_site_has_it(another, path, status):
    plain, secure = another(), another(SESSION_COOKIE_SECURE=True)
    assert "Strict-Transport-Security" not in plain.get(path).headers
    assert secure.get(path).headers["Strict-Transport-Security"] == "max-age=31536000"
    style = f"/static/{secure.application.config['STATIC_VERSION']}/style.css"
    assert secure.get(style, buffered=True).headers["Strict-Transport-Security"] == "max-age=31536000"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(browser):
    answer = browser.get(f"/books/{a_review().book_id}/review")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Expires" in cookie


def test_reading_sets_no_cookie(browser):
    review = a_review()
    for path in ("/", "/books", f"/reviews/{review.id}"):
        assert "Set-Cookie" not in browser.get(path).headers


def test_what_a_reader_with_a_session_gets_is_for_them_alone(browser):
    browser.log_in(a_reader())
    for path in ("/", "/books", "/search?q=dune"):
        assert "private" in browser.get(path).headers["Cache-Control"]


@pytest.mark.parametrize(
    "path, accepted, encoding",
    [
        # Kept, and made each time.
        ("/books", "gzip, deflate, br, zstd", "zstd"), ("/books", "br", "br"), ("/books", "gzip", "gzip"), ("/books", "", None),
        ("/search?q=book", "gzip, deflate, br, zstd", "zstd"), ("/search?q=book", "br", "br"), ("/search?q=book", "", None),
    ],
)  # fmt: skip
def test_a_page_comes_as_small_as_the_browser_can_read_it(app, browser, path, accepted, encoding):
    for number in range(5):
        a_book(f"Book {number}", [f"Author {number}"])
    whole = browser.get(path).data
    answer = browser.open("GET", path, headers={"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == encoding
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert answer.content_length == len(answer.data)
    assert not encoding or len(answer.data) < len(whole) / 2
    assert encoding != "br" or brotli.decompress(answer.data) == whole


def test_asked_for_headers_alone_a_compressed_page_sends_no_more(browser):
    answer = browser.open("HEAD", "/books", headers={"Accept-Encoding": "br"})
    assert (answer.status_code, answer.data, answer.headers["Content-Encoding"]) == (200, b"", "br")


def test_a_few_words_are_not_compressed(browser):
    assert "Content-Encoding" not in browser.open("GET", "/healthz", headers={"Accept-Encoding": "br"}).headers


FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7", "X-Forwarded-Host": "evil.example"}


def test_behind_a_proxy_its_word_on_the_visitor_is_taken(another):
    """But not on the host, which a visitor could have written: Heroku's router does not."""
    assert another(BEHIND_PROXY=True).get("/whence", headers=FORWARDED).text == "https://localhost/whence 198.51.100.7 True"


def test_elsewhere_nobody_can_pretend_to_be_one(another):
    assert another().get("/whence", headers=FORWARDED).text == "http://localhost/whence 127.0.0.1 False"
    assert another(BEHIND_PROXY=False).get("/whence", headers=FORWARDED).text == "http://localhost/whence 127.0.0.1 False"


def test_where_the_address_is_https_the_browser_is_told_to_keep_to_it(browser):
    assert "Strict-Transport-Security" not in browser.get("/").headers
    assert browser.get("/", base_url="https://localhost").headers["Strict-Transport-Security"] == "max-age=31536000"
