"""How a rating came about, for everybody to see."""

from flask import Blueprint, render_template

from bookreviews.books.models import Book
from bookreviews.decisions import listing
from bookreviews.extensions import db
from bookreviews.joining import joined
from bookreviews.ledger import history
from bookreviews.moderation.models import Decision
from bookreviews.tags import kept, shows_books
from bookreviews.urls import canonical

bp = Blueprint("ledger", __name__)


@bp.get("/books/<ref:book_id>/rating")
@kept("page")
@joined()
def show(book_id):
    """See how a book's score came about: its ratings by month, and what moderators decided."""
    book = db.one_or_404(Book.listed().where(Book.id == book_id))
    canonical(book_id=book.ref)
    shows_books([book])
    months = history.months(book)
    shown = months[-history.MONTHS :]
    return render_template(
        "ledger/show.html",
        book=book,
        months=shown,
        earlier=months[: -history.MONTHS],
        bars=history.chart(shown),
        decisions=listing.page(Decision.newest().where(Decision.book_id == book.id)),
    )
