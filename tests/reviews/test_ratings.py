"""The numbers that are kept beside the reviews."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bookreviews.extensions import db, now
from bookreviews.ledger.models import RatingMonth
from bookreviews.reviews import ratings
from bookreviews.votes.counting import helpfulness
from tests.factories import a_book, a_reader, a_review, a_vote


def test_the_numbers_of_a_healthy_site_are_right(cli):
    a_review(a_book(), 7)
    result = cli("ratings", "verify")
    assert (result.exit_code, result.output) == (0, "0 wrong.\n")


def test_a_wrong_number_is_found_and_mended(cli):
    book = a_book()
    a_review(book, 7, by=a_reader())
    a_review(book, 10, by=a_reader(), body="")
    a_review(book, 3, body="")
    a_book("Dune")
    book.ratings_count, book.reviews_count, book.guests_sum = 5, 0, 4
    db.session.commit()
    result = cli("ratings", "verify")
    assert result.exit_code == 1
    kept = "5 ratings of 17 half stars, 1 by guests of 4, 0 with words, 2 of 17 in the ledger"
    assert f"Book {book.id}: {kept}" in result.output
    assert "kept, 2 ratings of 17 half stars, 1 by guests of 3, 1 with words, 2 of 17 in the ledger" in result.output
    assert cli("ratings", "verify", "--fix").exit_code == 0
    db.session.refresh(book)
    assert (book.ratings_count, book.ratings_sum, book.guests_count, book.guests_sum) == (2, 17, 1, 3)
    assert book.reviews_count == 1
    assert cli("ratings", "verify").exit_code == 0


@pytest.mark.parametrize(
    "damage",
    [
        sa.update(RatingMonth).values(times=7),
        sa.delete(RatingMonth),
        sa.insert(RatingMonth).values(book_id=1, month=200001, before=0, after=9, times=1),
    ],
)
def test_a_wrong_sum_of_the_ledger_is_found_and_mended(browser, cli, damage):
    book = a_book()
    a_review(book, 7, by=a_reader())
    page = browser.get(f"/books/{book.ref}/rating").text
    db.session.execute(damage)
    db.session.commit()
    result = cli("ratings", "verify")
    assert result.exit_code == 1 and "1 of its sums by month wrong" in result.output
    assert cli("ratings", "verify", "--fix").output.endswith("1 mended.\n")
    assert cli("ratings", "verify").output == "0 wrong.\n"
    assert browser.get(f"/books/{book.ref}/rating").text == page


def test_however_many_books_there_are_each_is_looked_at(cli, monkeypatch):
    monkeypatch.setattr(ratings, "BATCH", 2)
    books = [a_book(f"Book {number}") for number in range(5)]
    for book in books:
        a_review(book, by=a_reader())
    books[0].ratings_sum, books[4].ratings_count = 1, 2
    db.session.commit()
    assert [wrong[0] for wrong in ratings.differences()] == [books[0].id, books[4].id]
    assert cli("ratings", "verify", "--fix").output.endswith("2 mended.\n")
    assert cli("ratings", "verify").output == "0 wrong.\n"


def test_wrong_counts_of_votes_are_found_and_mended(cli):
    review, unread, well = a_review(rewritten_at=now()), a_review(a_book("Dune")), a_review(a_book("Emma"))
    a_vote(review, True, cast_at=now() - timedelta(days=1))
    for one in (review, well):
        a_vote(one, True)
        a_vote(one, False)
    review.helpful, review.votes_before, review.helpfulness = 7, 0, 0.9
    unread.unhelpful = 3
    db.session.commit()
    result = cli("ratings", "verify")
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        f"Review {review.id}: 7 helpful and 1 not, 0 of them from before a change, helpfulness 0.9000 kept, "
        "2 helpful and 1 not, 1 of them from before a change, helpfulness 0.2077 counted",
        f"Review {unread.id}: 0 helpful and 3 not, 0 of them from before a change, helpfulness 0.0000 kept, "
        "0 helpful and 0 not, 0 of them from before a change, helpfulness 0.0000 counted",
        "2 wrong.",
    ]
    assert cli("ratings", "verify", "--fix").output.endswith("2 mended.\n")
    for one, numbers in ((review, (2, 1, 1)), (unread, (0, 0, 0)), (well, (1, 1, 0))):
        db.session.refresh(one)
        assert (one.helpful, one.unhelpful, one.votes_before) == numbers
        assert one.helpfulness == pytest.approx(helpfulness(*numbers[:2]))
    assert cli("ratings", "verify").output == "0 wrong.\n"


def test_a_last_digit_that_a_database_keeps_otherwise_is_nothing_wrong(cli):
    review = a_review()
    a_vote(review)
    review.helpfulness += 1e-13
    db.session.commit()
    assert cli("ratings", "verify").output == "0 wrong.\n"
