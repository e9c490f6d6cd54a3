"""The brake for review bombs: ratings that come in a burst, most of them by new accounts, wait before they count.

Nobody is kept from writing, and nothing is deleted. A rating waits until BRAKE_HOURS are over, or until a moderator
decides. When it begins, and how it ends, stands in the public log.
"""

from datetime import timedelta

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import aliased

from bookreviews.accounts.models import User
from bookreviews.extensions import db, execute, now
from bookreviews.moderation import cases
from bookreviews.moderation.judges import SITE
from bookreviews.moderation.models import Case, Decision
from bookreviews.reviews.models import Review
from bookreviews.reviews.ratings import tally

DAY, LONG = timedelta(days=1), timedelta(days=90)
REVIEWS = Review.__table__
RELEASE = (
    sa.update(REVIEWS)
    .where(REVIEWS.c.book_id == sa.bindparam("book"), REVIEWS.c.waits_until.is_not(None))
    .where(REVIEWS.c.waits_until <= sa.bindparam("moment"))
    .values(waits_until=None)
)


def press(review):
    """Let a rating that has just begun to count wait, and those that came with it, where they come as in a bomb.

    The caller holds the book, has flushed the review and counts the book afterwards.
    """
    book_id, moment = review.book_id, now()
    if review.user_id is None or review.left_out_at:
        return
    recent = execute(RECENT, {"book": book_id, "since": moment - DAY}).scalar()
    if recent <= current_app.config["BRAKE_AT_LEAST"]:
        return
    usual = per_day(book_id, moment)
    if recent <= current_app.config["BRAKE_TIMES"] * usual:
        return
    suspect = db.session.scalar(count_of(ratings_of(book_id, moment), is_suspect(moment)))
    if 2 * suspect <= recent or was_found_honest(book_id, moment):
        return
    until = moment + timedelta(hours=current_app.config["BRAKE_HOURS"])
    theirs = ratings_of(book_id, moment) & ((Review.id == review.id) | is_suspect(moment))
    execute(sa.update(Review).where(theirs, Review.waits_until.is_(None)).values(waits_until=until))
    db.session.refresh(review, ["waits_until"])
    if not is_on(book_id):
        new = current_app.config["BRAKE_NEW_DAYS"]
        SITE.decide(
            "brake",
            cases.opened("burst", book_id=book_id),
            reason=f"{recent} ratings within a day, where about {usual:.1f} are usual; {suspect} of them by accounts that are"
            f" younger than {new} days or have no other review.",
        )


def ratings_of(book_id, moment):
    """The condition of a rating that a member gave a book within the last day, counted or waiting."""
    return given(book_id, moment - DAY)


def given(book_id, since):
    """The condition of a rating that a member gave a book since a moment, counted or waiting."""
    members = (Review.book_id == book_id) & Review.user_id.is_not(None) & Review.left_out_at.is_(None) & Review.stands()
    return members & (sa.func.coalesce(Review.joined_at, Review.created_at) > since)


def count_of(*conditions):
    """The Select of how many reviews meet some conditions."""
    return sa.select(sa.func.count()).select_from(Review).where(*conditions)


# How many ratings a book was given lately: asked for each.
RECENT = count_of(given(sa.bindparam("book"), sa.bindparam("since", type_=Review.created_at.type)))


def per_day(book_id, moment):
    """How many ratings a day counted for a book in the 90 days before the last."""
    before = Review.created_at.between(moment - DAY - LONG, moment - DAY)
    return db.session.scalar(count_of(Review.book_id == book_id, before, Review.counts())) / LONG.days


def is_suspect(moment):
    """The condition of a rating by an account that is new, or that has reviewed nothing else."""
    other = aliased(Review)
    another = sa.exists().where(
        other.user_id == Review.user_id, other.book_id != Review.book_id, other.deleted_at.is_(None), other.hidden_at.is_(None)
    )
    born = moment - timedelta(days=current_app.config["BRAKE_NEW_DAYS"])
    return sa.exists().where(User.id == Review.user_id, User.created_at > born) | sa.not_(another)


def is_on(book_id):
    """Whether ratings of a book wait for a moderator to decide."""
    return db.session.scalar(sa.select(Case.id).where(Case.kind == "burst", Case.book_id == book_id, Case.closed_at.is_(None)))


def was_found_honest(book_id, moment):
    """Whether a moderator has lately looked at such a burst, and let it count."""
    lately = moment - timedelta(hours=current_app.config["BRAKE_HOURS"])
    counted = (Decision.book_id == book_id) & (Decision.action == "count") & (Decision.role != SITE.role)
    return db.session.scalar(sa.select(Decision.id).where(counted, Decision.at > lately).limit(1)) is not None


def waiting(book_id):
    """The Select of the reviews of a book that wait, the newest first."""
    there = (Review.book_id == book_id) & Review.waits_until.is_not(None)
    return sa.select(Review).where(there).order_by(Review.created_at.desc(), Review.id.desc())


def due():
    """The ids of the books of which ratings have waited long enough."""
    return sa.select(Review.book_id).where(Review.waits_until <= now()).distinct().order_by(Review.book_id)


def release(book_id):
    """Count the ratings of a book that have waited long enough; the caller holds it."""
    if not execute(RELEASE, {"book": book_id, "moment": now()}).rowcount:
        return
    there = (Review.book_id == book_id) & Review.waits_until.is_not(None)
    tally(book_id, "waited")
    case = is_on(book_id) and db.session.get(Case, is_on(book_id))
    if case and not db.session.scalar(sa.select(Review.id).where(there).limit(1)):
        case.close()
        SITE.decide("count", case, reason="They have waited long enough, and no moderator has decided otherwise.")
