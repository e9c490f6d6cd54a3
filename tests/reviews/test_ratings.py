"""The numbers that are kept beside the reviews."""

from bookreviews.extensions import db
from tests.factories import a_book, a_review


def test_the_numbers_of_a_healthy_site_are_right(cli):
    a_review(a_book(), 7)
    result = cli("ratings", "verify")
    assert (result.exit_code, result.output) == (0, "0 wrong.\n")


def test_a_wrong_number_is_found_and_mended(cli):
    book = a_book()
    a_review(book, 7)
    a_review(book, 10, body="")
    a_book("Dune")
    book.ratings_count, book.reviews_count = 5, 0
    db.session.commit()
    result = cli("ratings", "verify")
    assert result.exit_code == 1
    assert f"Book {book.id}: 5 ratings kept, 2 counted" in result.output
    assert cli("ratings", "verify", "--fix").exit_code == 0
    db.session.refresh(book)
    assert (book.ratings_count, book.ratings_sum, book.reviews_count) == (2, 17, 1)
    assert cli("ratings", "verify").exit_code == 0
