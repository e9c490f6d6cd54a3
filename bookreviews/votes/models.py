"""What readers found helpful."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bookreviews.accounts.models import User
from bookreviews.extensions import db, now
from bookreviews.reviews.models import Review


class Vote(db.Model):
    """A member's word on whether a review helped them; one of each member on each review."""

    user_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id, ondelete="CASCADE"), primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey(Review.id, ondelete="CASCADE"), primary_key=True, index=True)
    helpful: Mapped[bool]
    cast_at: Mapped[datetime] = mapped_column(default=now)
