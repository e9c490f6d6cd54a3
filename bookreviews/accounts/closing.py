"""The end of an account: what goes, what may stay, and the numbers that are counted again."""

import sqlalchemy as sa

from bookreviews.accounts import logins
from bookreviews.accounts.models import Role, User
from bookreviews.books.models import Book
from bookreviews.covers import gallery
from bookreviews.extensions import db, now
from bookreviews.reviews import ratings
from bookreviews.reviews.models import Review
from bookreviews.votes import counting
from bookreviews.votes.models import Vote

NOBODY = "A former reader"  # who wrote the reviews that stay
REVIEWS = Review.__table__


class LastAdmin(Exception):
    """A site without an admin could not be run any more."""

    def __str__(self):
        return "You are the only admin of this site. Make somebody else one first, then close your account."


def close(user, keep):
    """Close an account, in the caller's transaction; its name and its address are free afterwards.

    However many reviews there are, it takes few statements.

    :param keep: whether the reviews stay, without the name.
    :returns: the keys of the pictures that nobody needs any more, for the storage of covers.
    :raises LastAdmin: where nobody would be left to run the site.
    """
    require_another_admin(user)
    # With its identifier the row is held as if it were deleted: what other tabs still send waits, and is refused then.
    logins.end_all(user)
    db.session.flush()
    if keep:
        give_away_reviews(user)
    else:
        delete_reviews(user)
    take_back_votes(user)
    pictures = gallery.leave(user)
    # The rest goes with it: roles, logins, passkeys, drafts, mails.
    db.session.execute(sa.delete(User.__table__).where(User.id == user.id))
    return pictures


def require_another_admin(user):
    """
    :raises LastAdmin: where `user` is the only admin who can log in.
    """
    if not any(role.name == "admin" for role in user.roles):
        return
    # The role is held first: of two admins who leave at the same moment the second one sees that the other is gone.
    db.session.execute(sa.update(Role.__table__).where(Role.name == "admin").values(name="admin"))
    others = sa.select(User.id).join(User.roles).where(Role.name == "admin", User.active, User.id != user.id)
    others = others.where(User.banned_at.is_(None))
    if db.session.scalar(others.limit(1)) is None:
        raise LastAdmin


def give_away_reviews(user):
    """Leave a reader's reviews without their name, but for those that the reader has deleted.

    They leave the scores: whoever closes an account and opens another one would count twice.
    """
    theirs = REVIEWS.c.user_id == user.id
    books = hold_books(theirs)
    db.session.execute(sa.delete(REVIEWS).where(theirs, REVIEWS.c.deleted_at.is_not(None)))
    db.session.execute(sa.update(REVIEWS).where(theirs).values(user_id=None, guest=None, name=NOBODY))
    ratings.tally_all(books, "closed")


def delete_reviews(user):
    """Delete a reader's reviews for good."""
    theirs = REVIEWS.c.user_id == user.id
    books = hold_books(theirs)
    db.session.execute(sa.update(REVIEWS).where(theirs).values(deleted_at=now()))
    ratings.tally_all(books, "closed")  # before they are gone, so that the ledger tells it
    db.session.execute(sa.delete(REVIEWS).where(theirs))


def hold_books(theirs):
    """Hold the books of some reviews until the end of the transaction.

    :returns: their ids.
    """
    books = Book.id.in_(sa.select(REVIEWS.c.book_id).where(theirs))
    # In the order of their numbers, so that no two who hold several books wait for each other.
    return db.session.scalars(sa.select(Book.id).where(books).order_by(Book.id).with_for_update(key_share=True)).all()


def take_back_votes(user):
    """Take a reader's votes off the reviews of others, and count these reviews' votes again."""
    voted = Review.id.in_(sa.select(Vote.review_id).where(Vote.user_id == user.id))
    ids = db.session.scalars(sa.select(Review.id).where(voted).order_by(Review.id).with_for_update(key_share=True)).all()
    db.session.execute(sa.delete(Vote.__table__).where(Vote.user_id == user.id))
    counting.tally_all(ids)
