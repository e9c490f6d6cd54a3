"""Finding books."""

from flask import Blueprint, redirect, render_template, request, url_for

from bookreviews.books import columns
from bookreviews.books.models import Book
from bookreviews.extensions import db
from bookreviews.paging import page_of
from bookreviews.search import engine
from bookreviews.search.query import parse

bp = Blueprint("search", __name__)

SUGGESTED = 7


@bp.get("/search")
def results():
    """Find books by their titles, authors, series, subjects, years and ISBNs; a whole ISBN leads straight to its book."""
    query = parse(request.args.get("q", ""))
    book = db.session.scalar(Book.with_isbn(query.isbn)) if query.isbn else None
    if book:
        return redirect(url_for("books.show", book_id=book.ref))
    if not query:
        return render_template("search/results.html", query=query)
    reading = engine.read(query)
    books = page_of(reading.books, shape=columns.cards)
    return render_template("search/results.html", query=query, reading=reading, books=books)


@bp.get("/search/suggest")
def suggest():
    """See the best books for what is typed so far, as the options of a list."""
    query = parse(request.args.get("q", ""))
    books = columns.cards(engine.read(query).books[:SUGGESTED]) if query else []
    return render_template("search/suggest.html", books=books)
