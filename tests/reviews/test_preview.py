"""The preview of a review: a part of a page, written by the code that writes the page."""

import pytest

from tests.browser import hidden
from tests.factories import a_book
from tests.reviews.hostile import HOSTILE


@pytest.fixture
def preview(browser):
    """The preview of some words."""
    token = hidden(browser.form(f"/books/{a_book('Emma').ref}/review"))["csrf_token"]
    return lambda **words: browser.send("/reviews/preview", {"csrf_token": token} | words, 200)


@pytest.mark.parametrize("body", HOSTILE)
def test_what_it_shows_is_what_the_page_shows(browser, preview, body):
    book = a_book()
    shown = preview(body=body, title="A title", language="de")
    browser.post(f"/books/{book.ref}/review", rating="9", name="Ann", body=body, title="A title", language="de")
    page = browser.get(f"/books/{book.ref}").page
    assert str(shown.page.select_one(".words")) == str(page.select_one(".review .words"))
    assert shown.page.select_one(".review-title").get_text() == page.select_one(".review .review-title").get_text()


@pytest.mark.parametrize("body", HOSTILE)
def test_the_plain_way_shows_the_same_in_the_form_and_keeps_every_word(browser, preview, body):
    book = a_book()
    answer = browser.post(f"/books/{book.ref}/review", 200, preview="yes", body=body, language="de", rating="7")
    assert str(answer.page.select_one(".preview .words")) == str(preview(body=body, language="de").page.select_one(".words"))
    assert answer.page.select_one("[name=rating][checked]")["value"] == "7"
    assert browser.get(f"/books/{book.ref}").page.select(".review") == []


def test_it_is_a_part_of_a_page_and_not_a_page(preview):
    assert not preview(body="Worms.").page.find(["html", "h1", "form"])


@pytest.mark.parametrize("body", ["", " \n ", "\0"])
def test_of_nothing_it_is_empty(preview, body):
    assert preview(body=body).words == ""


def test_of_too_much_it_shows_what_would_be_too_much(preview):
    assert "w" * 1000 in preview(body="w" * 30_000).text


def test_a_title_alone_is_shown_as_text(preview):
    assert preview(title="<b>Sand</b>").page.select_one(".review-title").get_text() == "<b>Sand</b>"


def test_without_its_token_nothing_is_shown(browser):
    assert "expired" in browser.send("/reviews/preview", {"body": "Worms."}, 400).words


def test_it_is_asked_for_by_post_alone(browser):
    browser.get("/reviews/preview", 405)
