"""Changing the facts of a book, and seeing how they changed."""

from flask import Blueprint, after_this_request, flash, redirect, render_template, request, url_for
from flask_login import current_user
from flask_security import auth_required

from bookreviews.books.models import Book
from bookreviews.extensions import csrf, db
from bookreviews.headers import private
from bookreviews.moderation.judges import moderates
from bookreviews.paging import paginate
from bookreviews.revisions import editing, facts
from bookreviews.revisions.forms import FactsForm
from bookreviews.revisions.models import Revision
from bookreviews.tags import kept, reader, shows, shows_books

bp = Blueprint("revisions", __name__)

CHANGED = "Thank you. The facts are changed."
PROPOSED = "Thank you. A moderator looks at it first; what becomes of it stands under “Changes you proposed” in your settings."
NOTHING = "Nothing was changed: the facts are so already."


@bp.route("/books/<ref:book_id>/edit", methods=["GET", "POST"])
@csrf.exempt  # the form checks its token itself: when that has expired, the form comes back with all that was typed
def edit(book_id):
    """Change the facts of a book, or, as a reader, propose to."""
    after_this_request(private)
    book = db.one_or_404(Book.listed().where(Book.id == book_id))
    if request.method != "POST" and not current_user.is_authenticated:
        return redirect(url_for("security.login", next=url_for(".edit", book_id=book.ref)))
    known = facts.of(book_id)
    form = FactsForm.of(known)
    shown = {"book": book, "form": form, "at_once": moderates(), "waiting": waiting(book_id)}
    if not form.validate_on_submit():
        return render_template("revisions/edit.html", **shown), 422 if form.is_submitted() else 200
    try:
        revision = editing.send(book_id, form)
    except editing.Overtaken as overtaken:
        conflict = facts.differences(form.overtaken(overtaken.known), overtaken.known)
        form.catch_up(overtaken.known)
        return render_template("revisions/edit.html", **shown, conflict=conflict), 409
    db.session.commit()
    flash(NOTHING if revision is None else CHANGED if revision.applied else PROPOSED, "info")
    return redirect(url_for("books.show", book_id=book_id), 303)


def waiting(book_id):
    """The reader's proposal for a book that waits, if any."""
    return db.session.scalar(Revision.waiting(current_user, book_id)) if current_user.is_authenticated else None


@bp.get("/books/<ref:book_id>/history")
@kept("page")
def history(book_id):
    """See who changed which facts of a book, when and why."""
    book = db.one_or_404(Book.listed().where(Book.id == book_id))
    shows_books([book])
    changes = paginate(Revision.of(book))
    # Tags are for all to read, and who the moderators are is not told.
    shows(*(reader(change.user_id) for change in changes if change.user_id and change.role == "reader"))
    return render_template(
        "revisions/history.html",
        book=book,
        revisions=changes,
        known=facts.of(book_id),
        differences=facts.differences,
        may_revert=moderates(),
    )


@bp.get("/settings/proposals")
@auth_required("session")
def mine():
    """See what became of the changes that one proposed."""
    after_this_request(private)
    proposals = paginate(Revision.proposed_by(current_user))
    return render_template("revisions/mine.html", proposals=proposals, differences=facts.differences)
