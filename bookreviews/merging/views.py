"""Making one of two books, or authors, that are the same; taking an edition to another book; undoing either."""

from flask import Blueprint, flash, redirect, render_template, request, url_for

from bookreviews.books.models import Book, Edition
from bookreviews.extensions import db
from bookreviews.merging import authors as author_merges
from bookreviews.merging import books as book_merges
from bookreviews.merging import duplicates as alike
from bookreviews.merging import editions
from bookreviews.merging.forms import AuthorPairForm, AuthorsForm, BookPairForm, BooksForm, EditionForm, UndoForm
from bookreviews.merging.models import Merge
from bookreviews.moderation.judges import guard, judge
from bookreviews.paging import paginate
from bookreviews.urls import LARGEST

bp = Blueprint("merging", __name__, url_prefix="/moderation")
guard(bp)

MEANWHILE = "One of the two was merged elsewhere at the same moment, so nothing was done. This is how things stand now."
UNDO = {"books": book_merges.undo, "authors": author_merges.undo, "edition": editions.undo}


@bp.get("/merge")
def index():
    """See what was merged and moved, the latest first."""
    return render_template("merging/index.html", merges=paginate(Merge.newest()))


@bp.get(f"/merge/duplicates/<any({', '.join(alike.KINDS)}):kind>")
def duplicates(kind):
    """See what may be here twice."""
    select, pairs = alike.KINDS[kind]
    page = paginate(select())
    return render_template("merging/duplicates.html", kind=kind, page=page, pairs=pairs(page))


@bp.route("/merge/books", methods=["GET", "POST"])
def books():
    """Look at two books side by side, and make one of them, choosing field by field."""
    pair = BookPairForm(request.args)
    if not both_given() or not pair.validate():
        return render_template("merging/books.html", pair=pair), 422 if request.method == "POST" else 200
    form = BooksForm.of(*pair.rows)
    if not form.validate_on_submit():
        return render_template("merging/books.html", pair=pair, form=form), 422 if form.is_submitted() else 200
    source, target = pair.rows
    return done(book_merges.merge(source.id, target.id, form.taken, form.reason.data), "merge")


def both_given():
    """Whether the address says which two; a link may bring one of them."""
    return {"from", "into"} <= request.args.keys()


@bp.route("/merge/authors", methods=["GET", "POST"])
def authors():
    """Make one of two spellings of an author, choosing which one stays."""
    pair = AuthorPairForm(request.args)
    if not both_given() or not pair.validate():
        return render_template("merging/authors.html", pair=pair), 422 if request.method == "POST" else 200
    form = AuthorsForm.of(*pair.rows)
    if not form.validate_on_submit():
        return render_template("merging/authors.html", pair=pair, form=form), 422 if form.is_submitted() else 200
    kept, away = sorted(pair.rows, key=lambda author: str(author.id) != form.kept.data)
    return done(author_merges.merge(away.id, kept.id, form.reason.data), "merge")


@bp.route(f"/editions/<int(max={LARGEST}):edition_id>/move", methods=["GET", "POST"])
def move(edition_id):
    """Take an edition to the book that it belongs to, or make a book of it."""
    edition = db.get_or_404(Edition, edition_id)
    book = db.one_or_404(Book.listed().where(Book.id == edition.book_id))
    form = EditionForm()
    if form.validate_on_submit() and form.into.row == book:
        form.into.errors = ["It belongs to this book already."]
    if not form.is_submitted() or form.errors:
        answer = render_template("merging/move.html", edition=edition, book=book, form=form)
        return answer, 422 if form.is_submitted() else 200
    into = form.into.row
    return done(editions.move(edition, into and into.id, form.reason.data), "split")


def done(merge, action):
    """Note what a moderator did, and show it; or what there is to see where somebody was faster."""
    if merge is None:
        db.session.rollback()
        flash(MEANWHILE)
        return redirect(request.full_path.rstrip("?"), 303)
    reason = f"{merge.sentence} {merge.reason}"
    judge().decide(action, book_id=merge.into_book_id, reason=reason)
    db.session.commit()
    return redirect(url_for(".show", merge_id=merge.id), 303)


@bp.get(f"/merge/<int(max={LARGEST}):merge_id>")
def show(merge_id):
    """See what was merged, or moved, and why; and undo it."""
    merge = db.one_or_404(Merge.newest().where(Merge.id == merge_id))
    return render_template("merging/show.html", merge=merge, form=UndoForm())


@bp.post(f"/merge/<int(max={LARGEST}):merge_id>/undo")
def undo(merge_id):
    """Undo a merge, or the move of an edition."""
    merge = db.one_or_404(Merge.newest().where(Merge.id == merge_id))
    form = UndoForm()
    if not merge.obstacle and not form.validate():
        return render_template("merging/show.html", merge=merge, form=form), 422
    changed = None if merge.obstacle else UNDO[merge.kind](merge)
    if changed is None:
        db.session.rollback()
        flash(db.session.scalar(Merge.newest().where(Merge.id == merge_id)).obstacle)
        return redirect(url_for(".show", merge_id=merge_id), 303)
    judge().decide("unmerge", book_id=merge.into_book_id, reason=f"Undone: {merge.sentence} {form.reason.data}")
    db.session.commit()
    stays = f" What was changed since stays as it is: {', '.join(changed)}.".replace("_", " ") if changed else ""
    flash(f"This is undone.{stays}")
    return redirect(url_for(".show", merge_id=merge_id), 303)
