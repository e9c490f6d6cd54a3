"""The site for programs."""

from flask import Blueprint, abort

from bookreviews.books.isbn import canonical, to_isbn13
from bookreviews.books.models import Book
from bookreviews.extensions import db
from bookreviews.tags import kept, shows_books

bp = Blueprint("api", __name__, url_prefix="/api")


@bp.get("/<isbn>")
@kept()
def book(isbn):
    """The book that bears an ISBN, with its score (the mean of its ratings, 0.5 to 5) as JSON."""
    digits = canonical(isbn) or abort(404, "This is not an ISBN.")
    book = db.session.scalar(Book.with_isbn(to_isbn13(digits))) or abort(404, "There is no book with this ISBN.")
    shows_books([book])
    return {
        "title": book.title,
        "author": ", ".join(author.name for author in book.authors),
        "year": book.first_published,
        "isbn": digits,
        "review_count": book.reviews_count,
        "average_score": book.average,
    }
