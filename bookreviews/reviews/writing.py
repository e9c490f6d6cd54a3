"""A review comes to be, changes, goes and returns: always under its book's lock, always counted."""

import sqlalchemy as sa
from werkzeug.exceptions import NotFound

from bookreviews.extensions import db, now
from bookreviews.markdown import render
from bookreviews.reviews.models import Review
from bookreviews.reviews.ratings import lock, tally


class Overtaken(Exception):
    """The writer's other tab was faster; `review` is what stands now."""

    def __init__(self, review):
        super().__init__()
        self.review = review


def held(guest, book_id):
    """The guest's review as it stands now, the book held until the end of the transaction; None where there is none.

    :raises NotFound: when there is no such book (any more).
    """
    if not lock(book_id):
        raise NotFound
    return db.session.scalar(Review.by(guest, book_id), execution_options={"populate_existing": True})


def write(guest, book_id, form):
    """Make the guest's review of a book say what `form` says.

    Sending the same words twice is harmless.

    :returns: the review.
    :raises Overtaken: when it was changed since `form` was shown.
    """
    review = held(guest, book_id)
    if review and form.says(review):
        return review
    if review and review.version != form.version.data:
        raise Overtaken(review)
    if review is None or review.deleted:
        review = review or Review(book_id=book_id, guest=guest)
        review.created_at, review.updated_at, review.deleted_at = now(), None, None
    else:
        review.updated_at = now()
    form.write_to(review)
    review.body_html = render(review.body)
    db.session.add(review)
    tally(book_id)
    return review


def delete(guest, book_id, version):
    """Take the guest's review off the site; for a while it can be restored.

    :param version: of the review that the guest was shown.
    :raises Overtaken: when it was changed since.
    """
    review = held(guest, book_id)
    if review and not review.deleted:
        if review.version != version:
            raise Overtaken(review)
        review.delete()
        db.session.execute(sa.delete(Review).where(Review.expired()))
        tally(book_id)


def restore(guest, book_id):
    """Bring the guest's deleted review back.

    :returns: the review, or None where it is gone for good.
    """
    review = held(guest, book_id)
    if review:
        review.restore()
        tally(book_id)
    return review
