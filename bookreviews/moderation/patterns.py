"""What stands out about a review, for a moderator to look at: each pattern in a sentence, with links. None proves anything."""

from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa
from flask import url_for

from bookreviews.accounts.models import User
from bookreviews.books.models import Author, Book, Credit
from bookreviews.extensions import db
from bookreviews.reviews.models import Review
from bookreviews.spam import repeats
from bookreviews.templating import plural

DAY, NEW = timedelta(days=1), timedelta(days=14)
# From how many books of one author on a reader's ratings of them are compared with their others.
SEVERAL = 3
# How far apart the means are then, in half stars.
APART = 4
FEW = 5


@dataclass(frozen=True)
class Pattern:
    """What stands out, and where to look: [(words, address), …]."""

    words: str
    links: list = field(default_factory=list)


def of(review):
    """The patterns about a review."""
    found = [bursts(review), young(review), alike(review), *against_authors(review)]
    return [pattern for pattern in found if pattern]


def bursts(review):
    """More ratings of the book within a day of this one than it had in the month before."""
    around = Review.created_at.between(review.created_at - DAY, review.created_at + DAY)
    before = Review.created_at.between(review.created_at - 31 * DAY, review.created_at - DAY)
    counts = sa.select(sa.func.count(sa.case((around, 1))), sa.func.count(sa.case((before, 1))))
    near, earlier = db.session.execute(counts.where(Review.book_id == review.book_id, around | before)).one()
    if near < 10 or near <= earlier:
        return None
    words = f"A burst: {near} ratings of this book within a day of this one, {earlier} in the month before."
    return Pattern(words, [("The book’s history", url_for("ledger.show", book_id=review.book_id))])


def young(review):
    """Written soon after the account was made."""
    born = review.user_id and db.session.scalar(sa.select(User.created_at).where(User.id == review.user_id))
    if not born or review.created_at - born > NEW:
        return None
    hours = max(0, int((review.created_at - born).total_seconds() // 3600))
    age = plural(hours // 24, "day") if hours >= 48 else plural(hours, "hour")
    return Pattern(f"A new account: it was {age} old when this was written.")


def alike(review):
    """Others that say nearly the same."""
    found = repeats.of(review)
    if not found:
        return None
    links = [(f"by {other.name}, {share:.0%}", url_for("moderation.review", number=other.id)) for other, share in found[:FEW]]
    return Pattern(f"{plural(len(found), 'other review')} that nearly say the same:", links)


def against_authors(review):
    """A reader who rates the books of an author of this one quite otherwise than all others, for good or bad."""
    if review.user_id is None:
        return []
    own = Review.user_id == review.user_id, Review.deleted_at.is_(None)
    theirs = sa.select(Review.book_id, Review.rating).where(*own).subquery()
    rating = theirs.c.rating
    by_author = (
        sa.select(Author, sa.func.count(), sa.func.sum(rating), sa.func.min(rating), sa.func.max(rating))
        .join(Credit, Credit.author_id == Author.id)
        .join(theirs, theirs.c.book_id == Credit.book_id)
        .where(Author.id.in_(sa.select(Credit.author_id).where(Credit.book_id == review.book_id)))
        .group_by(Author.id)
        .having(sa.func.count() >= SEVERAL)
    )
    count, total = db.session.execute(sa.select(sa.func.count(), sa.func.sum(rating))).one()
    rows = db.session.execute(by_author.order_by(sa.func.count().desc(), Author.id).limit(FEW))
    return [one_sided(*row, others=(count - row[1], total - row[2])) for row in rows.all()]


def one_sided(author, count, total, lowest, highest, others):
    """The Pattern of a reader's ratings of one author against their others; None where they are much alike."""
    other_count, other_total = others
    mean, other_mean = total / count, other_total / other_count if other_count else None
    extreme = highest <= 3 or lowest >= 9
    if not extreme or other_mean is not None and abs(mean - other_mean) < APART:
        return None
    here = f"{mean / 2:.1f} stars on average to {plural(count, 'book')} by {author.name}"
    elsewhere = f"{other_mean / 2:.1f} to {plural(other_count, 'other')}" if other_count else "rated nothing else"
    words = f"One reader and one author: {here}, {elsewhere}."
    return Pattern(words, [(author.name, url_for("books.author", author_id=author.ref))])


@dataclass(frozen=True)
class Writer:
    """What is known of somebody who writes, for whoever decides on what they wrote."""

    reviews: int  # that stand
    removed: int
    held: int
    deleted: int


def writer(review):
    """The history of whoever wrote a review; of a guest, what this browser wrote. None where the writer is gone."""
    if review.user_id is None and not review.guest:
        return None
    theirs = Review.user_id == review.user_id if review.user_id else Review.guest == review.guest
    removed, held, deleted = Review.hidden_at.is_not(None), Review.held_at.is_not(None), Review.deleted_at.is_not(None)
    counts = [sa.func.count(sa.case((which, 1))) for which in (Review.stands(), removed, held, deleted)]
    return Writer(*db.session.execute(sa.select(*counts).where(theirs)).one())


def others_by(review):
    """The Select of the latest other reviews of whoever wrote a review, as they stand."""
    theirs = Review.user_id == review.user_id if review.user_id else Review.guest == (review.guest or "")
    select = sa.select(Review).join(Book).options(sa.orm.contains_eager(Review.book))
    return select.where(theirs, Review.id != review.id).order_by(Review.created_at.desc(), Review.id.desc()).limit(FEW)
