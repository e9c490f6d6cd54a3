"""The votes of the member who reads."""

import sqlalchemy as sa
from flask_login import current_user

from bookreviews.extensions import execute
from bookreviews.reviews.models import Review
from bookreviews.votes.models import Vote

# What stands below reviews, and what a member said of them; the parameters are ids.
ANSWERS = (
    sa.select(
        Review.id, Review.book_id, Review.user_id, Review.guest, Review.name,
        Review.helpful, Review.unhelpful, Review.votes_before,
        ((Review.title != "") | (Review.body != "")).label("body"),
        Review.stands().label("is_public"),
        Vote.helpful.label("said"),
    )
    .outerjoin(Vote, (Vote.review_id == Review.id) & (Vote.user_id == sa.bindparam("user")))
    .where(Review.id.in_(sa.bindparam("reviews", expanding=True)))
)  # fmt: skip


def answers(ids):
    """What a page says below reviews that anyone may read, for whoever reads it.

    :returns: rows by the reviews' ids: what it says of a review, and in `said` what the member who reads has said.
    """
    values = {"reviews": ids, "user": current_user.id if current_user.is_authenticated else 0}
    return {row.id: row for row in execute(ANSWERS, values)}


def mine(reviews):
    """What the member who reads has said of these reviews: {id: whether it helped}; of visitors there is nothing."""
    if not current_user.is_authenticated:
        return {}
    these = Vote.review_id.in_([review.id for review in reviews])
    found = execute(sa.select(Vote.review_id, Vote.helpful).where(Vote.user_id == current_user.id, these))
    return dict(map(tuple, found))
