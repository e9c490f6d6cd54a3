"""Security headers on every answer."""

import pytest

from tests.factories import a_review


@pytest.mark.parametrize(
    "path, status", [("/", 200), ("/books", 200), ("/nothing", 404), ("/api/x", 404), ("/static/style.css", 200)]
)
def test_every_answer_keeps_to_a_strict_policy(browser, path, status):
    headers = browser.get(path, status).headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"]
    assert headers["Cache-Control"] == "no-cache"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(browser):
    answer = browser.get(f"/books/{a_review().book_id}/review")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Expires" in cookie


def test_reading_sets_no_cookie(browser):
    review = a_review()
    for path in ("/", "/books", f"/reviews/{review.id}"):
        assert "Set-Cookie" not in browser.get(path).headers
