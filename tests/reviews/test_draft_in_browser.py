"""The draft of a review in a real browser: kept while typing, offered back, never in the way of what the server holds."""

import pytest
from playwright.sync_api import expect

from tests.browser import open_form, publish, wait_for_scripts, write
from tests.factories import a_book

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)  # drafts are in the browser


@pytest.fixture
def form(page):
    """The address of the form for a book; the page is there, and its scripts have come."""
    address = f"/books/{a_book().ref}/review"
    open_form(page, address)
    return address


def body(page):
    return page.get_by_label("Review", exact=True)


def wait_until_kept(page, words):
    page.wait_for_function("words => Object.values(localStorage).some(kept => kept.includes(words))", arg=words)


def typed(page, words):
    """Type words into the form, and see them kept."""
    write(page, words)
    wait_until_kept(page, words)


def offered(page):
    return page.get_by_role("button", name="Use the draft")


def test_after_a_reload_the_draft_is_offered_and_nothing_is_filled_in_unasked(page, form):
    typed(page, "Worms *everywhere*.")
    open_form(page, form)
    expect(page.get_by_role("status")).to_contain_text("kept a draft")
    expect(body(page)).to_have_value("")
    offered(page).click()
    expect(body(page)).to_have_value("Worms *everywhere*.")
    expect(page.get_by_label("Title", exact=True)).to_have_value("Sand")
    expect(page.get_by_label("4 stars", exact=True)).to_be_checked()
    expect(body(page)).to_be_focused()


def test_it_outlives_its_tab(page, form):
    typed(page, "Worms.")
    context = page.context
    page.close()
    page = context.new_page()
    open_form(page, form)
    offered(page).click()
    expect(body(page)).to_have_value("Worms.")


def test_it_outlives_leaving_the_page_at_once(page, form):
    write(page, "Worms.")
    page.goto("/")
    open_form(page, form)
    offered(page).click()
    expect(body(page)).to_have_value("Worms.")


def test_what_is_typed_before_the_scripts_have_come_is_kept_too(page, form):
    held = []
    page.route("**/draft.js", lambda route: held.append(route))
    page.goto(form)
    write(page, "Worms.")
    held[0].continue_()
    wait_for_scripts(page)
    page.goto("/")
    page.unroute("**/draft.js")
    page.goto(form)
    offered(page).click()
    expect(body(page)).to_have_value("Worms.")


def test_it_outlives_the_session(page, form):
    typed(page, "Worms.")
    page.context.clear_cookies()
    page.get_by_role("button", name="Submit review").click()
    expect(page.get_by_role("alert")).to_contain_text("expired")
    expect(body(page)).to_have_value("Worms.")
    expect(offered(page)).to_have_count(0)
    page.context.clear_cookies()
    open_form(page, form)
    offered(page).click()
    expect(body(page)).to_have_value("Worms.")


def test_it_is_gone_once_it_is_published(page, form):
    typed(page, "Worms.")
    publish(page)
    page.wait_for_function("() => !localStorage.length")
    open_form(page, form)
    expect(body(page)).to_have_value("Worms.")
    expect(page.get_by_text("characters")).to_be_visible()
    expect(offered(page)).to_have_count(0)


def test_what_is_typed_after_publishing_is_offered_beside_what_stands(page, form):
    publish(page, "Old words.")
    thanks = page.url
    open_form(page, form)
    typed(page, "New words.")
    page.goto(thanks)
    wait_for_scripts(page)
    open_form(page, form)
    expect(offered(page)).to_be_visible()
    expect(body(page)).to_have_value("Old words.")
    offered(page).click()
    expect(body(page)).to_have_value("New words.")
    page.get_by_role("button", name="Bring back what was here").click()
    expect(body(page)).to_have_value("Old words.")
    expect(offered(page)).to_be_visible()


def test_a_draft_from_before_another_tab_published_says_so_and_waits(page, form):
    typed(page, "Older words.")
    other = page.context.new_page()
    open_form(other, form)
    publish(other, "Newer words.")
    open_form(page, form)
    expect(page.get_by_role("status")).to_contain_text("review was changed since")
    expect(body(page)).to_have_value("Newer words.")
    offered(page).click()
    expect(body(page)).to_have_value("Older words.")


