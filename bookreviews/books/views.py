"""The catalogue, a book, an author, a subject."""

from base64 import b64encode
from types import SimpleNamespace

import sqlalchemy as sa
from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for

from bookreviews import pictures, schema
from bookreviews.additions import adding
from bookreviews.background import soon
from bookreviews.books import cards, columns, listing
from bookreviews.books.isbn import to_isbn13
from bookreviews.books.models import Author, Book, Subject
from bookreviews.covers import storage
from bookreviews.extensions import db, execute
from bookreviews.joining import joined, numbers, part
from bookreviews.reviews import listing as reviews_listing
from bookreviews.reviews.jobs import release_all
from bookreviews.reviews.writers import known
from bookreviews.tags import LISTS, kept, shows, shows_books
from bookreviews.text import clean_line
from bookreviews.urls import canonical
from bookreviews.votes import listing as votes

bp = Blueprint("books", __name__)

# A book with all that its page shows of it.
BOOK = columns.listed(*columns.PAGE, adding.is_unchecked().label("unchecked")).where(Book.id == sa.bindparam("book"))


def own_parts(page, book_id):
    """What of a book's page is otherwise for each reader."""
    book = SimpleNamespace(id=book_id, ref=request.path.rpartition("/")[2])
    shown = {"book": book, "mine": reviews_listing.own(book)}
    me, answers = known(), votes.answers(numbers(page, "answers"))
    answer, move = current_app.jinja_env.get_template("reviews/_macros.html").module.answers, part("books/_move.html")
    return {
        "write": part("books/_write.html", **shown),
        "deleted": part("reviews/_deleted.html", **shown),
        "asked": part("books/_asked.html", **shown),
        "moderators": part("books/_moderators.html", **shown),
        # A review may have gone since the page was made, or not have come yet to where this reader reads from.
        "answers": lambda number: answer(answers[number], me, answers[number].said, True) if number in answers else "",
        "move": lambda number: move(edition={"id": number}),
    }


def own_parts_of_author(_page, author_id):
    """The same of an author's page."""
    return {"moderators": part("books/_merge_author.html", author={"id": author_id})}


@bp.get("/books")
@kept("sort", "subject", "language", "decade", "stars", "page")
@joined()
def index():
    """Browse the catalogue."""
    shows(LISTS)
    sorts = [(value, name) for value, (name, _) in listing.SORTS.items()]
    books = listing.books()
    return render_template("books/index.html", books=books, choices=listing.choices(), sorts=sorts)


@bp.get("/books/<ref:book_id>")
@kept("sort", "stars", "language", "copies", "page")
@joined(own_parts)
def show(book_id):
    """Read about a book, and what others thought of it."""
    book = columns.shown(execute(BOOK, {"book": book_id}).one_or_none() or abort(404))
    canonical(book_id=book.ref)
    shows_books([book])
    breakdown = reviews_listing.breakdown(book)
    if breakdown.is_due:
        soon(release_all)
    reviews = reviews_listing.reviews(book)
    return render_template(
        "books/show.html",
        book=book,
        breakdown=breakdown,
        opinions=reviews_listing.opinions(book),
        mine=reviews_listing.own(book),
        reviews=reviews,
        my_votes=votes.mine(reviews),
        choices=reviews_listing.choices(breakdown),
        beside=listing.beside(book),
        summary=schema.summary(book),
        schema=schema.book(book, reviews),
    )


@bp.get("/books/<ref:book_id>/card.png")
def card(book_id):
    """Fetch the picture that stands for a book where its address is shared."""
    book = db.one_or_404(Book.listed().where(Book.id == book_id))
    picture = b64encode(storage.found(book.cover_key, 480)).decode()
    drawing = render_template("books/card.svg", book=book, card=cards.card(book), picture=picture)
    response = current_app.response_class(pictures.png(drawing), mimetype="image/png")
    response.cache_control.public, response.cache_control.max_age = True, 24 * 60 * 60
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # it is there to be shown elsewhere
    response.add_etag()
    return response.make_conditional(request)


@bp.get("/isbn/<path:isbn>")
def isbn(isbn):
    """Go to the book that bears an ISBN, in any of its forms."""
    digits = to_isbn13(isbn) or abort(
        404, f"“{clean_line(isbn)[:40]}” is not an ISBN: one has 10 or 13 digits, the last of which checks the others."
    )
    book = db.session.scalar(Book.with_isbn(digits))
    if book is None:
        return render_template("books/isbn.html", isbn=digits), 404
    return redirect(url_for("books.show", book_id=book.ref))


@bp.get("/authors/<ref:author_id>")
@kept("page")
@joined(own_parts_of_author)
def author(author_id):
    """See an author's books, the best known first."""
    author = db.one_or_404(Author.there().where(Author.id == author_id))
    canonical(author_id=author.ref)
    books = listing.of_author(author)
    shows(*author.cache_tags)
    shows_books(books)
    return render_template("books/author.html", author=author, books=books)


@bp.get("/subjects/<slug:slug>")
@kept("page")
@joined()
def subject(slug):
    """See the books of a subject, the best rated first."""
    shows(LISTS)
    subject = db.one_or_404(Subject.named(slug))
    books = listing.of_subject(subject)
    return render_template("books/subject.html", subject=subject, books=books)
