"""Keeping a review that is not finished, and throwing it away."""

from flask import Blueprint, abort, after_this_request, flash, redirect, render_template, request, url_for
from flask_security import auth_required

from bookreviews.books.models import Book
from bookreviews.drafts import drafting
from bookreviews.extensions import csrf, db
from bookreviews.headers import private
from bookreviews.reviews import writers
from bookreviews.reviews.forms import DraftForm
from bookreviews.reviews.history import conflict

bp = Blueprint("drafts", __name__)


@bp.post("/books/<ref:book_id>/draft")
@csrf.exempt  # the form checks its token itself: when that has expired, the form comes back with every word
def save(book_id):
    """Keep what one has typed of a review, for oneself alone, and go on with it later or elsewhere."""
    after_this_request(private)
    book = db.one_or_404(Book.listed().where(Book.id == book_id))
    writer = writers.known()
    mine = writers.review_of(writer, book_id)
    form = DraftForm.of(writer, mine)
    quietly = "quietly" in request.form  # a script, while one types
    if not form.validate_on_submit():
        if quietly:
            return form.refusal, 422, {"Content-Type": "text/plain; charset=utf-8"}
        return render_template("drafts/save.html", book=book, form=form, mine=mine), 422
    try:
        draft = drafting.save(writer, book_id, form, mine)
    except drafting.Overtaken as overtaken:
        db.session.rollback()
        form.go_on_from(overtaken.draft)
        both = overtaken.draft and conflict(overtaken.draft, form)
        return render_template("drafts/save.html", book=book, form=form, mine=mine, conflict=both), 409
    db.session.commit()
    if quietly:
        return "", 204, {"Draft": draft.tag if draft else ""}
    flash("Your draft is saved. Nobody else sees it." if draft else "There is nothing new here that could be saved.")
    return redirect(url_for("reviews.edit", book_id=book.ref), 303)


@bp.route("/books/<ref:book_id>/draft/discard", methods=["GET", "POST"])
@auth_required("session")
def discard(book_id):
    """Throw one's draft away, after a question."""
    after_this_request(private)
    book = db.one_or_404(Book.listed().where(Book.id == book_id))
    draft = drafting.of(writers.known(), book_id) or abort(404, "You have no draft on this book.")
    if request.method != "POST":
        return render_template("drafts/discard.html", book=book, draft=draft)
    try:
        drafting.throw_away(writers.known(), book_id, request.form.get("draft"))
    except drafting.Overtaken as overtaken:
        db.session.rollback()
        return render_template("drafts/discard.html", book=book, draft=overtaken.draft, overtaken=True), 409
    db.session.commit()
    flash("Your draft is thrown away.")
    return redirect(url_for("reviews.edit", book_id=book.ref), 303)
