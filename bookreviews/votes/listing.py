"""The votes of the member who reads."""

import sqlalchemy as sa
from flask_login import current_user

from bookreviews.extensions import db
from bookreviews.votes.models import Vote


def mine(reviews):
    """What the member who reads has said of these reviews: {id: whether it helped}; of visitors there is nothing."""
    if not current_user.is_authenticated:
        return {}
    these = Vote.review_id.in_([review.id for review in reviews])
    found = db.session.execute(sa.select(Vote.review_id, Vote.helpful).where(Vote.user_id == current_user.id, these))
    return dict(map(tuple, found))
