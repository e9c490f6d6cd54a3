"""A writer who reviewed two books that were found to be one has two reviews of it, and chooses which one stays.

Until then the one of the book that stands is what it was, shown and counted or not, and the other stands aside.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from flask import session
from flask_login import current_user

from bookreviews.books.models import Book
from bookreviews.drafts import drafting
from bookreviews.extensions import db, execute, now
from bookreviews.moderation import cases
from bookreviews.moderation.models import Case, Decision
from bookreviews.retiring import retire
from bookreviews.reviews import brake, writers
from bookreviews.reviews.models import WORDS, Review, Version
from bookreviews.reviews.ratings import lock, tally

# What moderators decided on the one goes over to the other.
REMOVED = (
    "The moderators removed the one that was shown. The other can take its place, but not undo that: nobody else reads it "
    "until the moderators restore it. If you have not appealed yet, you can do so then."
)
HELD = "The one that was shown waits for a look by the moderators. The other can take its place, and waits as well."


def init_app(app):
    app.jinja_env.globals["undecided"] = undecided


@dataclass(frozen=True)
class Double:
    """What a writer wrote twice, of one book: `shown` has its place there, `aside` waits to be chosen.

    The one may have been deleted since, or be gone for good: then the other is published in its place, or deleted as well.
    """

    book: Book
    shown: Review | None
    aside: Review

    @property
    def is_left(self):
        """Whether the one that stands aside is all that is left."""
        return self.shown is None or self.shown.deleted

    @property
    def sides(self):
        """What there is to choose from: (what the choice is called, the review, how it stands)."""
        shown = [] if self.is_left else [("shown", self.shown, self.standing)]
        return [*shown, ("aside", self.aside, "Not shown")]

    @property
    def standing(self):
        """How the one that has its place stands, in a few words."""
        return {REMOVED: "Removed", HELD: "Held for a look"}.get(self.obstacle, "Shown now")

    @property
    def obstacle(self):
        """Why nobody reads the one that has its place, nor the other in its place; empty where they do."""
        if self.shown and self.shown.hidden_at:
            return REMOVED
        return HELD if self.shown and self.shown.held_at else ""


# A review that stands aside and could be chosen: what moderators or the writer have taken off the site cannot be.
STANDS_ASIDE = sa.and_(
    Review.set_aside_at.is_not(None), *(moment.is_(None) for moment in (Review.deleted_at, Review.hidden_at, Review.held_at))
)
# One such of a writer, who is a guest (0) or a member (1).
ANY_ASIDE = [
    sa.select(Review.id).where(column == sa.bindparam(column.key), STANDS_ASIDE).limit(1)
    for column in (Review.guest, Review.user_id)
]


def aside(writer):
    """The Select of those reviews, each with the one in whose place it would come, and the book."""
    shown, merged = sa.orm.aliased(Review), sa.orm.aliased(Book)
    same = sa.or_(shown.user_id == Review.user_id, shown.guest == Review.guest)
    return (
        sa.select(Review, shown, Book)
        .join(merged, merged.id == Review.book_id)
        .join(Book, Book.id == merged.merged_into_id)
        .outerjoin(shown, sa.and_(shown.book_id == Book.id, same))
        .where(Review.written_by(writer), STANDS_ASIDE)
        .order_by(Review.id)
    )


def doubles(writer):
    """What a writer wrote twice."""
    return [Double(book, shown, other) for other, shown, book in db.session.execute(aside(writer))]


def undecided():
    """Whether whoever reads this page has to choose between two reviews of theirs."""
    if not (current_user.is_authenticated or session.get("guest")):
        return False
    writer = writers.known()
    return db.session.scalar(ANY_ASIDE[writer.is_member], writer.columns) is not None


def choose(writer, aside_id, keep_aside):
    """Keep one of two reviews, and lose the words of neither: those of the other are kept as a draft, or of a guest, who
    has none, as an earlier version. Where the writer has deleted the one, the other takes its place or is deleted, too.

    :param aside_id: of the review that stands aside.
    :param keep_aside: whether that is the one to keep.
    :returns: the book; None where there is nothing to choose (any more).
    """
    found = aside(writer).where(Review.id == aside_id)
    first = db.session.execute(found).first()
    if first is None or not lock(first[2].id):
        return None
    again = db.session.execute(found, execution_options={"populate_existing": True}).first()
    if again is None:
        return None
    other, shown, book = again
    double = Double(book, shown, other)
    if not double.is_left:
        keep_words(writer, book, *((other, shown) if keep_aside else (shown, other)))
    if keep_aside:
        take_place(double)
    elif double.is_left:
        other.delete()
    else:
        db.session.delete(other)
        db.session.flush()
    return book


def take_place(double):
    """Let the review that stands aside take the place of the other, with all that moderators decided on that."""
    kept, dropped, book = double.aside, double.shown, double.book
    if dropped:
        dropped.delete()
        tally(book.id, "merged")  # before it is gone, so that the ledger tells it
        cases.inherit(kept, dropped)
    kept.book_id, kept.set_aside_at = book.id, None
    retire()  # the public log names another book
    for model in (Case, Decision):
        execute(sa.update(model).where(model.review_id == kept.id).values(book_id=book.id))
    if double.is_left:
        db.session.flush()
        brake.press(kept)
    tally(book.id, "merged")


def keep_words(writer, book, kept, dropped):
    """Keep what a review says that is about to go."""
    if writer.is_member:
        drafting.keep(writer, book.id, dropped)
        return
    said = {name: getattr(dropped, name) for name in WORDS}
    number, written_at = db.session.scalar(Version.next_number(kept)), kept.updated_at or kept.created_at
    unseen = any(one.hidden_at or one.held_at for one in (kept, dropped))
    db.session.add(Version(review_id=kept.id, number=number, written_at=written_at, hidden=unseen, **said))
    kept.updated_at = now()
