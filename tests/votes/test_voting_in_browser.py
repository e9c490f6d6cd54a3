"""Voting in a real browser: in place with scripts, by plain forms without."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import let_in
from tests.factories import a_book, a_reader, a_review

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)  # what is tested is in the browser


def log_in(page):
    """Log in as a new reader, and go to a book with three reviews."""
    let_in(page, a_reader("Rita"))
    book = a_book("Dune")
    for name in ("Ann", "Bob", "Cid"):
        a_review(book, name=name)
    page.goto(f"/books/{book.ref}")


def button(page, name, writer="Bob"):
    return page.get_by_role("button", name=re.compile(f"^{name} ?: review by {writer}"))


def counted(page, words):
    expect(page.locator(".review", has_text="Bob").locator(".votes")).to_contain_text(words)


def test_only_what_is_said_of_votes_changes_and_the_focus_stays(page):
    log_in(page)
    page.evaluate("document.body.dataset.same = 'page'")
    address = page.url
    button(page, "Helpful").focus()
    page.keyboard.press("Enter")
    expect(button(page, "Helpful")).to_have_attribute("aria-pressed", "true")
    expect(button(page, "Helpful")).to_be_focused()
    counted(page, "1 of 1 reader found this helpful")
    button(page, "Not helpful").click()
    expect(button(page, "Not helpful")).to_have_attribute("aria-pressed", "true")
    expect(button(page, "Helpful")).to_have_attribute("aria-pressed", "false")
    counted(page, "0 of 1 reader found this helpful")
    button(page, "Not helpful").click()
    expect(button(page, "Not helpful")).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_text("found this helpful")).to_have_count(0)
    assert page.evaluate("document.body.dataset.same") == "page"
    assert page.url == address


def test_without_scripts_the_buttons_do_the_same(plain_page):
    page = plain_page
    log_in(page)
    address = page.url
    button(page, "Helpful").click()
    expect(button(page, "Helpful")).to_have_attribute("aria-pressed", "true")
    counted(page, "1 of 1 reader found this helpful")
    assert page.url.startswith(f"{address}#review-")
    button(page, "Helpful").click()
    expect(button(page, "Helpful")).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize("how", ["abort", "error"])
def test_where_the_script_is_not_answered_the_form_is_sent_as_forms_are(page, how):
    log_in(page)

    def fail(route):
        if route.request.resource_type != "fetch":
            route.fallback()
        elif how == "abort":
            route.abort()
        else:
            route.fulfill(status=503, body="<p>Busy.</p>")

    page.route("**/vote", fail)
    button(page, "Helpful").click()
    page.wait_for_url("**#review-*")
    expect(button(page, "Helpful")).to_have_attribute("aria-pressed", "true")


def test_who_is_logged_out_meanwhile_is_asked_to_log_in(page):
    log_in(page)
    other = page.context.new_page()
    other.goto("/")
    other.get_by_role("button", name="Log out").click()
    other.get_by_role("link", name="Log in").wait_for()
    button(page, "Helpful").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Dune")
    expect(page.get_by_text("found this helpful")).to_have_count(0)
