"""Adding a book that the catalogue lacks."""

import sqlalchemy as sa
from flask import Blueprint, after_this_request, flash, redirect, render_template, request, url_for
from flask_login import current_user
from flask_security import auth_required

from bookreviews.additions import adding
from bookreviews.additions.forms import BookForm
from bookreviews.extensions import csrf, db
from bookreviews.headers import private
from bookreviews.moderation.models import Decision
from bookreviews.paging import paginate

bp = Blueprint("additions", __name__)

ADDED = "Thank you. The book is here now, for everybody to review; a moderator looks at it later."


@bp.route("/books/new", methods=["GET", "POST"])
@csrf.exempt  # the form checks its token itself: when that has expired, the form comes back with all that was typed
def new():
    """Add a book that is missing, having seen those that it may be already."""
    after_this_request(private)
    if request.method != "POST" and not current_user.is_authenticated:
        return redirect(url_for("security.login", next=url_for(".new", **request.args)))
    form = BookForm.of_request()
    near = []
    if form.validate_on_submit():
        near = adding.near(form.row, form.seen_ids)
        if not near:
            book_id = adding.add(form.row)
            db.session.commit()
            flash(ADDED, "info")
            return redirect(url_for("books.show", book_id=book_id), 303)
        form.show(near)
    return render_template("additions/new.html", form=form, near=near), 422 if form.is_submitted() else 200


@bp.get("/settings/books")
@auth_required("session")
def mine():
    """See what became of the books that one added."""
    after_this_request(private)
    cases = paginate(adding.by(current_user))
    decided = sa.select(Decision).where(Decision.case_id.in_([case.id for case in cases]))
    decisions = {decision.case_id: decision for decision in db.session.scalars(decided)}
    return render_template("additions/mine.html", cases=cases, decisions=decisions)
