"""The votes of the member who reads."""

import sqlalchemy as sa
from flask_login import current_user

from bookreviews.extensions import db
from bookreviews.reviews.models import Review
from bookreviews.votes.models import Vote


def answers(ids):
    """What a page says below reviews that anyone may read, for whoever reads it.

    :returns: rows by the reviews' ids: what it says of a review, and in `said` what the member who reads has said.
    """
    mine = (Vote.review_id == Review.id) & (Vote.user_id == (current_user.id if current_user.is_authenticated else 0))
    columns = [getattr(Review, name) for name in ("id", "book_id", "user_id", "guest", "name", "helpful", "unhelpful")]
    has_words = (Review.title != "") | (Review.body != "")
    columns += [Review.votes_before, has_words.label("body"), Review.stands().label("is_public"), Vote.helpful.label("said")]
    return {row.id: row for row in db.session.execute(sa.select(*columns).outerjoin(Vote, mine).where(Review.id.in_(ids)))}


def mine(reviews):
    """What the member who reads has said of these reviews: {id: whether it helped}; of visitors there is nothing."""
    if not current_user.is_authenticated:
        return {}
    these = Vote.review_id.in_([review.id for review in reviews])
    found = db.session.execute(sa.select(Vote.review_id, Vote.helpful).where(Vote.user_id == current_user.id, these))
    return dict(map(tuple, found))
