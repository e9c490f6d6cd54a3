"""What somebody wrote of two books that are one."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from bookreviews.doubles import choosing
from bookreviews.extensions import db
from bookreviews.reviews import writers
from bookreviews.urls import LARGEST

bp = Blueprint("doubles", __name__)


@bp.route("/reviews/twice", methods=["GET", "POST"])
def choose():
    """See what one wrote of the same book twice, as it was here twice, and choose which one stays."""
    writer = writers.known()
    if request.method != "POST":
        return render_template("doubles/choose.html", doubles=choosing.doubles(writer), member=writer.is_member)
    aside_id, kept = request.form.get("aside", type=int), request.form.get("keep")
    if not (aside_id and 0 < aside_id <= LARGEST) or kept not in ("shown", "aside"):
        abort(400)
    book = choosing.choose(writer, aside_id, kept == "aside")
    db.session.commit()
    flash("Thank you. It is as you chose." if book else "There was nothing to choose any more.")
    if choosing.doubles(writer) or book is None:
        return redirect(url_for(".choose"), 303)
    return redirect(url_for("books.show", book_id=book.ref), 303)
