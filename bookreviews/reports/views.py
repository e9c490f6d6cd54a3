"""Reporting a review."""

from flask import Blueprint, after_this_request, flash, redirect, render_template, request, url_for
from flask_login import current_user

from bookreviews.extensions import db
from bookreviews.headers import private
from bookreviews.reports import reporting
from bookreviews.reports.forms import ReportForm
from bookreviews.reviews import writers
from bookreviews.reviews.models import Review
from bookreviews.urls import LARGEST

bp = Blueprint("reports", __name__)

YOURS = "This review is yours. You can change it, or delete it."
THANKS = "Thank you. A moderator looks at this review."
GONE = "This review is not on the site any more, or waits for a look by a moderator. Thank you for your care."
TWICE = "You have reported this review already. A moderator looks at it."


@bp.route(f"/reviews/<int(max={LARGEST}):review_id>/report", methods=["GET", "POST"])
def report(review_id):
    """Tell the moderators that a review breaks a rule."""
    after_this_request(private)
    review = db.one_or_404(Review.published().where(Review.id == review_id))
    book, page = url_for("books.show", book_id=review.book.ref), url_for("reviews.show", review_id=review_id)
    if not current_user.is_authenticated:
        flash("Please log in to report a review. You come back to it from there.", "info")
        return redirect(url_for("security.login", next=request.path), 303 if request.method == "POST" else 302)
    if not review.is_public:
        flash(GONE, "info")
        return redirect(book, 303)
    refusal = why_not(review)
    form = ReportForm()
    if refusal is None and form.validate_on_submit():
        reporting.report(current_user, review, form.rule.data, form.words.data)
        db.session.commit()
        flash(THANKS, "info")
        return redirect(page if review.is_public else book, 303)
    if refusal and form.is_submitted():
        flash(refusal, "info")
        return redirect(page, 303)
    shown = {"review": review, "form": form, "refusal": refusal}
    return render_template("reports/report.html", **shown), 422 if form.is_submitted() else 200


def why_not(review):
    """Why this member has nothing to report; None where they may."""
    if writers.known().wrote(review):
        return YOURS
    if reporting.mine(current_user, review):
        return TWICE
    if kept := reporting.kept_since(review):
        return f"A moderator looked at this review on {kept.at:%-d %B %Y}, and kept it. It has not changed since."
    return None
