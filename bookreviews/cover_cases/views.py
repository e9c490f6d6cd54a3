"""Moderators look at the covers that readers sent."""

from flask import Blueprint, flash, redirect, render_template, url_for

from bookreviews.cover_cases.forms import DecisionForm
from bookreviews.covers import gallery, storage
from bookreviews.covers.models import Cover
from bookreviews.extensions import db
from bookreviews.headers import private
from bookreviews.moderation.judges import guard, judge
from bookreviews.urls import LARGEST

bp = Blueprint("cover_cases", __name__, url_prefix="/moderation/covers")
guard(bp)
bp.after_request(private)

REFUSED = "The picture is gone. Whoever sent it reads why."
DONE = {"show": "The cover is shown now.", "refuse": REFUSED, "remove": REFUSED}


@bp.route(f"/<int(max={LARGEST}):case_id>", methods=["GET", "POST"])
def decide(case_id):
    """Show a cover that a reader sent, or refuse it; take one that is shown away."""
    cover = db.one_or_404(Cover.in_case(case_id))
    form = DecisionForm()
    if not form.validate_on_submit():
        return render_template("cover_cases/decide.html", cover=cover, form=form), 422 if form.errors else 200
    cover = gallery.held(case_id)
    if form.decision.data not in cover.choices:
        return render_template("cover_cases/decide.html", cover=cover, form=form, overtaken=True), 409
    if form.decision.data == "show":
        gallery.show(cover, judge())
    else:
        gallery.refuse(cover, judge(), form.reason.data)
    db.session.commit()
    if not cover.is_shown:
        storage.delete([cover.key])
    flash(DONE[form.decision.data])
    return redirect(url_for("moderation.index"), 303)
