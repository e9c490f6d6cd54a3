"""A writer who reviewed two books that were found to be one has two reviews of it, and chooses which one stays.

Until then the one of the book that stands is shown and counted, and the other stands aside.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from flask import session
from flask_login import current_user

from bookreviews.books.models import Book
from bookreviews.drafts import drafting
from bookreviews.extensions import db, now
from bookreviews.reviews import writers
from bookreviews.reviews.models import WORDS, Review, Version
from bookreviews.reviews.ratings import lock, tally


def init_app(app):
    app.jinja_env.globals["undecided"] = undecided


@dataclass(frozen=True)
class Double:
    """What a writer wrote twice, of one book: `shown` stands there, `aside` waits to be chosen."""

    book: Book
    shown: Review
    aside: Review


def aside(writer):
    """The Select of a writer's reviews that stand aside and could be chosen, each with the one that is shown instead.

    What moderators or the writer have taken off the site cannot be chosen, nor be put away by choosing the other.
    """
    shown, merged = sa.orm.aliased(Review), sa.orm.aliased(Book)
    taken = (moment.is_(None) for one in (Review, shown) for moment in (one.deleted_at, one.hidden_at, one.held_at))
    same = sa.or_(shown.user_id == Review.user_id, shown.guest == Review.guest)
    return (
        sa.select(Review, shown, Book)
        .join(merged, merged.id == Review.book_id)
        .join(Book, Book.id == merged.merged_into_id)
        .join(shown, sa.and_(shown.book_id == Book.id, same))
        .where(Review.written_by(writer), Review.set_aside_at.is_not(None), *taken)
        .order_by(Review.id)
    )


def doubles(writer):
    """What a writer wrote twice."""
    return [Double(book, shown, other) for other, shown, book in db.session.execute(aside(writer))]


def undecided():
    """Whether whoever reads this page has to choose between two reviews of theirs."""
    if not (current_user.is_authenticated or session.get("guest")):
        return False
    return db.session.scalar(aside(writers.known()).with_only_columns(Review.id).limit(1)) is not None


def choose(writer, aside_id, keep_aside):
    """Keep one of two reviews, and lose the words of neither: those of the other are kept as a draft, or of a guest, who
    has none, as an earlier version.

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
    kept, dropped = (other, shown) if keep_aside else (shown, other)
    keep_words(writer, book, kept, dropped)
    dropped.delete()
    tally(dropped.book_id, "merged")  # before it is gone, so that the ledger tells it
    db.session.delete(dropped)
    db.session.flush()
    kept.book_id, kept.set_aside_at = book.id, None
    tally(book.id, "merged")
    return book


def keep_words(writer, book, kept, dropped):
    """Keep what a review says that is about to go."""
    if writer.is_member:
        drafting.keep(writer, book.id, dropped)
        return
    said = {name: getattr(dropped, name) for name in WORDS}
    number, written_at = db.session.scalar(Version.next_number(kept)), kept.updated_at or kept.created_at
    db.session.add(Version(review_id=kept.id, number=number, written_at=written_at, **said))
    kept.updated_at = now()
