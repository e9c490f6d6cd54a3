"""Suggestions in a real browser, as the ARIA Authoring Practices have it, and the plain search beside them."""

import pytest
from playwright.sync_api import expect

from tests.factories import a_book

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)  # what is tested is in the browser


@pytest.fixture
def field(page):
    """The search field of the home page, on a site that has two books on Dune."""
    a_book("Dune", ["Frank Herbert"], outside_count=100)
    a_book("Dune Messiah", ["Frank Herbert"])
    page.goto("/")
    return page.get_by_label("Search")


def options(page):
    return page.get_by_role("option")


def open_list(page, field):
    field.press_sequentially("dune")
    expect(options(page)).to_have_text(["Dune by Frank Herbert", "Dune Messiah by Frank Herbert"])


def test_the_list_opens_while_one_types_and_is_announced(page, field):
    open_list(page, field)
    expect(field).to_have_role("combobox")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("listbox")).to_have_id(field.get_attribute("aria-controls"))
    expect(page.get_by_role("status")).to_have_text("2 suggestions")


def test_arrows_move_through_the_list_and_back_to_what_was_typed(page, field):
    open_list(page, field)
    first, second = (option.get_attribute("id") for option in options(page).all())
    for key, active in (
        ("ArrowDown", first), ("ArrowDown", second), ("ArrowUp", first), ("ArrowUp", None), ("ArrowUp", second),
    ):  # fmt: skip
        field.press(key)
        assert field.get_attribute("aria-activedescendant") == active
        chosen = [option.get_attribute("id") for option in page.locator("[aria-selected=true]").all()]
        assert chosen == [active] * bool(active)
    expect(field).to_have_value("dune")
    expect(field).to_be_focused()


def test_enter_goes_to_the_book_that_is_chosen(page, field):
    open_list(page, field)
    field.press("ArrowDown")
    field.press("ArrowDown")
    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dune Messiah")


def test_enter_searches_where_none_is_chosen(page, field):
    open_list(page, field)
    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Search: dune")


def test_a_click_goes_to_the_book(page, field):
    open_list(page, field)
    options(page).last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dune Messiah")


@pytest.mark.parametrize("key", ["Escape", "Tab"])
def test_it_closes_and_what_was_typed_stays(page, field, key):
    open_list(page, field)
    field.press(key)
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_attribute("aria-expanded", "false")
    assert field.input_value() == "dune"


def test_an_answer_that_comes_late_is_dropped(page, field):
    held = []
    page.route("**/search/suggest?q=du", lambda route: held.append(route))
    with page.expect_request("**/search/suggest?q=du"):
        field.press_sequentially("du")
    field.fill("messiah")
    expect(options(page)).to_have_text(["Dune Messiah by Frank Herbert"])
    held[0].continue_()
    page.wait_for_timeout(300)
    expect(options(page)).to_have_text(["Dune Messiah by Frank Herbert"])


@pytest.mark.parametrize(
    "fail",
    [
        lambda route: route.abort(),
        lambda route: route.fulfill(status=500, content_type="text/html", body="<h1>Something broke</h1>"),
        lambda route: None,  # an answer that never comes
    ],
    ids=["no answer", "an error", "a long wait"],
)
def test_where_it_fails_nothing_is_shown_and_the_plain_search_works(page, field, fail):
    page.route("**/search/suggest*", fail)
    with page.expect_request("**/search/suggest*"):
        field.press_sequentially("dune")
    page.wait_for_timeout(100)
    expect(page.get_by_role("listbox", include_hidden=True)).to_be_hidden()
    expect(page.get_by_text("Something broke")).to_have_count(0)
    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Search: dune")


def test_hostile_titles_are_only_words(page, field):
    a_book('<img src=x onerror="document.title=1"> dune', ["<b>Eve</b>"])
    field.press_sequentially("onerror")
    expect(options(page)).to_have_text(['<img src=x onerror="document.title=1"> dune by <b>Eve</b>'])


def test_without_scripts_one_searches_as_ever(plain_page):
    a_book("Dune", ["Frank Herbert"])
    plain_page.goto("/")
    plain_page.get_by_label("Search").press_sequentially("herbert dune")
    expect(plain_page.get_by_role("listbox")).to_have_count(0)
    plain_page.get_by_label("Search").press("Enter")
    plain_page.get_by_role("link", name="Dune", exact=True).click()
    expect(plain_page.get_by_role("heading", level=1)).to_have_text("Dune")
