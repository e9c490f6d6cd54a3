"""A review comes to be, changes, goes and returns: always under its book's lock, always counted."""

import sqlalchemy as sa
from flask import current_app
from werkzeug.exceptions import Forbidden, NotFound

from bookreviews.accounts.models import User
from bookreviews.extensions import db, execute, now
from bookreviews.markdown import render
from bookreviews.moderation import cases
from bookreviews.reviews import brake, changes
from bookreviews.reviews.models import WORDS, Review, Version
from bookreviews.reviews.ratings import lock, tally
from bookreviews.reviews.writers import review_of
from bookreviews.spam import looks
from bookreviews.votes import counting

USERS = User.__table__
HOLD = sa.update(USERS).where(USERS.c.id == sa.bindparam("user"), USERS.c.banned_at.is_(None)).values(active=USERS.c.active)
SHUT_OUT = "You were logged out a moment ago, and may not write here now. Go back to find what you typed."


class Overtaken(Exception):
    """The writer's other tab was faster; `review` is what stands now."""

    def __init__(self, review):
        super().__init__()
        self.review = review


def held(writer, book_id):
    """The writer's review as it stands now, they and the book held until the end of the transaction; None where there is none.

    :raises NotFound: when there is no such book (any more).
    :raises Forbidden: when the writer was banned, or closed their account, a moment ago.
    """
    if writer.is_member and not hold(writer):
        raise Forbidden(SHUT_OUT)
    if not lock(book_id):
        raise NotFound
    brake.release(book_id)
    return review_of(writer, book_id, anew=True)


def hold(writer):
    """Hold a member until the end of the transaction, so that whoever bans them sees what they write, or they that ban.

    Before books are held, as everybody does: those who wait for each other would wait for ever.

    :returns: whether they may write.
    """
    return execute(HOLD, {"user": writer.user_id}).rowcount == 1


def write(writer, book_id, form):
    """Make the writer's review of a book say what `form` says.

    Sending the same words twice is harmless.

    :returns: the review.
    :raises Overtaken: when it was changed since `form` was shown.
    """
    review = held(writer, book_id)
    if review and form.says(review):
        return review
    if review and not form.knows(review):
        raise Overtaken(review)
    before = looks.said(review)
    new = review is None or review.deleted
    if new or review.never_stood:
        review = begin(review or Review(book_id=book_id, **writer.columns))
    else:
        keep_version(review, form.words)
    form.write_to(review)
    review.body_html = render(review.body)
    db.session.add(review)
    db.session.flush()
    if must_wait(writer):
        cases.hold(review, "guest", "A guest wrote it, or changed it, and what guests write is looked at first.")
    looks.look(review, before, form.signs())
    if new:
        brake.press(review)
    tally(book_id, "written")
    return review


def begin(review):
    """Make a review a new one: of what it was before it was deleted nothing is left."""
    if review.id:
        db.session.execute(sa.delete(Version).where(Version.review_id == review.id))
        counting.forget(review)
    review.created_at, review.updated_at, review.rewritten_at, review.deleted_at = now(), None, None, None
    return review


def keep_version(review, words):
    """Keep what a review has said, as it is about to say `words`; what nobody has seen yet is not kept.

    Where only the name of a guest is another one, the review counts as it is.
    """
    number = db.session.scalar(Version.next_number(review))
    said = {name: getattr(review, name) for name in WORDS}
    if said == {name: words[name] for name in WORDS}:
        return
    if review.held_at is None:
        seen = {"number": number, "written_at": review.updated_at or review.created_at, "hidden": review.hidden_at is not None}
        db.session.add(Version(review_id=review.id, **seen, **said))
    review.updated_at = now()
    if changes.large(said, words):
        review.rewritten_at = review.updated_at
        counting.tally(review.id)


def must_wait(writer):
    """Whether what a writer publishes waits for somebody to look at it (GUEST_REVIEWS=held)."""
    return not writer.is_member and current_app.config["GUEST_REVIEWS"] == "held"


def closed_to(writer):
    """Whether a writer may not publish at all (GUEST_REVIEWS=off)."""
    return not writer.is_member and current_app.config["GUEST_REVIEWS"] == "off"


def delete(writer, book_id, seen):
    """Take the writer's review off the site; for a while it can be restored.

    :param seen: the id and the version of the review that the writer was shown.
    :raises Overtaken: when it was changed since, or is another one: the book may have been merged into one that they
        reviewed as well.
    """
    review = held(writer, book_id)
    if review and not review.deleted:
        if (review.id, review.version) != seen:
            raise Overtaken(review)
        review.delete()
        execute(sa.delete(Review).where(Review.expired()))
        tally(book_id, "deleted")


def restore(writer, book_id):
    """Bring the writer's deleted review back.

    :returns: the review, or None where it is gone for good.
    """
    review = held(writer, book_id)
    if review:
        review.restore()
        db.session.flush()
        brake.press(review)
        tally(book_id, "undone")
    return review
