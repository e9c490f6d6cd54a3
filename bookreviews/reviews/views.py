"""Writing a review, reading one, taking it back."""

import sqlalchemy as sa
from flask import Blueprint, abort, after_this_request, flash, redirect, render_template, request, session, url_for
from markupsafe import Markup

from bookreviews import schema
from bookreviews.appeals import appealing
from bookreviews.books import columns
from bookreviews.books.models import Book
from bookreviews.drafts import drafting
from bookreviews.extensions import csrf, db
from bookreviews.headers import private
from bookreviews.moderation.models import Decision
from bookreviews.reviews import history, writers, writing
from bookreviews.reviews.forms import ReviewForm
from bookreviews.reviews.history import conflict
from bookreviews.reviews.models import Review
from bookreviews.spam import looks
from bookreviews.tags import kept, shows_books
from bookreviews.urls import LARGEST
from bookreviews.votes import listing as votes

bp = Blueprint("reviews", __name__)

NOT_YOURS = (
    "You have no review of this book. If you wrote one as a guest, the cookie by which this site knew this browser is gone."
)
MEMBERS_ONLY = Markup("Reviews are written by members here. Log in, or register, and you come back to the form.")
# What a guest may still do who wrote while guests could.
STILL = Markup(' Your review stands as it is; without an account you can still <a href="{}">delete it</a>.')


@bp.route("/books/<ref:book_id>/review", methods=["GET", "POST"])
@csrf.exempt  # the form checks its token itself: when that has expired, the form comes back with every word
def edit(book_id):
    """Write one's review of a book, or change the one there is."""
    after_this_request(private)
    book = columns.one_or_404(book_id)
    writer = writers.remember()
    mine = writers.review_of(writer, book_id)
    if request.method != "POST" and writing.closed_to(writer):
        return to_log_in(book, mine)
    draft = drafting.of(writer, book_id)
    form = ReviewForm.of(writer, mine, draft)
    shown = {"book": book, "form": form, "mine": mine, "draft": draft}
    if "preview" in request.form:
        return render_template("reviews/edit.html", **shown, preview=form.preview)
    if not form.validate_on_submit():
        return render_template("reviews/edit.html", **shown), 422 if form.is_submitted() else 200
    try:
        review = writing.write(writer, book_id, form)
    except writing.Overtaken as overtaken:
        db.session.rollback()
        form.begin_from(overtaken.review)
        return render_template("reviews/edit.html", **shown, conflict=conflict(overtaken.review, form)), 409
    drafting.published(writer, book_id, form)
    if not writer.is_member:
        session["name"] = review.name
    thanks = url_for(".thanks", review_id=review.id)
    db.session.commit()
    return redirect(thanks, 303)


def to_log_in(book, mine):
    """Send a guest to log in, where only members write, and back to the form from there."""
    flash(MEMBERS_ONLY + (STILL.format(url_for(".delete", book_id=book.ref)) if mine and not mine.deleted else ""))
    return redirect(url_for("security.login", next=url_for(".edit", book_id=book.ref)))


@bp.post("/reviews/preview")
def preview():
    """See what a review will look like, as a part of the form it is written in."""
    return render_template("reviews/preview.html", review=ReviewForm.of(writers.known()).preview)


@bp.route("/books/<ref:book_id>/review/delete", methods=["GET", "POST"])
def delete(book_id):
    """Take one's review back, after a question; afterwards, offer to undo that."""
    book = db.one_or_404(Book.listed().where(Book.id == book_id))
    mine = writers.review_of(writers.known(), book_id) or abort(404, NOT_YOURS)
    if request.method != "POST":
        return render_template("reviews/delete.html", book=book, mine=mine)
    try:
        writing.delete(writers.known(), book_id, tuple(request.form.get(name, type=int) for name in ("review", "version")))
    except writing.Overtaken as overtaken:
        db.session.rollback()
        return render_template("reviews/delete.html", book=book, mine=overtaken.review, overtaken=True), 409
    db.session.commit()
    return redirect(url_for(".delete", book_id=book.ref), 303)


@bp.post("/books/<ref:book_id>/review/restore")
def restore(book_id):
    """Bring back the review one has deleted."""
    review = writing.restore(writers.known(), book_id) or abort(404, "There is no deleted review of yours to bring back.")
    db.session.commit()
    return redirect(url_for(".thanks" if review.held_at else ".show", review_id=review.id), 303)


@bp.get(f"/reviews/<int(max={LARGEST}):review_id>")
@kept()
def show(review_id):
    """Read one review, or that it was removed; its writer reads both, and why."""
    review = db.one_or_404(Review.published().where(Review.id == review_id))
    if review.is_public:
        shows_books([review.book])
        return render_template("reviews/show.html", review=review, my_votes=votes.mine([review]), schema=schema.review(review))
    after_this_request(private)
    if writers.known().wrote(review):
        removal = appealing.removal(review)
        appeal, answer = appealing.of(review)
        told = {"removal": removal, "appeal": appeal, "answer": answer, "noticed": looks.noticed(review)}
        told["hold"] = db.session.scalar(Decision.on(review).where(Decision.action == "hold").limit(1))
        return render_template("reviews/own.html", review=review, **told)
    if not (review.hidden_at or review.barred_at):
        return redirect(url_for(".show", review_id=shown_instead(review) or abort(404)))
    return render_template("reviews/removed.html", review=review, removal=appealing.removal(review)), 410


def shown_instead(review):
    """The id of the review by the same writer that is shown while this one stands aside; None where there is none."""
    into = sa.select(Book.merged_into_id).where(Book.id == review.book_id).scalar_subquery()
    same = Review.written_by(writers.Writer(user_id=review.user_id, guest=review.guest))
    return db.session.scalar(Review.visible().with_only_columns(Review.id).where(Review.book_id == into, same))


@bp.get(f"/reviews/<int(max={LARGEST}):review_id>/changes")
@kept("page")
def changes(review_id):
    """See how a review changed, word by word."""
    review = db.one_or_404(Review.with_book().where(Review.id == review_id))
    shows_books([review.book])
    return render_template("reviews/changes.html", review=review, page=history.page(review))


@bp.get(f"/reviews/<int(max={LARGEST}):review_id>/thanks")
def thanks(review_id):
    """Be thanked for one's review, see it, and go on."""
    review = db.one_or_404(Review.mine(writers.known()).where(Review.id == review_id))
    return render_template("reviews/thanks.html", review=review, noticed=review.held_at and looks.noticed(review))
