"""What changed, as it is seen and heard: by more than a colour, wide and narrow, light and dark."""

import pytest
from playwright.sync_api import expect

from bookreviews.extensions import db, now
from bookreviews.reviews.models import Version
from tests.browser import open_form, publish, write
from tests.factories import a_book, a_review
from tests.test_every_page import Inspector

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)  # what is tested is in the browser

# Where the two sides of a conflict are, both at one moment: a page may be scrolled meanwhile.
SIDES = "[...document.querySelectorAll('.sides > div')].map((side) => side.getBoundingClientRect().toJSON())"


@pytest.fixture
def inspector(page, site):
    inspector = Inspector(page, site)
    yield inspector
    assert inspector.problems == []


@pytest.fixture
def changed(app):
    """The address of the changes of a review, some of them hostile."""
    review = a_review(a_book("Dune"), body="The desert is blue. " + "w" * 300, updated_at=now())
    before = {"title": "t" * 200, "body": "The desert is red.", "spoilers": True, "source": "free", "stopped_at": 7}
    db.session.add(Version(review_id=review.id, number=1, rating=2, written_at=review.created_at, **before))
    db.session.add(Version(review_id=review.id, number=2, rating=2, written_at=review.created_at, body="The desert is red."))
    db.session.commit()
    return f"/reviews/{review.id}/changes"


def test_nothing_is_wrong_with_the_page_folded_and_open(inspector, changed):
    inspector.go("changes", changed)
    inspector.page.get_by_text("Show what changed").click()
    inspector.look("changes, open")


def test_what_was_taken_out_and_put_in_is_told_to_those_who_hear_it(page, changed):
    page.goto(changed)
    heard = page.locator(".change").first.aria_snapshot()
    assert "[taken out: red" in heard and "[put in: blue" in heard


def test_it_is_marked_by_more_than_a_colour_on_screens_and_on_paper(page, changed):
    page.goto(changed)
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        for tag, line in (("del", "line-through"), ("ins", "underline")):
            style = page.locator(f".change {tag}").first.evaluate("part => getComputedStyle(part).textDecorationLine")
            assert style == line


def test_a_conflict_stands_side_by_side_on_a_desk_and_one_below_the_other_on_a_telephone(page):
    address = f"/books/{a_book('Dune').ref}/review"
    open_form(page, address)
    other = page.context.new_page()
    other.goto(address)
    publish(other, "The desert is red.")
    write(page, "The desert is blue.")
    page.get_by_role("button", name="Submit review").click()
    expect(page.get_by_role("heading", name="What you typed")).to_be_visible()
    left, right = page.evaluate(SIDES)
    assert right["top"] >= left["bottom"]
    page.set_viewport_size({"width": 1280, "height": 844})
    left, right = page.evaluate(SIDES)
    assert right["top"] == left["top"] and right["left"] >= left["right"]
    page.get_by_role("button", name="Publish mine instead").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your review")
    expect(page.locator(".review .words")).to_have_text("The desert is blue.")


def test_keeping_what_stands_leads_to_it(page):
    address = f"/books/{a_book('Dune').ref}/review"
    open_form(page, address)
    other = page.context.new_page()
    other.goto(address)
    publish(other, "The desert is red.")
    write(page, "The desert is blue.")
    page.get_by_role("button", name="Submit review").click()
    page.get_by_role("link", name="Keep what stands").click()
    expect(page.locator(".review .words")).to_have_text("The desert is red.")
