"""The keyboard alone, and large text: every task can be done, the focus is always seen, nothing scrolls sideways."""

import pytest
from playwright.sync_api import expect

from tests.factories import a_book, a_review

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)  # what is tested is in the browser

PATHS = ["/", "/books", "/books/1-the-hunger-games", "/books/1/review", "/search?q=hunger", "/reviews/1", "/appearance", "/x"]
# Whether the element that has the focus is in sight, in front, and marked (a star: around its half).
FOCUS_SEEN = """() => {
    const focused = document.activeElement, box = focused.getBoundingClientRect();
    const marked = [focused, focused.parentElement].some((part) => getComputedStyle(part).outlineStyle !== "none");
    const front = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height, innerHeight) / 2);
    return focused !== document.body && box.width > 0 && box.height > 0 && marked && focused.contains(front);
}"""


@pytest.fixture
def page(chromium, site):
    """A page of a desk's browser."""
    with chromium.new_context(base_url=site, reduced_motion="reduce") as context:
        yield context.new_page()


def tab_to(page, place):
    """Press Tab until the focus is at `place`; it is seen all the way."""
    for _ in range(60):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS_SEEN), page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if place.evaluate("place => place === document.activeElement"):
            return
    pytest.fail(f"Tab never comes to {place}")


def test_from_the_home_page_to_a_published_review(page):
    book = a_book("Dune", ["Frank Herbert"])
    a_review(book, body="Worms >!everywhere!<.")
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    assert page.evaluate(FOCUS_SEEN)
    tab_to(page, page.get_by_label("Search"))
    page.keyboard.type("dune")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dune")
    tab_to(page, page.get_by_label("spoiler"))
    page.keyboard.press("Space")
    expect(page.get_by_text("everywhere", exact=True)).to_be_visible()
    page.reload()
    tab_to(page, page.get_by_role("link", name="Write a review"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Write a review")).to_be_focused()
    tab_to(page, page.get_by_label("½ star", exact=True))
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_label("4½ stars", exact=True)).to_be_checked()
    for label, words in (("Title", "Sand"), ("Review", "Sand, and more sand."), ("Your name", "Ann")):
        tab_to(page, page.get_by_label(label, exact=True))
        page.keyboard.type(words)
    tab_to(page, page.get_by_role("button", name="Submit review"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your review")
    expect(page.locator(".review .words")).to_have_text("Sand, and more sand.")
    tab_to(page, page.get_by_role("link", name="Delete your review"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()


def test_the_skip_link_leads_past_the_header(page):
    a_review()
    page.goto("/books")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator("main :focus").count() == 1


@pytest.mark.parametrize(
    "path", ["/", "/books", "/books/1-the-hunger-games", "/search?q=hunger", "/books/1/review", "/nothing"]
)
def test_the_focus_is_seen_on_the_whole_way_through_a_page(page, path):
    a_review(a_book(subjects=["War"], series="Panem"), body=">!Prim!< [link](https://z.example)")
    page.goto(path)
    seen = set()
    while True:
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement === document.body ? '' : document.activeElement.outerHTML")
        if not focused or focused in seen and "radio" not in focused:
            break
        assert page.evaluate(FOCUS_SEEN), focused[:200]
        seen.add(focused)
    assert len(seen) > 5


@pytest.mark.parametrize("width, height, text", [(320, 256, 16), (1280, 1024, 32), (640, 512, 32)])
def test_enlarged_four_times_or_with_text_twice_as_large_nothing_scrolls_sideways(page, width, height, text):
    a_review(a_book(subjects=["Science fiction"], description="d" * 100), title="t" * 90, body="w" * 200)
    page.set_viewport_size({"width": width, "height": height})
    sizes = {"standard": text, "fixed": text}
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": sizes})
    for path in PATHS:
        page.goto(path)
        assert page.evaluate("getComputedStyle(document.querySelector('main')).fontSize") == f"{text}px"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
