"""The catalogue, for moderators: what readers propose and add is looked at, and changes of facts are taken back."""

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import joinedload

from bookreviews.additions import adding
from bookreviews.books.models import Book, Credit
from bookreviews.curation.forms import NewBookForm, ProposalForm, RevertForm
from bookreviews.extensions import db
from bookreviews.moderation.judges import guard, judge
from bookreviews.moderation.models import Case
from bookreviews.revisions import editing, facts
from bookreviews.revisions.models import APPLIED, Revision
from bookreviews.urls import LARGEST

bp = Blueprint("curation", __name__, url_prefix="/moderation")
guard(bp)


@bp.route(f"/proposals/<int(max={LARGEST}):case_id>", methods=["GET", "POST"])
def proposal(case_id):
    """Look at the changes that a reader proposes, and accept all, some or none of them."""
    case = case_of("proposal", case_id)
    revision = db.one_or_404(with_all(Revision).where(Revision.case_id == case_id))
    known = facts.of(case.book_id)
    wanted = {name: (known.get(name, ""), after) for name, (_, after) in revision.changes.items()}
    gone = {name: wanted.pop(name) for name in revision.changes if facts.is_gone(name, known)}
    form = ProposalForm.of(wanted, known)
    shown = {"case": case, "revision": revision, "form": form, "meanwhile": otherwise(revision, known, 0)}
    shown |= {"differences": facts.differences, "gone": facts.differences(gone)}
    if form.is_submitted() and not case.is_open:
        return render_template("curation/proposal.html", **shown), 409
    if form.is_submitted() and form.catch_up():
        return render_template("curation/proposal.html", **shown, outdated=True), 409
    if not form.validate_on_submit():
        return render_template("curation/proposal.html", **shown), 422 if form.is_submitted() else 200
    if form.refuses:
        editing.refuse(case, revision, form.reason.data)
    else:
        editing.accept(case, revision, form.names.data, form.reason.data)
    db.session.commit()
    flash("The proposal is refused." if form.refuses else "The facts are changed as proposed.", "info")
    return redirect(url_for("revisions.history", book_id=case.book_id), 303)


@bp.route(f"/revisions/<int(max={LARGEST}):revision_id>/revert", methods=["GET", "POST"])
def revert(revision_id):
    """Take a change of facts back, all of it or a part, and say why."""
    this = Revision.id == revision_id, Revision.state == APPLIED
    hold_for_post(sa.select(Revision.book_id).where(*this))
    revision = db.one_or_404(with_all(Revision).where(*this))
    known = facts.of(revision.book_id)
    wanted = {name: (known.get(name, ""), before) for name, (before, _) in revision.changes.items()}
    form = RevertForm.of(wanted, known)
    shown = {"revision": revision, "form": form, "meanwhile": otherwise(revision, known, 1)}
    if not form.validate_on_submit():
        return render_template("curation/revert.html", **shown), 422 if form.is_submitted() else 200
    if form.catch_up():
        return render_template("curation/revert.html", **shown, outdated=True), 409
    made = editing.revert(revision, form.names.data, form.reason.data)
    db.session.commit()
    flash("The change is taken back." if made else "Nothing was changed: the facts are so already.", "info")
    return redirect(url_for("revisions.history", book_id=revision.book_id), 303)


@bp.route(f"/books/<int(max={LARGEST}):case_id>", methods=["GET", "POST"])
def book(case_id):
    """Look at a book that a reader has added: it is right, or it goes."""
    case = case_of("book", case_id)
    form = NewBookForm()
    others = adding.written_by_others(case)
    overtaken = form.catch_up(sum(others)) and form.refuses
    stays = any(others) and judge().role != "admin"
    if form.is_submitted() and not case.is_open:
        return render_template("curation/book.html", case=case, form=form), 409
    if not overtaken and form.validate_on_submit() and not (form.refuses and stays):
        if form.refuses:
            adding.remove(case, form.reason.data)
        else:
            adding.check(case)
        db.session.commit()
        flash("The book is removed." if form.refuses else "The book is checked.", "info")
        return redirect(url_for(".book", case_id=case_id), 303)
    near = adding.like(case.book) if case.is_open and case.book else []
    shown = {"case": case, "form": form, "near": near, "others": others, "stays": stays, "overtaken": overtaken}
    return render_template("curation/book.html", **shown), 409 if overtaken else 422 if form.is_submitted() else 200


def case_of(kind, case_id):
    """A case with its book, which is held where something is to be decided."""
    this = Case.id == case_id, Case.kind == kind
    hold_for_post(sa.select(Case.book_id).where(*this))
    return db.one_or_404(with_all(Case).where(*this))


def hold_for_post(select):
    """Hold the book whose id `select` finds, so that nobody decides on it at the same moment."""
    if request.method == "POST":
        book_id = db.session.scalar(select)
        if book_id:
            editing.hold(book_id)


def with_all(model):
    """The Select of a model's rows, each with its book and its reader."""
    book = joinedload(model.book)
    authors = book.selectinload(Book.credits).joinedload(Credit.author)
    return sa.select(model).options(authors, book.selectinload(Book.outside_ratings), joinedload(model.user))


def otherwise(revision, known, side):
    """Those facts of a revision that are something else now than before it (side 0), or after it (1)."""
    return {name: texts[side] for name, texts in revision.changes.items() if known.get(name, "") != texts[side]}
