import json
from datetime import UTC, datetime, timedelta

import pytest

from bookreviews.extensions import now
from tests.factories import a_book, a_reader, a_review


def several(reader, number):
    return [a_review(a_book(f"Book {n}", [f"Author {n}"]), by=reader, title=f"Review {n}") for n in range(number)]


def order(words, *parts):
    return sorted(parts, key=words.index)


def test_the_page_says_who_somebody_is_and_how_they_rate(browser):
    ann = a_reader("Ann", created_at=datetime(2025, 3, 9, tzinfo=UTC))
    for title, rating, body, helpful in (("Dune", 10, "Sand.", 3), ("Emma", 7, "Balls.", 1), ("Ulysses", 1, "", 0)):
        a_review(a_book(title), rating, by=ann, body=body, helpful=helpful)
    answer = browser.get("/readers/Ann")
    assert answer.page.h1.get_text() == "Ann" and answer.page.title.get_text() == "Reviews by Ann · BookReviews"
    for words in ("since March 2025", "3.0", "on average", "3 ratings, 2 of them with a review", "Found helpful 4 times"):
        assert words in answer.words
    assert [int(meter["value"]) for meter in answer.page.select("meter")] == [1, 1, 0, 0, 1]
    assert "3 readers found this helpful" in answer.words
    assert answer.page.find("a", string="Dune")["href"].startswith("/books/1-dune")
    facts = json.loads(answer.page.find("script", type="application/ld+json").string)
    assert facts["@type"] == "ProfilePage" and facts["mainEntity"]["name"] == "Ann"


def test_who_has_written_nothing_has_a_page_too(browser):
    a_reader("Ann")
    assert "No review yet" in browser.get("/readers/Ann").words


def test_the_mean_is_rounded_as_people_do_it(browser):
    ann = a_reader("Ann")
    for title, rating in (("Dune", 8), ("Emma", 9)):
        a_review(a_book(title), rating, by=ann)
    card = browser.get("/readers/Ann").page.select_one(".score-line")
    assert card.strong.get_text() == "4.3" and "s9" in card.select_one(".stars")["class"]


def test_only_what_stands_is_shown_and_counted(browser):
    ann = a_reader("Ann")
    a_review(a_book("Dune"), 10, by=ann, body="Sand.")
    a_review(a_book("Emma"), 1, by=ann, body="Taken back.", deleted_at=now())
    a_review(a_book("Ulysses"), 1, by=ann, body="Held.", held_at=now())
    a_review(a_book("Beloved"), 1, body="By a guest called Ann.", name="Ann")
    words = browser.get("/readers/Ann").words
    assert "Sand." in words and "1 rating, each with a review" in words
    assert not any(hidden in words for hidden in ("Taken back", "Held.", "By a guest"))


def test_no_spoiler_is_told(browser):
    ann = a_reader("Ann")
    a_review(by=ann, body="Peeta lives.", title="Peeta!", spoilers=True)
    a_review(a_book("Dune"), by=ann, body="Paul >!wins!<.")
    words = browser.get("/readers/Ann").words
    assert "Peeta" not in words and "wins" not in words


def test_the_list_can_be_sorted(browser):
    ann = a_reader("Ann")
    for days, (title, rating, helpfulness) in enumerate((("One", 4, 0.9), ("Two", 10, 0.1), ("Six", 1, 0.5))):
        facts = {"helpfulness": helpfulness, "created_at": now() - timedelta(days=days)}
        a_review(a_book(title), rating, by=ann, body=f"Words on {title}.", **facts)
    words = {sort: browser.get(f"/readers/Ann?sort={sort}").words for sort in ("newest", "helpful", "highest", "lowest")}
    titles = [f"Words on {title}." for title in ("One", "Two", "Six")]
    assert {sort: [title[9:-1] for title in order(text, *titles)] for sort, text in words.items()} == {
        "newest": ["One", "Two", "Six"],
        "helpful": ["One", "Six", "Two"],
        "highest": ["Two", "One", "Six"],
        "lowest": ["Six", "One", "Two"],
    }
    browser.get("/readers/Ann?sort=size", 400)


def test_a_long_list_has_pages_of_titles_of_their_own(browser):
    several(a_reader("Ann"), 21)
    first = browser.get("/readers/Ann?sort=highest")
    second = browser.get(first.page.find("a", rel="next")["href"])
    assert "Review 20" in first.words and "Review 0 " in second.words
    assert first.page.title != second.page.title


@pytest.mark.parametrize("address", ["/readers/ann.lee", "/readers/ANNLEE", "/readers/Ann_L%C3%A9e", "/readers/annIee"])
def test_another_spelling_leads_to_the_name(browser, address):
    a_reader("Ann-Lee")
    answer = browser.get(f"{address}?sort=helpful", 301)
    assert answer.location == "/readers/Ann-Lee?sort=helpful"
    browser.follow(answer)


@pytest.mark.parametrize("name", ["ليلى", "Андрей", "さくら", "Zoë", "สมชาย"])
def test_a_name_may_be_of_any_script(browser, name):
    reader = a_reader(name, email="x@example.org")
    a_review(by=reader)
    answer = browser.get(f"/readers/{name}")
    assert answer.page.h1.bdi.get_text() == name


@pytest.mark.parametrize("name", ["nobody-here", "%00", "a" * 201, "..", "---", "<b>"])
def test_a_name_that_nobody_has_is_not_found(browser, name):
    browser.get(f"/readers/{name}", 404)


def test_a_disabled_account_has_no_page(browser):
    a_review(by=a_reader("Ann", active=False))
    browser.get("/readers/Ann", 404)


def test_the_number_of_queries_does_not_grow(browser, queries):
    ann = a_reader("Ann")
    several(ann, 1)
    with queries() as few:
        browser.get("/readers/Ann")
    several(ann, 20)
    with queries() as many:
        browser.get("/readers/Ann")
    assert len(many) == len(few) <= 6
