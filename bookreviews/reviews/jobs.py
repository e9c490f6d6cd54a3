"""What becomes due without anybody doing anything: ratings that have waited long enough count."""

from bookreviews.extensions import db
from bookreviews.reviews import brake
from bookreviews.reviews.ratings import lock


def release_all():
    """Count every rating that has waited long enough.

    :returns: of how many books there were some.
    """
    books = db.session.scalars(brake.due()).all()
    db.session.rollback()
    for book_id in books:
        lock(book_id)
        brake.release(book_id)
        db.session.commit()
    return len(books)
