"""Light or dark: chosen on a page, or by a switch where there are scripts; remembered without a flash."""

import pytest
from playwright.sync_api import expect

from tests.browser import hidden
from tests.factories import a_book


def chosen(answer):
    """What a page is set to, as the browser is told with its first bytes."""
    return answer.page.html.get("data-bs-theme"), answer.page.select_one("meta[name=color-scheme]")["content"]


def test_at_first_a_page_looks_as_the_device_does(browser):
    assert chosen(browser.get("/")) == (None, "light dark")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_choice_is_kept_and_is_in_every_page(browser, theme):
    browser.post("/appearance", theme=theme)
    for path, status in (("/", 200), ("/books", 200), ("/appearance", 200), ("/nothing", 404)):
        assert chosen(browser.get(path, status)) == (theme, theme)
    assert browser.get("/appearance").page.select_one("input[checked]")["value"] == theme


def test_a_choice_can_be_taken_back(browser):
    browser.post("/appearance", theme="dark")
    browser.post("/appearance", theme="")
    assert chosen(browser.get("/")) == (None, "light dark")


def test_it_leads_back_to_where_one_came_from(browser):
    page = browser.get("/appearance", headers={"Referer": "http://localhost/search?q=a+b"}).page
    data = hidden(page.find("form", method="post")) | {"theme": "dark"}
    assert browser.send("/appearance", data).location == "/search?q=a+b"


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x", "", "x"])
def test_it_leads_nowhere_else(browser, back):
    assert browser.post("/appearance", theme="dark", back=back).location == "/"


@pytest.mark.parametrize("theme", ["pink", "dark; Path=/x", '"><script>', "\0"])
def test_there_is_nothing_else_to_choose(browser, theme):
    browser.post("/appearance", 400, theme=theme)
    browser.client.set_cookie("theme", "pink")
    assert chosen(browser.get("/")) == (None, "light dark")


def test_without_its_token_nothing_is_kept(browser):
    browser.send("/appearance", {"theme": "dark"}, 400)
    assert chosen(browser.get("/")) == (None, "light dark")


def colour(page):
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("device, other", [("light", "dark"), ("dark", "light")])
def test_the_switch_changes_the_page_at_once_and_the_server_sends_the_next_one_so(page, device, other):
    page.emulate_media(color_scheme=device)
    page.goto("/")
    before = colour(page)
    expect(page.get_by_role("button", name="Dark mode", pressed=device == "dark")).to_be_visible()
    page.get_by_role("button", name="Dark mode").click()
    after = colour(page)
    assert after != before
    assert f'data-bs-theme="{other}"' in page.goto("/books").text()
    assert colour(page) == after
    page.get_by_role("button", name="Dark mode").click()
    assert colour(page) == before
    assert f'data-bs-theme="{device}"' in page.goto(f"/books/{a_book().ref}").text()


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("plain_page", ["scripts off", "scripts blocked", "scripts broken"], indirect=True)
def test_without_scripts_the_choice_is_made_on_a_page(plain_page):
    plain_page.goto("/search?q=dune")
    plain_page.get_by_role("link", name="Dark mode").click()
    plain_page.get_by_label("Dark").check()
    plain_page.get_by_role("button", name="Save").click()
    expect(plain_page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert plain_page.url.endswith("/search?q=dune")
