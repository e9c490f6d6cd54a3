"""The main job in a real browser: find a book, read its reviews, write one, be thanked."""

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from bookreviews.extensions import db
from bookreviews.reviews.models import Review
from tests.factories import a_book, a_reader, a_review

# The whole way is gone on both databases, and what two requests do at once. What else is tested is in the browser.
ON_ONE_DATABASE = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def visitor(request, chromium, site):
    """A page at the site, scripts on and off."""
    scripts = request.param == "with JavaScript"
    with chromium.new_context(base_url=site, java_script_enabled=scripts, viewport={"width": 390, "height": 844}) as context:
        yield context.new_page()


def written():
    db.session.rollback()
    return [(review.rating, review.title, review.body) for review in db.session.scalars(sa.select(Review).order_by(Review.id))]


def fill_in(page, rating="4½ stars", title="Sand", body="It gets *everywhere*.", name="Ann"):
    page.get_by_label(rating, exact=True).check()
    page.get_by_label("Title", exact=True).fill(title)
    page.get_by_label("Review", exact=True).fill(body)
    page.get_by_label("Your name").fill(name)


def test_a_visitor_finds_a_book_reads_a_review_and_writes_one(visitor):
    a_review(a_book("Dune", ["Frank Herbert"], language="en"), 8, by=a_reader("Bob"), body="Worms >!everywhere!<.")
    visitor.goto("/")
    visitor.get_by_label("Search").fill("herbert dune")
    visitor.get_by_label("Search").press("Enter")
    visitor.get_by_role("link", name="Dune", exact=True).click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Dune")
    hidden = visitor.get_by_text("everywhere", exact=True)
    expect(hidden).to_be_hidden()
    visitor.get_by_label("spoiler").check()
    expect(hidden).to_be_visible()
    visitor.get_by_role("link", name="Write a review").click()
    fill_in(visitor)
    visitor.get_by_role("button", name="Submit review").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Thank you for your review")
    visitor.get_by_role("link", name="Back to the book").click()
    expect(visitor.get_by_text("It gets everywhere.")).to_be_visible()
    expect(visitor.get_by_text("The mean of 1 rating by members")).to_be_visible()
    expect(visitor.get_by_text("And 1 guest: 4.5.")).to_be_visible()


@ON_ONE_DATABASE
def test_the_rating_is_chosen_from_the_keyboard(page):
    book = a_book()
    page.goto(f"/books/{book.ref}/review")
    page.get_by_label("½ star", exact=True).focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_label("3½ stars", exact=True)).to_be_checked()
    page.get_by_label("Your name").fill("Ann")
    page.get_by_label("Your name").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your review")
    assert written() == [(7, "", "")]


@ON_ONE_DATABASE
def test_what_was_wrong_is_shown_and_what_was_typed_is_kept(visitor):
    book = a_book()
    visitor.goto(f"/books/{book.ref}/review")
    visitor.get_by_label("Review", exact=True).fill("All my words.")
    visitor.get_by_label("Title", exact=True).fill("t" * 210)
    visitor.get_by_role("button", name="Submit review").click()
    expect(visitor.get_by_role("alert")).to_contain_text("Please choose a rating")
    expect(visitor.get_by_role("alert")).to_contain_text("A title has at most 200 characters")
    expect(visitor.get_by_label("Review", exact=True)).to_have_value("All my words.")
    expect(visitor.get_by_label("Title", exact=True)).to_have_value("t" * 210)


def test_a_double_click_makes_one_review(page):
    book = a_book()
    page.goto(f"/books/{book.ref}/review")
    fill_in(page)
    page.get_by_role("button", name="Submit review").dblclick(no_wait_after=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your review")
    assert len(written()) == 1


@ON_ONE_DATABASE
def test_back_after_the_thanks_leads_to_the_words_and_sending_them_again_changes_nothing(page):
    book = a_book()
    page.goto(f"/books/{book.ref}/review")
    fill_in(page)
    page.get_by_role("button", name="Submit review").click()
    page.get_by_role("heading", name="Thank you for your review").wait_for()
    page.reload()
    page.go_back()
    expect(page.get_by_label("Review", exact=True)).to_have_value("It gets *everywhere*.")
    page.get_by_role("button", name="Submit review").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your review")
    assert len(written()) == 1


def test_the_older_of_two_tabs_does_not_overwrite_the_newer(page):
    book = a_book()
    address = f"/books/{book.ref}/review"
    page.goto(address)
    other = page.context.new_page()
    other.goto(address)
    fill_in(other, body="Newer words.")
    other.get_by_role("button", name="Submit review").click()
    other.get_by_role("heading", name="Thank you for your review").wait_for()
    fill_in(page, body="Older words.")
    page.get_by_role("button", name="Submit review").click()
    expect(page.get_by_role("alert")).to_contain_text("Newer words.")
    expect(page.get_by_label("Review", exact=True)).to_have_value("Older words.")
    assert written() == [(9, "Sand", "Newer words.")]


@ON_ONE_DATABASE
def test_a_review_is_deleted_after_a_question_and_comes_back(visitor):
    book = a_book()
    visitor.goto(f"/books/{book.ref}/review")
    fill_in(visitor)
    visitor.get_by_role("button", name="Submit review").click()
    visitor.goto(f"/books/{book.ref}/review/delete")
    visitor.get_by_role("button", name="Delete your review").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Your review is deleted")
    visitor.get_by_role("button", name="Undo").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Review of The Hunger Games")


@ON_ONE_DATABASE
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_is_wider_than_its_window(chromium, site, width):
    book = a_book("W" * 300, [f"Author {number}" for number in range(47)], isbns=["9780439023481"], subjects=["A" * 80])
    a_review(book, body="w" * 200, name="n" * 80, title="t" * 200)
    with chromium.new_context(base_url=site, viewport={"width": width, "height": 844}) as context:
        page = context.new_page()
        for path in ("/", "/books", f"/books/{book.ref}", f"/books/{book.ref}/review", "/reviews/1", "/nothing"):
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
