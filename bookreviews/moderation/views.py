"""The moderators' pages: the queue, and what waits in it."""

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy.orm import joinedload

from bookreviews.accounts.models import User
from bookreviews.appeals.models import Appeal
from bookreviews.extensions import db
from bookreviews.headers import private
from bookreviews.moderation import cases, deciding, patterns
from bookreviews.moderation.forms import DecisionForm
from bookreviews.moderation.judges import guard, judge
from bookreviews.moderation.models import KINDS, Case, Decision, Flag
from bookreviews.paging import asked, paginate
from bookreviews.readers import listing as readers
from bookreviews.reports import weight
from bookreviews.reports.models import Report
from bookreviews.reviews import brake
from bookreviews.reviews.models import Review
from bookreviews.urls import LARGEST

bp = Blueprint("moderation", __name__, url_prefix="/moderation")
guard(bp)
bp.after_request(private)

ID = f"<int(max={LARGEST}):number>"


@bp.get("")
def index():
    """See what waits for a decision, the oldest first."""
    kind = asked("kind", KINDS)
    waiting = Case.open().where(Case.kind == kind) if kind else Case.open()
    counts = dict(map(tuple, db.session.execute(Case.counts())))
    return render_template("moderation/index.html", cases=paginate(waiting), counts=counts)


@bp.route(f"/reviews/{ID}", methods=["GET", "POST"])
def review(number):
    """Look at a review, at what was brought against it and at its writer, and decide."""
    review = db.one_or_404(sa.select(Review).options(*Review.its_book()).where(Review.id == number))
    case = cases.waiting(review)
    if deciding.is_own(review, judge()):
        flash(deciding.YOURS, "info")
        return redirect(url_for("moderation.index"), 303)
    form = DecisionForm.offering(deciding.possible(review, case), deciding.state(review))
    if form.validate_on_submit() and settled(form, lambda: deciding.on_review(number, form.verdict, judge(), form.seen.data)):
        return to_the_queue()
    reports = paginate(Report.of(case)) if case else None
    return render_template(
        "moderation/review.html",
        review=review,
        case=case,
        form=form,
        flags=db.session.scalars(sa.select(Flag).where(Flag.case_id == case.id).order_by(Flag.id)).all() if case else [],
        reports=reports,
        weights=weight.trusts(reports) if reports else [],
        patterns=patterns.of(review),
        writer=patterns.writer(review),
        others=db.session.scalars(patterns.others_by(review)).all(),
        decisions=db.session.scalars(Decision.on(review).limit(20)).all(),
        appeal=cases.waiting(review, "appeal"),
    ), 422 if form.is_submitted() else 200


@bp.route(f"/appeals/{ID}", methods=["GET", "POST"])
def appeal(number):
    """Look at an appeal, and let the removal stand or bring the review back."""
    select = sa.select(Appeal).options(joinedload(Appeal.decision), joinedload(Appeal.case)).where(Appeal.case_id == number)
    appeal = db.one_or_404(select)
    review = db.one_or_404(sa.select(Review).options(*Review.its_book()).where(Review.id == appeal.case.review_id))
    why_not = deciding.why_not(appeal.decision, review, judge())
    may_decide = appeal.case.is_open and not why_not
    form = DecisionForm.offering(("uphold", "restore") if may_decide else (), deciding.state(review))
    if form.validate_on_submit() and settled(form, lambda: deciding.on_appeal(number, form.verdict, judge(), form.seen.data)):
        return to_the_queue()
    return render_template(
        "moderation/appeal.html",
        appeal=appeal,
        review=review,
        form=form,
        why_not=why_not,
        answer=db.session.scalar(Decision.newest().where(Decision.case_id == number).limit(1)),
    ), 422 if form.is_submitted() else 200


@bp.route(f"/bursts/{ID}", methods=["GET", "POST"])
def burst(number):
    """Look at ratings that came in a burst, and let them count or leave them out."""
    case = db.one_or_404(sa.select(Case).options(joinedload(Case.book)).where(Case.id == number, Case.kind == "burst"))
    form = DecisionForm.offering(("count", "leave_out") if case.is_open else ())
    if form.validate_on_submit() and settled(form, lambda: deciding.on_burst(number, form.verdict, judge())):
        return to_the_queue()
    return render_template(
        "moderation/burst.html",
        case=case,
        form=form,
        reviews=paginate(brake.waiting(case.book_id)),
        decisions=db.session.scalars(Decision.newest().where(Decision.case_id == case.id).limit(20)).all(),
    ), 422 if form.is_submitted() else 200


@bp.route("/readers/<slug:name>", methods=["GET", "POST"])
def reader(name):
    """Look at a reader: what they wrote, however it stands, and what was decided; ban them, or lift a ban."""
    reader = db.one_or_404(User.named(name))
    action = "unban" if reader.banned_at else "ban"
    form = DecisionForm.offering((action,) if deciding.may_ban(reader, judge()) else ())
    if form.validate_on_submit() and settled(form, lambda: deciding.on_reader(reader, form.verdict, judge())):
        return to_the_queue()
    return render_template(
        "moderation/reader.html",
        reader=reader,
        form=form,
        habits=readers.habits(reader),
        reviews=paginate(readers.everything(reader)),
        decisions=db.session.scalars(Decision.newest().where(Decision.user_id == reader.id).limit(20)).all(),
        record=weight.records([reader.id]).get(reader.id, (0, 0)),
    ), 422 if form.is_submitted() else 200


def settled(form, decide):
    """Decide, and tell whether that could be done; where somebody was faster, the form says so, with all that was typed."""
    try:
        decide()
    except deciding.Settled as too_late:
        db.session.rollback()
        form.form_errors.append(str(too_late))
        return False
    db.session.commit()
    return True


def to_the_queue():
    """Go on with what waits."""
    flash("Decided.", "info")
    return redirect(url_for("moderation.index"), 303)
