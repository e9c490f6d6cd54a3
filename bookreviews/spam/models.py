"""What is kept of a review's text, to find others like it."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bookreviews.extensions import db
from bookreviews.reviews.models import Review


class Sketch(db.Model):
    """One of the hashes that stand for a review's text (shingles.py)."""

    hash: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey(Review.id, ondelete="CASCADE"), primary_key=True, index=True)
