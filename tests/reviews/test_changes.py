"""How a review changed, shown to everybody."""

import re
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from bookreviews.extensions import db, now
from bookreviews.reviews.models import Version
from tests.factories import a_book, a_reader, a_review
from tests.reviews.hostile import HOSTILE

FIRST, SECOND = datetime(2026, 5, 3, 12, tzinfo=UTC), datetime(2026, 5, 5, 12, tzinfo=UTC)


def change(browser, review, **words):
    """Let the member who wrote a review change it."""
    browser.post(f"/books/{review.book_id}/review", **{"rating": "8", "body": "Could not put it down."} | words)


@pytest.fixture
def review(browser):
    """A review of 3 May by a reader who is logged in."""
    ann = a_reader("ann")
    browser.login(ann)
    return a_review(a_book("Dune", language="en"), by=ann, created_at=FIRST, title="Sand", language="en")


def changes(browser, review):
    return browser.get(f"/reviews/{review.id}/changes")


def marked(answer, tag):
    return [part.get_text() for part in answer.page.select(f".diff {tag}")]


def test_a_change_is_shown_word_by_word_with_its_dates_and_ratings(app, browser, review):
    change(browser, review, rating="4", title="Sand", body="Could put it down.", language="en")
    db.session.refresh(review)
    review.updated_at = SECOND
    db.session.commit()
    answer = changes(browser, review)
    assert answer.page.h1.get_text() == "How this review changed"
    assert "3 May 2026 → to 5 May 2026" in answer.page.select_one(".change h2").get_text(" ", strip=True)
    assert marked(answer, "del") == [" not"] or marked(answer, "del") == ["not "]
    assert [stars["aria-label"] for stars in answer.page.select(".change .stars")] == ["Rated 4 of 5", "Rated 2 of 5"]
    assert answer.page.find("a", href=f"/reviews/{review.id}")
    assert answer.page.find("meta", attrs={"name": "robots"})["content"] == "noindex"


def test_what_does_not_change_is_not_told(browser, review):
    change(browser, review, title="Sand", body="Could put it down.", language="en")
    answer = changes(browser, review)
    assert not answer.page.select(".change .stars, .diff-title, details")
    assert "said:" not in answer.words


def test_each_change_stands_by_itself_the_newest_first(browser, review):
    for body in ("Second.", "Third."):
        change(browser, review, body=body, title="Sand", language="en")
    answer = changes(browser, review)
    assert marked(answer, "ins") == ["Third", "Second"]
    assert marked(answer, "del") == ["Second", "Could not put it down"]
    assert re.search(r"\d\d:\d\d UTC", answer.page.find("h2").get_text()), "two on one day are told apart by the time"
    assert [version.number for version in db.session.scalars(Version.of(review))] == [1, 2]


def test_what_was_taken_out_does_not_run_into_what_was_put_in(browser, review):
    change(browser, review, body="Could put it down.", title="Title 1")
    change(browser, review, body="Could put it down.", title="Title 2")
    title = changes(browser, review).page.select_one(".diff-title")
    assert title.get_text().split() == ["Title", "1", "2"]


def test_what_changed_beside_the_words_is_a_sentence(browser, review):
    facts = {"language": "de", "spoilers": "y", "source": "free", "knows_author": "y", "stopped_at": "120"}
    change(browser, review, title="Sand", **facts)
    answer = changes(browser, review)
    assert "No longer said: in English." in answer.words
    assert "Now said: in German, contains spoilers, got a free copy, knows the author, stopped at page 120." in answer.words


@pytest.mark.parametrize("words", [{"spoilers": "y", "body": "He dies."}, {"body": "He >!dies!<."}])
def test_spoilers_stand_behind_a_fold(browser, review, words):
    change(browser, review, **words)
    folded = changes(browser, review).page.select_one("details.spoilers")
    assert "dies" in folded.get_text()
    change(browser, review, body="He lives.")
    assert len(changes(browser, review).page.select("details.spoilers")) == 2


