import sqlalchemy as sa

from bookreviews.books.models import Book
from bookreviews.extensions import db, now
from bookreviews.reviews.models import Review
from bookreviews.reviews.ratings import differences
from tests.factories import a_book, a_review


def number_of(model):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def test_a_new_site_has_books_with_reviews(cli, browser):
    result = cli("sample", "load")
    assert result.stdout == f"Loaded {number_of(Book)} books and {number_of(Review)} reviews.\n"
    assert number_of(Book) >= 150 and number_of(Review) >= 500
    assert db.session.execute(differences()).all() == []
    assert db.session.scalar(sa.select(sa.func.max(Review.created_at))) <= now()
    book = db.session.scalar(sa.select(Book).where(Book.title == "The Hunger Games"))
    assert "Suzanne Collins" in browser.get(f"/books/{book.ref}").words
    assert "The Hunger Games" in browser.get("/search?q=hunger games").words


def test_loading_it_again_adds_nothing(cli):
    cli("sample", "load")
    before = number_of(Book), number_of(Review)
    assert cli("sample", "load").stdout == "Loaded 0 books and 0 reviews.\n"
    assert (number_of(Book), number_of(Review)) == before


def test_what_readers_wrote_is_not_touched(cli):
    review = a_review(a_book("Dune", ["Frank Herbert"], description="Mine."), body="My own words.")
    cli("sample", "load")
    db.session.expire_all()
    book = db.session.get(Book, review.book_id)
    assert (review.body, review.version, book.description, book.sample) == ("My own words.", 1, "Mine.", False)
    assert number_of(sa.select(Book).where(Book.title == "Dune").subquery()) == 1
