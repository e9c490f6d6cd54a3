"""How scores came about."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bookreviews.books.models import Book
from bookreviews.extensions import db, now


class RatingChange(db.Model):
    """A rating began to count, counts as another one, or counts no more; written once, and never changed.

    It names a review by its number, which may be gone, and nobody: a former reader leaves nothing here. The database
    refuses every change, and takes rows away with their book only (see migration 0006).
    """

    __tablename__ = "rating_change"
    __table_args__ = (
        sa.Index("ix_rating_change_book", "book_id", "at", "id"),
        sa.Index("ix_rating_change_review", "review_id", "id"),
        sa.CheckConstraint("coalesce(before, after) IS NOT NULL", name="says_something"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True)
    book_id: Mapped[int] = mapped_column(sa.ForeignKey(Book.id, ondelete="CASCADE"))
    review_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=now)
    before: Mapped[int | None]  # half stars, 1 to 10; None: it did not count
    after: Mapped[int | None]
    cause: Mapped[str]  # of CAUSES in reviews/ratings.py

    @classmethod
    def of(cls, book):
        """The changes of a book's score, the newest first."""
        return sa.select(cls).where(cls.book_id == book.id).order_by(cls.at.desc(), cls.id.desc())


class RatingMonth(db.Model):
    """How often in a month a rating of a book went from so many half stars to so many; kept by the database, as rows come
    into the ledger (see migration 0014)."""

    __tablename__ = "rating_month"
    __table_args__ = {"sqlite_with_rowid": False}

    book_id: Mapped[int] = mapped_column(sa.ForeignKey(Book.id, ondelete="CASCADE"), primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)  # in UTC: 202611
    before: Mapped[int] = mapped_column(primary_key=True)  # half stars, 1 to 10; 0: it did not count
    after: Mapped[int] = mapped_column(primary_key=True)
    times: Mapped[int]

    @classmethod
    def of(cls, book):
        """What became of a book's ratings, the oldest month first."""
        return sa.select(cls.month, cls.before, cls.after, cls.times).where(cls.book_id == book.id).order_by(cls.month)
