"""Writing a review in a real browser: in place, with a preview, with stars, counted, and taken back; and the plain ways."""

import pytest
from playwright.sync_api import expect

from bookreviews.extensions import db
from bookreviews.merging.books import merge
from tests.browser import open_form, publish, write
from tests.factories import a_book, a_review
from tests.reviews.hostile import HOSTILE

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)  # what is tested is in the browser


@pytest.fixture
def book(app):
    return f"/books/{a_book('Dune', ['Frank Herbert']).ref}"


def open_in_place(page, book):
    page.goto(book)
    page.get_by_role("link", name="Write a review").click()
    expect(page.get_by_role("heading", name="Write a review")).to_be_focused()
    assert page.url.endswith(book)


def test_the_form_opens_on_the_books_page_and_is_sent_from_there(page, book):
    open_in_place(page, book)
    publish(page, "Worms.")
    page.goto(book)
    expect(page.locator(".review .words")).to_have_text("Worms.")


def test_opened_twice_it_is_one_form_and_closed_it_keeps_what_was_typed(page, book):
    open_in_place(page, book)
    write(page, "Worms.")
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_label("Review", exact=True)).to_be_hidden()
    expect(page.get_by_role("link", name="Write a review")).to_be_focused()
    page.get_by_role("link", name="Write a review").click()
    expect(page.get_by_label("Review", exact=True)).to_have_value("Worms.")


def test_what_is_wrong_is_said_and_every_word_is_kept(page, book):
    open_in_place(page, book)
    write(page, "Worms.", title="t" * 210)
    page.get_by_role("button", name="Submit review").click()
    expect(page.get_by_role("alert")).to_contain_text("at most 200 characters")
    expect(page.get_by_label("Review", exact=True)).to_have_value("Worms.")
    publish(page, "Worms.")


def test_a_click_with_the_control_key_opens_the_page_of_the_form(page, book):
    page.goto(book)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Write a review").click(modifiers=["ControlOrMeta"])
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Write a review")


def test_where_the_form_cannot_be_fetched_its_page_is_opened(page, book):
    page.route("**/review", lambda route: route.abort() if route.request.resource_type == "fetch" else route.continue_())
    page.goto(book)
    page.get_by_role("link", name="Write a review").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Write a review")


@pytest.mark.parametrize("body", HOSTILE)
def test_the_preview_is_what_the_page_then_shows(page, book, body):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append("a dialog"))
    open_form(page, f"{book}/review")
    write(page, body)
    expect(page.locator(".preview .review-title")).to_have_text("Sand")
    shown = page.locator(".preview .words").inner_html()
    page.get_by_role("button", name="Submit review").click()
    page.get_by_role("heading", name="Thank you for your review").wait_for()
    page.goto(book)
    assert page.locator(".review .words").inner_html() == shown
    assert all(url.startswith(page.url.removesuffix(book)) for url in asked if not url.startswith("data:")), asked


def test_where_the_preview_fails_there_is_its_button(page, book):
    page.route("**/reviews/preview", lambda route: route.abort())
    open_form(page, f"{book}/review")
    write(page, "Worms *everywhere*.")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".preview em")).to_have_text("everywhere")
    expect(page.get_by_label("Review", exact=True)).to_have_value("Worms *everywhere*.")


def test_where_the_preview_works_the_button_is_not_needed(page, book):
    open_form(page, f"{book}/review")
    expect(page.get_by_role("button", name="Preview")).to_be_visible()
    write(page, "Worms.")
    expect(page.get_by_role("button", name="Preview")).to_be_hidden()


def test_the_stars_are_a_radio_group_for_the_pointer_and_the_arrow_keys(page, book):
    open_in_place(page, book)
    group = page.get_by_role("group", name="Rating")
    expect(group.get_by_role("radio")).to_have_count(10)
    star = page.get_by_label("3 stars", exact=True)
    box = star.bounding_box()
    assert box["width"] >= 24 and box["height"] >= 24
    star.click()
    expect(star).to_be_checked()
    expect(star).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("3½ stars", exact=True)).to_be_checked()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_label("2½ stars", exact=True)).to_be_checked()