@pytest.mark.parametrize("body", HOSTILE)
def test_hostile_words_are_shown_as_words(browser, review, body):
    change(browser, review, body=body, title="<b>x</b>")
    answer = changes(browser, review)
    assert answer.page.select_one(".diff-title ins").get_text() == "<b>x</b>"
    assert "".join(marked(answer, "ins")).replace("<b>x</b>", "") in body.replace("\u202e", "")
    assert not answer.page.select("main script, main img, main b, .diff h1, .diff a")


def test_line_breaks_are_kept_and_one_that_came_has_a_sign(browser, review):
    change(browser, review, body="Could not\n\nput it down.", title="Sand", language="en")
    assert marked(changes(browser, review), "ins") == ["¶\n\n"]


def test_a_review_that_never_changed_says_so(browser, review):
    assert "It stands as it was first published." in changes(browser, review).words


def test_what_was_changed_before_versions_were_kept_is_said_not_to_be_known(browser, review):
    review.updated_at = SECOND
    db.session.commit()
    assert "before this site kept earlier words" in changes(browser, review).words
    change(browser, review, body="Newer.")
    answer = changes(browser, review)
    assert "before this site kept earlier words" in answer.words
    assert len(answer.page.select(".change")) == 1


def test_a_guest_who_only_changes_the_name_changes_no_word(browser):
    book = a_book()
    for name in ("Ann", "Bea"):
        browser.post(f"/books/{book.ref}/review", rating="8", body="Worms.", name=name)
    assert "edited" not in browser.get("/reviews/1").words
    assert "Bea" in browser.get("/reviews/1/changes").words
    assert list(db.session.scalars(sa.select(Version))) == []


def test_very_many_versions_stand_on_pages(browser, review):
    for number in range(1, 26):
        db.session.add(Version(review_id=review.id, number=number, rating=8, written_at=FIRST, body=f"word{number}"))
    review.updated_at, review.title, review.body = SECOND, "", "word26"
    db.session.commit()
    seen, answer = [], changes(browser, review)
    while True:
        seen += marked(answer, "ins")
        following = answer.page.find("a", rel="next")
        if not following:
            break
        answer = browser.get(following["href"])
    assert seen == [f"word{number}" for number in range(26, 1, -1)]
    browser.get(f"/reviews/{review.id}/changes?page=x", 400)


@pytest.mark.parametrize("facts", [{"deleted_at": now()}, {"held_at": now()}])
def test_of_a_review_that_does_not_stand_nothing_is_shown(browser, facts):
    review = a_review(**facts)
    db.session.add(Version(review_id=review.id, number=1, rating=8, written_at=FIRST, body="Secret."))
    db.session.commit()
    browser.get(f"/reviews/{review.id}/changes", 404)


def test_there_is_none_of_no_review(browser):
    browser.get("/reviews/999/changes", 404)
    browser.get("/reviews/99999999999/changes", 404)


def test_a_review_written_anew_after_deleting_begins_anew(browser, review):
    change(browser, review, body="Second.")
    browser.post(f"/books/{review.book_id}/review/delete")
    change(browser, review, body="Third.")
    assert "as it was first published" in changes(browser, review).words
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Version)) == 0


def test_a_page_full_of_changes_costs_no_more_queries_than_one(browser, review, queries):
    change(browser, review, body="Second.")
    with queries() as one:
        changes(browser, review)
    for body in ("Third.", "Fourth.", "Fifth."):
        change(browser, review, body=body)
    with queries() as many:
        changes(browser, review)
    assert len(many) == len(one)


def test_words_that_waited_for_a_look_and_were_changed_before_it_are_nobodys_business(app, browser, monkeypatch):
    book = a_book()
    browser.post(f"/books/{book.ref}/review", rating="8", body="First.", name="Ann")
    monkeypatch.setitem(app.config, "GUEST_REVIEWS", "held")
    for body in ("Rude.", "Kind."):
        browser.post(f"/books/{book.ref}/review", rating="8", body=body, name="Ann")
    app.test_cli_runner().invoke(args=["reviews", "publish", "1"])
    answer = browser.get("/reviews/1/changes")
    assert marked(answer, "ins") == ["Kind"]
    assert "Rude" not in answer.words
