"""A reader takes another name."""

import sqlalchemy as sa

from bookreviews.accounts.models import User
from bookreviews.extensions import db
from bookreviews.reviews.models import Review


def rename(user, username):
    """Give a reader another name, here and beside all of their reviews; the old one is free.

    A review stays as it is otherwise: what its writer has open in another tab can still be sent.

    :raises IntegrityError: when somebody else has taken the name, or one that looks like it, at the same moment.
    """
    if db.session.scalar(User.named(username).where(User.confirmed_at.is_(None))):
        db.session.execute(User.nobodys(username))
    user.username = username
    db.session.flush()
    db.session.execute(sa.update(Review.__table__).where(Review.user_id == user.id).values(name=username))
