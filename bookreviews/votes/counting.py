"""How helpful a review is: counted from its votes, in the transaction that changes them."""

from math import isclose, sqrt

import sqlalchemy as sa
from werkzeug.exceptions import NotFound

from bookreviews import tags
from bookreviews.accounts.models import User
from bookreviews.extensions import db
from bookreviews.reviews.models import Review
from bookreviews.votes.models import Vote

# As a table, not as rows of Review: a vote does not change a review's version, which an open form has to meet again.
REVIEWS = Review.__table__
COUNTERS = ("helpful", "unhelpful", "votes_before")
# How many reviews are counted by one statement.
BATCH = 1_000
# Of the normal distribution, for a confidence of 95 %.
Z = 1.959964


def helpfulness(helpful, unhelpful):
    """What share of all readers finds a review helpful at the least, as few votes tell: 0 to 1.

    The lower bound of the Wilson score interval, so that 9 of 10 rank above 1 of 1. E. B. Wilson, "Probable Inference,
    the Law of Succession, and Statistical Inference", Journal of the American Statistical Association 22 (1927), 209-212;
    https://www.evanmiller.org/how-not-to-sort-by-average-rating.html
    """
    if not helpful:
        return 0.0
    votes = helpful + unhelpful
    share = helpful / votes
    middle = share + Z * Z / (2 * votes)
    spread = Z * sqrt((share * (1 - share) + Z * Z / (4 * votes)) / votes)
    return (middle - spread) / (1 + Z * Z / votes)


def lock(review_id):
    """Hold a review until the end of the transaction, and see which votes were cast until now.

    As `reviews.ratings.lock` does it for books.

    :returns: whether it is there for anyone to read.
    """
    there = (Review.id == review_id) & Review.stands()
    held = sa.update(REVIEWS).where(there).values(helpful=REVIEWS.c.helpful)
    return db.session.execute(held, execution_options={tags.RETIRES: ()}).rowcount == 1


def cast(review_id, user_id, helpful):
    """Count a member's word on a review, in place of any they gave before; None takes it back.

    :raises NotFound: when there is no such review (any more).
    """
    if not lock(review_id):
        raise NotFound
    mine = (Vote.user_id == user_id) & (Vote.review_id == review_id)
    if db.session.scalar(sa.select(Vote.helpful).where(mine)) == helpful:
        return
    db.session.execute(sa.delete(Vote).where(mine))
    if helpful is not None:
        db.session.add(Vote(user_id=user_id, review_id=review_id, helpful=helpful))
    tally(review_id)


def counts():
    """The Select of the counters of the reviews that have votes, from the rows; those of banned readers do not count."""
    early = Vote.cast_at < Review.rewritten_at
    numbers = [sa.func.sum(sa.case((which, 1), else_=0)) for which in (Vote.helpful, sa.not_(Vote.helpful), early)]
    named = [number.label(name) for name, number in zip(COUNTERS, numbers, strict=True)]
    counted = sa.select(Vote.review_id, *named).join(Review).join(User, User.id == Vote.user_id)
    return counted.where(User.banned_at.is_(None)).group_by(Vote.review_id)


def tally(review_id):
    """Count a review's votes again after a change; the caller holds its `lock`, or has written the review itself."""
    tally_all([review_id])


def values(helpful, unhelpful, before):
    """The counters of a review, and what follows from them, by the names of its columns."""
    return dict(zip(COUNTERS, (helpful, unhelpful, before), strict=True)) | {"helpfulness": helpfulness(helpful, unhelpful)}


def tally_all(review_ids):
    """Count the votes of many reviews again; the caller holds them all."""
    db.session.flush()
    again = sa.update(REVIEWS).where(REVIEWS.c.id == sa.bindparam("review_id"))
    for start in range(0, len(review_ids), BATCH):
        ids = review_ids[start : start + BATCH]
        found = {row[0]: row[1:] for row in db.session.execute(counts().where(Vote.review_id.in_(ids)))}
        rows = [{"review_id": key} | values(*found.get(key, (0, 0, 0))) for key in ids]
        shown = db.session.execute(sa.select(Review.book_id, Review.user_id).where(Review.id.in_(ids)))
        retires = {tag for book_id, user_id in shown for tag in (tags.book(book_id), tags.reader(user_id))}
        db.session.execute(again, rows, execution_options={tags.RETIRES: retires | {tags.LISTS}})


def differences():
    """Reviews whose numbers are not what their votes say: (id, numbers as kept, numbers as counted), one by one.

    The numbers are the counters and the helpfulness. However many reviews there are, few are looked at at a time.
    """
    kept = [Review.id, *(getattr(Review, name) for name in COUNTERS), Review.helpfulness]
    first = 0
    while rows := db.session.execute(sa.select(*kept).where(Review.id > first).order_by(Review.id).limit(BATCH)).all():
        last = rows[-1].id
        found = db.session.execute(counts().where(Vote.review_id.between(first + 1, last)))
        counted = {row[0]: tuple(values(*row[1:]).values()) for row in found}
        for key, *numbers in rows:
            as_counted = counted.get(key, (0, 0, 0, 0.0))
            # A database may keep another last digit of the helpfulness.
            if tuple(numbers[:3]) != as_counted[:3] or not isclose(numbers[3], as_counted[3], abs_tol=1e-9):
                yield key, tuple(numbers), as_counted
        first = last


def tally_voter(user_id):
    """Count again what a member has voted on, after a change of whether their votes count; the caller holds the member."""
    voted = Review.id.in_(sa.select(Vote.review_id).where(Vote.user_id == user_id))
    tally_all(db.session.scalars(sa.select(Review.id).where(voted).order_by(Review.id).with_for_update(key_share=True)).all())


def forget(review):
    """Take every vote off a review that is about to be another one."""
    db.session.execute(sa.delete(Vote).where(Vote.review_id == review.id))
    review.helpful, review.unhelpful, review.votes_before, review.helpfulness = 0, 0, 0, 0.0
