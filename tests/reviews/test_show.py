import pytest

from bookreviews.extensions import now
from tests.factories import a_book, a_reader, a_review


def test_one_review_can_be_read_by_itself(browser):
    review = a_review(a_book("Dune", ["Frank Herbert"]), 7, title="Sand", body="**Everywhere.**", name="Ann")
    answer = browser.get(f"/reviews/{review.id}")
    assert answer.page.h1.get_text() == "Review of Dune"
    assert answer.page.select_one(".stars")["aria-label"] == "Rated 3½ of 5"
    assert "Sand" in answer.words and "Everywhere." in answer.words
    assert answer.page.find("a", string="All reviews of this book")


def test_a_member_s_name_leads_to_their_page(browser):
    page = browser.get(f"/reviews/{a_review(by=a_reader('Rita')).id}").page
    assert [link["href"] for link in page.find_all("a", string="Rita")] == ["/readers/Rita"] * 2
    assert not browser.get(f"/reviews/{a_review().id}").page.select("main a[href^='/readers/']")


def test_a_review_that_waits_for_a_look_is_not_found(browser):
    browser.get(f"/reviews/{a_review(held_at=now()).id}", 404)


def test_a_deleted_review_is_not_found(browser):
    browser.get(f"/reviews/{a_review(deleted_at=now()).id}", 404)


@pytest.mark.parametrize("number", ["0", "999", "99999999999999999999", "-1", "x", "1.5"])
def test_an_unknown_review_is_not_found(browser, number):
    browser.get(f"/reviews/{number}", 404)
