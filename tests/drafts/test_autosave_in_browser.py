"""A member's draft in a real browser: saved on the server while typing, found on every device, never in anybody's way."""

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from bookreviews.accounts.models import User
from bookreviews.drafts.models import Draft
from bookreviews.extensions import db
from bookreviews.text import INVISIBLE
from tests.browser import let_in, log_in, open_form
from tests.factories import a_book, a_reader
from tests.test_every_page import Inspector

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)  # what is tested is in the browser


@pytest.fixture
def ann(app):
    return a_reader("ann")


@pytest.fixture
def address(app):
    return f"/books/{a_book('Dune').ref}/review"


@pytest.fixture
def form(page, ann, address):
    """The form for a book, opened by ann."""
    page.clock.install()
    let_in(page, ann)
    open_form(page, address)
    return page


@pytest.fixture
def another_device(chromium, site, ann):
    """A page of another browser, in which ann is logged in, too."""
    with chromium.new_context(base_url=site) as context:
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.clock.install()
        let_in(page, ann)
        yield page


def body(page):
    return page.get_by_label("Review", exact=True)


def saved(page):
    return page.get_by_text("Draft saved at")


def type_and_pause(page, words):
    """Type, and let as much time pass as goes by before it is sent, be it refused before."""
    body(page).fill(words)
    page.clock.fast_forward(5_000)


def type_and_see_it_saved(page, words):
    before = page.locator("[name=draft]").input_value()
    type_and_pause(page, words)
    page.wait_for_function("before => document.querySelector('[name=draft]').value !== before", arg=before)
    expect(saved(page)).to_be_visible()


def drafts():
    db.session.rollback()
    return [draft.body for draft in db.session.scalars(sa.select(Draft))]


def kept_here(page):
    return page.evaluate("Object.entries(localStorage).map(([name, words]) => name + words).join()")


def test_what_is_typed_is_saved_and_found_on_another_device(form, another_device, address):
    form.get_by_label("4 stars", exact=True).check()
    form.get_by_text("What readers should know").click()
    form.get_by_label("Stopped at page").fill("120")
    type_and_see_it_saved(form, "Worms *everywhere*.")
    assert kept_here(form) == ""  # the server has it
    open_form(another_device, address)
    expect(another_device.get_by_text("This is your draft of")).to_be_visible()
    expect(body(another_device)).to_have_value("Worms *everywhere*.")
    expect(another_device.get_by_label("4 stars", exact=True)).to_be_checked()
    expect(another_device.get_by_label("Stopped at page")).to_have_value("120")


def test_after_a_reload_it_is_in_the_form_and_nothing_else_is_offered(form, address):
    type_and_see_it_saved(form, "Worms.")
    open_form(form, address)
    expect(body(form)).to_have_value("Worms.")
    expect(form.get_by_role("button", name="Use the draft")).to_have_count(0)


def test_it_is_saved_again_as_one_goes_on(form):
    for words in ("Worms.", "Worms everywhere.", "Worms everywhere, and sand."):
        type_and_see_it_saved(form, words)
    assert drafts() == ["Worms everywhere, and sand."]


def test_published_it_is_gone_on_the_server_and_here(form, address):
    form.get_by_label("4 stars", exact=True).check()
    type_and_see_it_saved(form, "Worms.")
    body(form).fill("Worms everywhere.")
    form.get_by_role("button", name="Submit review").click()
    form.get_by_role("heading", name="Thank you for your review").wait_for()
    form.wait_for_function("() => !localStorage.length")
    assert drafts() == []
    open_form(form, address)
    expect(form.get_by_text("This is your draft of")).to_have_count(0)


def test_while_the_server_is_down_this_browser_keeps_the_words_and_offers_them(form, address):
    form.route("**/draft", lambda route: route.abort())
    type_and_pause(form, "Worms.")
    expect(form.get_by_text("the server cannot be reached")).to_be_visible()
    assert "Worms." in kept_here(form)
    form.unroute("**/draft")
    open_form(form, address)
    expect(body(form)).to_have_value("")
    form.get_by_role("button", name="Use the draft").click()
    expect(body(form)).to_have_value("Worms.")
    expect(saved(form)).to_be_visible()
    assert drafts() == ["Worms."]
    form.wait_for_function("() => !localStorage.length")


def test_where_the_answer_was_lost_one_does_not_fall_out_with_oneself(form):
    lost = []

    def lose(route):
        route.fetch()
        lost.append(route)
        route.abort()

    form.route("**/draft", lose, times=1)
    type_and_pause(form, "Worms.")
    expect(form.get_by_text("the server cannot be reached")).to_be_visible()
    type_and_see_it_saved(form, "Worms everywhere.")
    form.wait_for_function("() => !localStorage.length")
    assert lost and drafts() == ["Worms everywhere."]
    expect(form.get_by_role("button", name="See both")).to_have_count(0)


def test_what_another_device_saved_meanwhile_is_not_overwritten(form, another_device, address):
    type_and_see_it_saved(form, "Worms.")
    open_form(another_device, address)
    type_and_see_it_saved(another_device, "Typed on the telephone.")
    type_and_pause(form, "Typed at the desk.")
    expect(form.get_by_role("status").filter(has_text="changed in another tab or on another device")).to_be_visible()
    body(form).fill("Typed at the desk, and more.")
    form.wait_for_timeout(2_500)  # nothing more is sent
    assert drafts() == ["Typed on the telephone."]
    assert "Typed at the desk, and more." in kept_here(form)
    form.get_by_role("button", name="See both").click()
    expect(form.get_by_role("heading", name="What is saved now")).to_be_visible()
    expect(body(form)).to_have_value("Typed at the desk, and more.")
    form.get_by_role("button", name="Save mine instead").click()
    expect(form.get_by_text("Your draft is saved.")).to_be_visible()
    assert drafts() == ["Typed at the desk, and more."]


