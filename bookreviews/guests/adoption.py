"""Guests become members without losing a thing: what was written in this browser becomes theirs.

Where they reviewed a book as a guest and as a member the two wait for the person to choose.
"""

import sqlalchemy as sa

from bookreviews.drafts import drafting
from bookreviews.drafts.models import Draft
from bookreviews.extensions import db, now
from bookreviews.markdown import render
from bookreviews.moderation import cases
from bookreviews.reviews import brake
from bookreviews.reviews.models import WORDS, Review
from bookreviews.reviews.ratings import lock, tally
from bookreviews.reviews.writers import Writer
from bookreviews.reviews.writing import hold, keep_version
from bookreviews.spam import repeats
from bookreviews.votes import counting
from bookreviews.votes.models import Vote


def adopt(user, guest):
    """Make a guest's reviews a member's, but for those of books that the member has reviewed as well.

    :param guest: what the session calls the guest.
    :returns: whether some are left, of books that both reviewed.
    """
    hold(Writer(user_id=user.id))
    theirs = db.session.scalars(sa.select(Review.book_id).where(Review.guest == guest).order_by(Review.book_id)).all()
    for book_id in theirs:
        lock(book_id)
        adopt_one(user, guest, book_id)
    return bool(pairs(user, guest))


def adopt_one(user, guest, book_id):
    """The same for a guest's review of one book, whose lock the caller holds."""
    written = both(user, guest, book_id)
    as_guest, as_member = (written.get(owner) for owner in (None, user.id))
    if as_guest is None or as_member and not as_member.deleted and not as_guest.deleted:
        return
    if as_member and as_guest.deleted:  # it has no words that anybody misses
        db.session.delete(as_guest)
    else:
        if as_member:
            cases.inherit(as_guest, as_member)
        as_guest.guest, as_guest.user_id, as_guest.name, as_guest.joined_at = None, user.id, user.username, now()
        cases.let_go(as_guest)
        withdraw_vote(user, as_guest)
        brake.press(as_guest)
    tally(book_id, "joined")


def both(user, guest, book_id):
    """What a person has written of a book: {the id of their account, or None as a guest: the review}."""
    mine = sa.or_(Review.user_id == user.id, Review.guest == guest)
    select = sa.select(Review).where(Review.book_id == book_id, mine)
    return {review.user_id: review for review in db.session.scalars(select, execution_options={"populate_existing": True})}


def withdraw_vote(user, review):
    """Nobody votes on what they wrote."""
    db.session.execute(sa.delete(Vote).where(Vote.user_id == user.id, Vote.review_id == review.id))
    db.session.flush()
    counting.tally(review.id)


def pairs(user, guest):
    """What a person wrote twice: [(as a member, as a guest), …], each with its book."""
    if not guest:
        return []
    member, own = sa.orm.aliased(Review), Review
    select = (
        sa.select(member, own)
        .join(own, sa.and_(own.book_id == member.book_id, own.guest == guest))
        .where(member.user_id == user.id, member.deleted_at.is_(None), own.deleted_at.is_(None))
        .options(sa.orm.joinedload(member.book))
        .order_by(own.id)
    )
    return [tuple(row) for row in db.session.execute(select)]


def keep_draft(user, review, dropped):
    """Keep the words of a review that is about to go as the draft of the one that stays, below what is drafted already."""
    there = sa.select(Draft).where(Draft.user_id == user.id, Draft.book_id == review.book_id)
    new = {"user_id": user.id, "book_id": review.book_id, "began_from": review.version, "title": "", "body": ""}
    draft = db.session.scalar(there) or Draft(**new)
    drafting.add(draft, dropped)
    db.session.add(draft)


def choose(user, guest, book_id, kept):
    """Keep one of two reviews of a book, and lose the words of neither.

    What the member said is kept as an earlier version of the guest's; what the guest said, as a draft.

    :param kept: "member" or "guest".
    """
    hold(Writer(user_id=user.id))
    lock(book_id)
    written = both(user, guest, book_id)
    as_guest, as_member = (written.get(owner) for owner in (None, user.id))
    if not (as_guest and as_member):
        return
    as_guest.delete()
    tally(book_id, "joined")  # before it is gone: what is gone cannot be counted
    if kept == "member":
        keep_draft(user, as_member, as_guest)
        db.session.delete(as_guest)
    else:
        words = {name: getattr(as_guest, name) for name in WORDS}
        keep_version(as_member, words)
        for name, value in words.items():
            setattr(as_member, name, value)
        as_member.body_html = render(as_member.body)
        repeats.keep(as_member)
        cases.inherit(as_member, as_guest)
        cases.let_go(as_member)
    tally(book_id, "joined")