def test_the_stars_show_what_the_pointer_would_choose(page, book):
    open_form(page, f"{book}/review")
    page.get_by_label("2 stars", exact=True).check()
    colours = "choices => [...choices.querySelectorAll('input')].map(star => getComputedStyle(star).backgroundColor)"
    lit = page.locator(".rating-choices").evaluate(colours)
    assert len(set(lit[:4])) == len(set(lit[4:])) == 1 and lit[0] != lit[9]
    page.get_by_label("4 stars", exact=True).hover()
    hovered = page.locator(".rating-choices").evaluate(colours)
    assert set(hovered[:8]) == {lit[0]} and set(hovered[8:]) == {lit[9]}


def test_characters_are_counted_as_the_server_counts_them(page, book):
    open_form(page, f"{book}/review")
    count = page.get_by_text("of 20,000 characters")
    expect(count).to_have_text("0 of 20,000 characters")
    page.get_by_label("Review", exact=True).fill("😀é")
    expect(count).to_have_text("2 of 20,000 characters")
    write(page, "😀" * 20_001)
    expect(count).to_have_text("20,001 of 20,000 characters")
    expect(count).to_have_class("count over")
    page.get_by_role("button", name="Submit review").click()
    expect(page.get_by_role("alert")).to_contain_text("this one has 20,001")
    page.get_by_label("Review", exact=True).fill("w" * 20_000)
    expect(count).to_have_class("count")


def delete(page, book):
    open_form(page, f"{book}/review")
    publish(page)
    page.get_by_role("link", name="Delete your review").click()
    expect(page.get_by_role("status").filter(has_text="Your review of Dune is deleted.")).to_be_visible()
    expect(page.get_by_text("Nobody has reviewed this book yet")).to_be_visible()


def test_a_review_goes_at_once_and_a_note_on_the_books_page_brings_it_back(page, book):
    delete(page, book)
    assert page.url.endswith(book)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".review .words")).to_have_text("Worms.")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


def test_the_note_is_shown_once_and_can_be_closed(page, book):
    delete(page, book)
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("Nobody has reviewed this book yet")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


def test_what_another_tab_has_changed_is_not_deleted_unseen(page, book):
    open_form(page, f"{book}/review")
    publish(page)

    def change_first(route):
        route.fulfill(status=409, content_type="text/html", body="<!doctype html><title>Conflict</title><h1>Changed</h1>")

    page.route("**/review/delete", lambda route: change_first(route) if route.request.method == "POST" else route.continue_())
    page.get_by_role("link", name="Delete your review").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Delete your review?")


def test_after_a_merge_another_review_is_not_deleted_unseen(page, book):
    other = a_book("Dune: a novel")
    for address, body in ((book, "Of the first."), (f"/books/{other.ref}", "Of the second.")):
        open_form(page, f"{address}/review")
        publish(page, body)
    merge(other.id, int(book.split("/")[2].partition("-")[0]), {}, "The same.")
    db.session.commit()
    page.get_by_role("link", name="Delete your review").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Delete your review?")
    expect(page.locator(".review .words")).to_have_text("Of the first.")


def test_without_scripts_all_of_it_works(plain_page, book):
    a_review()
    plain_page.goto(book)
    plain_page.get_by_role("link", name="Write a review").click()
    expect(plain_page.get_by_role("heading", level=1)).to_have_text("Write a review")
    write(plain_page, "Worms *everywhere*.", name="")
    plain_page.get_by_role("button", name="Preview").click()
    expect(plain_page.locator(".preview em")).to_have_text("everywhere")
    plain_page.get_by_role("button", name="Submit review").click()
    expect(plain_page.get_by_role("alert")).to_contain_text("your name")
    publish(plain_page, "Worms *everywhere*.")
    plain_page.get_by_role("link", name="Delete your review").click()
    plain_page.get_by_role("button", name="Delete your review").click()
    expect(plain_page.get_by_role("heading", level=1)).to_have_text("Your review is deleted")
    plain_page.get_by_role("button", name="Undo").click()
    expect(plain_page.locator(".review em")).to_have_text("everywhere")