def test_who_was_logged_out_elsewhere_keeps_the_words_and_learns_why_they_are_not_saved(form):
    form.context.clear_cookies()
    type_and_pause(form, "Worms.")
    expect(form.get_by_role("status").filter(has_text="You have been logged out.")).to_be_visible()
    form.get_by_role("button", name="Go on").click()
    expect(form.get_by_role("alert")).to_contain_text("You have been logged out. Log in again")
    expect(body(form)).to_have_value("Worms.")


def test_who_logs_in_again_in_another_tab_is_saved_as_they_go_on(form):
    tab = form.context.new_page()
    tab.goto("/")
    tab.get_by_role("button", name="Log out").click()
    tab.get_by_text("You are logged out.").wait_for()
    type_and_pause(form, "Worms.")
    told = form.get_by_role("status").filter(has_text="You have been logged out.")
    expect(told).to_be_visible()
    log_in(tab, db.session.scalar(sa.select(User)))
    type_and_see_it_saved(form, "Worms everywhere.")
    expect(told).to_have_count(0)
    assert drafts() == ["Worms everywhere."]


def test_who_goes_on_typing_without_logging_in_is_told_once_and_asked_for_seldom(form):
    asked = []
    form.context.clear_cookies()
    form.on("request", lambda request: asked.append(request.url.endswith("/draft")))
    type_and_pause(form, "Worms.")
    told = form.get_by_role("status").filter(has_text="You have been logged out.")
    expect(told).to_be_visible()
    for _ in range(4):
        body(form).press_sequentially(" More.")
        form.wait_for_timeout(700)
    assert sum(asked) == 1
    form.get_by_role("button", name="Close").click()
    expect(told).to_have_count(0)


def test_what_the_server_makes_clean_is_not_offered_as_another_text(form, address):
    unseen = "".join(one for one in map(chr, range(0xD800)) if INVISIBLE.fullmatch(one) and one != "\r") + "\ufeff\ufffa"
    form.get_by_label("Title", exact=True).fill("Cafe\u0301  with \u202e blanks")
    type_and_see_it_saved(form, f" Cafe\u0301{unseen} with worms. ")
    body(form).evaluate("field => field.dispatchEvent(new Event('input', { bubbles: true }))")
    form.wait_for_function("() => localStorage.length > 0")
    open_form(form, address)
    expect(body(form)).to_have_value("Café with worms.")
    expect(form.get_by_text("characters")).to_be_visible()
    expect(form.get_by_role("button", name="Use the draft")).to_have_count(0)


def test_the_next_reader_at_this_computer_is_offered_nothing_of_it(form, address):
    form.route("**/draft", lambda route: route.abort())
    body(form).fill("Only for Ann.")
    form.wait_for_function("() => localStorage.length > 0")
    form.context.clear_cookies()
    open_form(form, address)
    expect(form.get_by_text("characters")).to_be_visible()
    expect(form.get_by_role("button", name="Use the draft")).to_have_count(0)
    let_in(form, a_reader("bob"))
    open_form(form, address)
    expect(form.get_by_text("characters")).to_be_visible()
    expect(form.get_by_role("button", name="Use the draft")).to_have_count(0)


def test_the_form_on_the_books_page_saves_as_well(form, address):
    form.goto(address.removesuffix("/review"))
    form.get_by_role("link", name="Write a review").first.click()
    expect(form.get_by_role("heading", name="Write a review")).to_be_focused()
    type_and_see_it_saved(form, "Worms.")
    assert drafts() == ["Worms."]


def test_the_plain_button_does_the_same_where_scripts_do_nothing(plain_page, ann, address):
    log_in(plain_page, ann)
    plain_page.goto(address)
    body(plain_page).fill("Worms.")
    plain_page.get_by_role("button", name="Save draft").click()
    expect(plain_page.get_by_text("Your draft is saved. Nobody else sees it.")).to_be_visible()
    expect(body(plain_page)).to_have_value("Worms.")
    plain_page.get_by_role("link", name="Throw it away").click()
    plain_page.get_by_role("button", name="Throw the draft away").click()
    expect(body(plain_page)).to_have_value("")
    assert drafts() == []


def test_a_guest_sends_nothing(page, address):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    open_form(page, address)
    body(page).fill("Worms.")
    page.wait_for_function("() => localStorage.length > 0")
    page.wait_for_timeout(2_500)
    assert not [url for url in asked if url.endswith("/draft")]


def test_nothing_is_wrong_with_its_pages(form, site, address):
    inspector = Inspector(form, site)
    stale = form.context.new_page()
    open_form(stale, address)
    type_and_see_it_saved(form, "Worms.")
    inspector.look("form being saved")
    inspector.go("form with draft", address)
    inspector.go("question", address.replace("/review", "/draft/discard"))
    body(stale).fill("Sand.")
    stale.get_by_role("button", name="Save draft").click()
    stale.get_by_role("heading", name="What you typed").wait_for()
    inspector.page = stale
    inspector.look("conflict")
    assert inspector.problems == []
