"""The books and reviews that ship with the project."""

import json
from collections import Counter

import pytest

from bookreviews.accounts import names
from bookreviews.books.catalogue import Row, rows, survey
from bookreviews.books.importer import key_of
from bookreviews.languages import language_name
from bookreviews.markdown import render
from bookreviews.reviews.models import SOURCES
from bookreviews.sample.readers import username
from bookreviews.sample.reviews import DATA, words
from bookreviews.text import clean_text, slug

BOOKS = list(rows(survey(DATA / "books.csv")))
REVIEWS = [json.loads(line) for line in (DATA / "reviews.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def works():
    """The work of each ISBN and title."""
    return {name: key_of(row) for row in BOOKS for name in (*row.isbns, row.title)}


def test_every_line_is_a_book_and_every_isbn_is_right():
    assert all(isinstance(row, Row) for row in BOOKS)
    isbns = [isbn for row in BOOKS for isbn in row.isbns]
    assert len(isbns) == len(set(isbns)) > 150


def test_there_are_enough_works_and_each_is_described():
    assert len({key_of(row) for row in BOOKS}) >= 150
    assert all(row.authors and row.year and row.language and row.subjects and row.description for row in BOOKS)


def test_no_two_works_share_a_title():
    assert len({row.title for row in BOOKS}) == len({key_of(row) for row in BOOKS})


def test_there_are_enough_reviews_and_each_has_its_book(works):
    assert len(REVIEWS) >= 500
    assert [review for review in REVIEWS if (review.get("isbn") or review["book"]) not in works] == []


def test_a_reader_has_one_review_of_a_book(works):
    writers = Counter((works[review.get("isbn") or review["book"]], slug(review["reader"])) for review in REVIEWS)
    assert max(writers.values()) == 1


def test_reviews_are_what_a_form_would_take():
    for review in REVIEWS:
        assert review["rating"] in range(1, 11)
        assert len(review["body"]) <= 20_000 and review["body"] == clean_text(review["body"])
        assert review["body"] or not review["title"]
        assert language_name(review["language"]) != review["language"]
        assert review["days_ago"] >= 0 and slug(review["reader"])
        assert bool(review["body"]) == bool(render(review["body"]))


def test_reviews_are_of_every_kind():
    assert {review["rating"] for review in REVIEWS} == set(range(1, 11))
    assert len({review["language"] for review in REVIEWS}) >= 5
    assert sum(review["spoilers"] for review in REVIEWS) >= 20
    assert any(">!" in review["body"] for review in REVIEWS)
    lengths = sorted(len(review["body"]) for review in REVIEWS)
    assert lengths[0] == 0 and lengths[-1] > 2_000


def test_every_reader_gets_a_username_that_is_like_no_other():
    usernames = {username(review["reader"]) for review in REVIEWS}
    for name in usernames:
        names.check(name)
    assert len({names.key_of(name) for name in usernames}) == len({slug(review["reader"]) for review in REVIEWS})


def test_what_was_edited_was_edited_after_it_was_published():
    for review in REVIEWS:
        assert ("before" in review) == ("edited_days_ago" in review)
        if "before" in review:
            assert review["edited_days_ago"] < review["days_ago"]
            assert words(review | review["before"]) != words(review)
    assert {review.get("source") for review in REVIEWS} <= {None, *SOURCES}
