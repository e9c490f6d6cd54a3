"""What the sample's readers found helpful in each other's reviews."""

from hashlib import sha256

import sqlalchemy as sa

from bookreviews.accounts.models import User
from bookreviews.extensions import db, now
from bookreviews.reviews.models import Review
from bookreviews.sample.readers import chance
from bookreviews.sample.reviews import OURS
from bookreviews.votes import counting
from bookreviews.votes.models import Vote

FULL = 1_000  # a review of so many characters is as good as a longer one


def write(readers):
    """Write the votes on the sample reviews that have none by the sample's readers, and count them."""
    voters = sa.select(User.id).where(User.sample)
    voted = sa.exists().where(Vote.review_id == Review.id, Vote.user_id.in_(voters))
    unvoted = sa.select(Review).where(OURS, Review.stands(), Review.body != "", ~voted).order_by(Review.id)
    reviews = db.session.scalars(unvoted.with_for_update(key_share=True)).all()
    rows = [row for review in reviews for row in votes(review, readers)]
    if rows:
        db.session.execute(sa.insert(Vote.__table__), rows)
        counting.tally_all(sorted({row["review_id"] for row in rows}))


def votes(review, readers):
    """What readers say of a review, as rows of Vote.

    The fuller a review is, the more readers say something, and the more of these were helped.
    """
    fullness = min(len(review.body), FULL) / FULL
    words = sha256(review.body.encode()).hexdigest()
    for reader in readers:
        if reader.id == review.user_id or chance("seen", reader.email, words) > 0.04 + 0.2 * fullness:
            continue
        liked, when = (chance(question, reader.email, words) for question in ("liked", "when"))
        helpful = liked < 0.4 + 0.5 * fullness - 0.2 * review.spoilers
        start = max(review.created_at, reader.created_at)
        cast_at = start + (now() - start) * when * when
        yield {"user_id": reader.id, "review_id": review.id, "helpful": helpful, "cast_at": cast_at}
