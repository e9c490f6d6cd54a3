"""Appealing against the removal of one's review."""

from flask import Blueprint, after_this_request, flash, redirect, render_template, url_for

from bookreviews.appeals import appealing
from bookreviews.appeals.forms import AppealForm
from bookreviews.extensions import db
from bookreviews.headers import private
from bookreviews.reviews import writers
from bookreviews.reviews.models import Review
from bookreviews.urls import LARGEST

bp = Blueprint("appeals", __name__)

SENT = "Thank you. Somebody looks at it again, and you read the answer here."
TWICE = "You have appealed already. That can be done once."
NOT_REMOVED = "This review was not removed: there is nothing to appeal against."
ASIDE = "This review stands aside, as its book is part of another one now, of which you have a review as well."


@bp.route(f"/reviews/<int(max={LARGEST}):review_id>/appeal", methods=["GET", "POST"])
def appeal(review_id):
    """Say why the removal of one's review was wrong, once."""
    after_this_request(private)
    review = db.one_or_404(Review.mine(writers.known()).where(Review.id == review_id))
    page = url_for("reviews.show", review_id=review_id)
    removal = appealing.removal(review)
    if removal is None or review.set_aside_at or appealing.of(review)[0]:
        flash(NOT_REMOVED if removal is None else ASIDE if review.set_aside_at else TWICE, "info")
        return redirect(page, 303)
    form = AppealForm()
    if form.validate_on_submit():
        appealing.appeal(review, form.words.data)
        db.session.commit()
        flash(SENT, "info")
        return redirect(page, 303)
    shown = {"review": review, "removal": removal, "form": form}
    return render_template("appeals/appeal.html", **shown), 422 if form.is_submitted() else 200
