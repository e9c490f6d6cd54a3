"""What a person wrote both as a guest and as a member."""

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_login import current_user
from flask_security import auth_required

from bookreviews.extensions import db
from bookreviews.guests import adoption
from bookreviews.urls import LARGEST

bp = Blueprint("guests", __name__)


@bp.route("/settings/guest-reviews", methods=["GET", "POST"])
@auth_required("session")
def choose():
    """See what one wrote of a book as a guest and as a member, and choose which one stays."""
    guest = session.get("guest", "")
    if request.method != "POST":
        return render_template("guests/choose.html", pairs=adoption.pairs(current_user, guest))
    book_id, kept = request.form.get("book", type=int), request.form.get("keep")
    if not (book_id and 0 < book_id <= LARGEST) or kept not in ("member", "guest"):
        abort(400)
    adoption.choose(current_user, guest, book_id, kept)
    db.session.commit()
    if adoption.pairs(current_user, guest):
        return redirect(url_for(".choose"), 303)
    session.pop("guest", None)
    flash("Thank you. Every review of yours is under your name now.", "info")
    return redirect(url_for("readers.show", name=current_user.username), 303)
