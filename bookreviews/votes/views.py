"""Saying whether a review helped."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_login import current_user

from bookreviews.extensions import db
from bookreviews.reviews import writers
from bookreviews.reviews.models import Review
from bookreviews.urls import LARGEST, within
from bookreviews.votes import counting

bp = Blueprint("votes", __name__)

ANSWERS = {"yes": True, "no": False, "none": None}
GONE = "This review is not on the site any more, or waits for a look by a moderator."
YOURS = "This review is yours: whether it helps is for others to say."


@bp.route(f"/reviews/<int(max={LARGEST}):review_id>/vote", methods=["GET", "POST"])
def cast(review_id):
    """Say whether a review helped, or take that back; whoever only comes by is led to the review."""
    review = db.one_or_404(Review.published().where(Review.id == review_id))
    page = url_for("reviews.show", review_id=review_id)
    if request.method != "POST":
        return redirect(page)
    if not review.is_public:
        flash(GONE, "info")
        return redirect(url_for("books.show", book_id=review.book.ref), 303)
    if not current_user.is_authenticated:
        flash("Please log in to say whether a review helped you.", "info")
        return redirect(url_for("security.login", next=page), 303)
    back = within(request.referrer or page)
    if writers.known().wrote(review):
        flash(YOURS, "info")
        return redirect(back, 303)  # to the head of the page, where that is said
    if request.form.get("helpful") not in ANSWERS:
        abort(400, "A review has helped you, or it has not: this was neither. Please go back and press one of the buttons.")
    counting.cast(review_id, current_user.id, ANSWERS[request.form["helpful"]])
    db.session.commit()
    return redirect(f"{back}#review-{review_id}", 303)
