"""Sending a picture of a book's cover, and the pictures themselves."""

from flask import Blueprint, abort, after_this_request, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user

from bookreviews.books.models import Book
from bookreviews.covers import gallery, storage
from bookreviews.covers.decoding import LARGEST, TOO_LARGE, WIDTHS
from bookreviews.covers.forms import CoverForm
from bookreviews.covers.models import Cover
from bookreviews.extensions import csrf, db
from bookreviews.headers import private
from bookreviews.moderation.judges import judge, moderates

bp = Blueprint("covers", __name__)

MEMBERS_ONLY = "Covers are sent by members. Log in, or register, and you come back to the form."
THANKS = "Thank you. A moderator looks at your picture before others see it."
SHOWN = "The book has its new cover."
AWAY = "The place where pictures are kept does not answer just now. Please send yours again in a while."
A_YEAR = 365 * 24 * 60 * 60
ROOM = LARGEST + 1024 * 1024  # so that it is mostly the form that says when a picture is too large


@bp.before_request
def make_room():
    """Let more be sent than to other pages, where there is nothing but text."""
    request.max_content_length = ROOM


@bp.route("/books/<ref:book_id>/cover", methods=["GET", "POST"])
@csrf.exempt  # the form checks its token itself, and says beside its field that the picture has to be chosen again
def upload(book_id):
    """Send a picture of a book's cover, and see what became of the one sent before."""
    after_this_request(private)
    book = db.one_or_404(Book.listed().where(Book.id == book_id))
    if not current_user.is_authenticated:
        return to_log_in(book)
    mine = db.session.scalar(Cover.by(current_user, book_id).limit(1))
    form = CoverForm()
    shown = {"book": book, "form": form, "mine": mine, "now": db.session.scalar(Cover.of(book))}
    if not form.validate_on_submit():
        return render_template("covers/upload.html", **shown), 422 if form.errors else 200
    try:
        replaced = gallery.send(current_user, book_id, form.pictures, judge() if moderates() else None)
    except storage.Unavailable:
        form.picture.errors = [AWAY]
        return render_template("covers/upload.html", **shown), 503
    db.session.commit()
    storage.delete(replaced)
    flash(SHOWN if moderates() else THANKS)
    return redirect(url_for(".upload", book_id=book.ref), 303)


def to_log_in(book):
    """Send a visitor to log in, and back to the form from there."""
    flash(MEMBERS_ONLY)
    status = 303 if request.method == "POST" else 302
    return redirect(url_for("security.login", next=url_for(".upload", book_id=book.ref)), status)


@bp.errorhandler(413)
def too_large(_error):
    """Say that a file is too large, of which the server did not even read the beginning."""
    flash(TOO_LARGE, "error")
    return redirect(url_for(".upload", **request.view_args), 303)


@bp.get("/covers/<slug:key>-<int:width>.webp")
def picture(key, width):
    """Fetch the picture of a cover in one of its widths."""
    if width not in WIDTHS:
        abort(404)
    shown = db.session.scalar(Cover.shown().where(Cover.key == key))
    cover = shown or db.one_or_404(waiting_for_me().where(Cover.key == key))
    try:
        data = storage.read(key, width)
    except storage.Unavailable:
        return drawn(cover.book_id)
    response = current_app.response_class(data, mimetype="image/webp")
    if not shown:
        response.headers["Cache-Control"] = "private, no-store"
        return response
    response.cache_control.public, response.cache_control.immutable, response.cache_control.max_age = True, True, A_YEAR
    response.set_etag(f"{key}-{width}")
    return response.make_conditional(request)


def waiting_for_me():
    """The covers that wait for a look, as far as whoever asks may see them: one's own, or as a moderator all."""
    waiting = Cover.waiting()
    return waiting if moderates() else waiting.where(Cover.user_id == getattr(current_user, "id", 0))


def drawn(book_id):
    """In the place of a picture that is not to be had now, the cover that the book would have without one.

    Browsers show it all the same, and ask again for the next page.
    """
    book = db.one_or_404(Book.listed().where(Book.id == book_id))
    headers = {"Content-Type": "image/svg+xml; charset=utf-8", "Cache-Control": "no-store"}
    return render_template("covers/drawn.svg", book=book), 503, headers