def test_what_was_sent_and_refused_outlives_another_tabs_thanks(page, form):
    other = page.context.new_page()
    open_form(other, form)
    publish(other, "Newer words.")
    write(page, "Older words.")
    page.get_by_role("button", name="Submit review").click()
    expect(page.get_by_role("alert")).to_contain_text("Newer words.")
    page.close()
    other.reload()
    wait_for_scripts(other)
    open_form(other, form)
    offered(other).click()
    expect(body(other)).to_have_value("Older words.")


def test_it_can_be_thrown_away(page, form):
    typed(page, "Worms.")
    open_form(page, form)
    page.get_by_role("button", name="Throw it away").click()
    page.get_by_role("button", name="Bring it back").click()
    page.get_by_role("button", name="Throw it away").click()
    expect(offered(page)).to_have_count(0)
    open_form(page, form)
    expect(offered(page)).to_have_count(0)


def test_what_is_typed_instead_does_not_end_the_draft(page, form):
    typed(page, "First words.")
    open_form(page, form)
    expect(offered(page)).to_be_visible()
    body(page).fill("Second words.")
    wait_until_kept(page, "Second words.")
    open_form(page, form)
    expect(offered(page)).to_be_visible()
    page.get_by_role("button", name="Not now").click()
    offered(page).click()
    expect(body(page)).to_have_value("First words.")


def test_each_book_has_its_own(page, form):
    typed(page, "Worms.")
    open_form(page, f"/books/{a_book('Emma').ref}/review")
    expect(offered(page)).to_have_count(0)


def test_where_nothing_may_be_kept_one_can_still_write(page, form):
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw Error('not allowed') } })")
    open_form(page, form)
    publish(page)


def test_without_scripts_back_leads_to_the_words(plain_page):
    plain_page.goto(f"/books/{a_book().ref}/review")
    write(plain_page, "Worms.", name="")
    plain_page.get_by_role("button", name="Submit review").click()
    expect(plain_page.get_by_role("alert")).to_contain_text("your name")
    expect(body(plain_page)).to_have_value("Worms.")


def test_what_was_refused_mended_and_published_is_no_draft_any_more(page, form):
    body(page).fill("All my words.")
    page.get_by_label("Your name").fill("Ann")
    page.get_by_role("button", name="Submit review").click()
    expect(page.get_by_role("alert")).to_be_visible()
    wait_for_scripts(page)
    page.get_by_label("4 stars", exact=True).check()
    page.get_by_role("button", name="Submit review").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your review")
    page.wait_for_function("localStorage.length === 0")
    open_form(page, form)
    expect(offered(page)).to_have_count(0)


def test_what_was_refused_is_kept_though_the_form_was_not_touched_again(page, form):
    body(page).fill("All my words.")
    page.get_by_role("button", name="Submit review").click()
    expect(page.get_by_role("alert")).to_be_visible()
    wait_until_kept(page, "All my words.")
    open_form(page, form)
    offered(page).click()
    expect(body(page)).to_have_value("All my words.")


def test_of_many_drafts_none_is_lost_by_using_or_discarding_another(page, form):
    for words in ("First.", "Second.", "Third.", "Fourth."):
        typed(page, words)
        page.goto("about:blank")
        open_form(page, form)
    page.get_by_role("button", name="Throw it away").click()
    page.get_by_role("button", name="Bring it back").click()
    offered(page).click()
    for words in ("First.", "Second.", "Third.", "Fourth."):
        wait_until_kept(page, words)


def test_words_that_give_way_to_a_draft_are_kept_as_well(page, form):
    typed(page, "Older words.")
    open_form(page, form)
    typed(page, "Fresh words.")
    offered(page).click()
    expect(body(page)).to_have_value("Older words.")
    page.reload()
    wait_until_kept(page, "Fresh words.")
    wait_until_kept(page, "Older words.")


def test_a_note_gives_the_focus_back(page, form):
    typed(page, "Worms.")
    open_form(page, form)
    body(page).focus()
    page.get_by_role("button", name="Not now").focus()
    page.keyboard.press("Enter")
    expect(body(page)).to_be_focused()
