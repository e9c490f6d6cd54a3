"""Reviews and who may see and change them."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from bookreviews.books.models import Book, Credit
from bookreviews.extensions import db, now

# How long a deleted review can be brought back by its writer.
UNDO = timedelta(hours=24)


class Review(db.Model):
    """What one writer thinks of one book; a rating without words is a review with an empty body."""

    __table_args__ = (
        sa.UniqueConstraint("book_id", "guest"),
        sa.CheckConstraint("rating BETWEEN 1 AND 10", name="rating_in_range"),
        sa.Index("ix_review_book_created", "book_id", "created_at"),
        sa.Index("ix_review_book_rating", "book_id", "rating"),
        sa.Index("ix_review_created", "created_at", "id"),
        sa.Index("ix_review_deleted", "deleted_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(sa.ForeignKey(Book.id, ondelete="CASCADE"))
    book: Mapped[Book] = relationship(lazy="raise_on_sql")
    guest: Mapped[str]  # the writer: what their signed cookie says
    name: Mapped[str]
    rating: Mapped[int]  # half stars, 1 to 10
    title: Mapped[str] = mapped_column(default="")
    body: Mapped[str] = mapped_column(default="")  # Markdown, as typed
    body_html: Mapped[str] = mapped_column(default="")  # the same, rendered safe when written
    language: Mapped[str | None]  # BCP 47
    spoilers: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    # A writer's other tab may have been faster: then the database refuses, and the view shows both texts.
    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def visible(cls):
        """The reviews anyone may read."""
        return sa.select(cls).where(cls.deleted_at.is_(None))

    @classmethod
    def of(cls, book):
        """The reviews anyone may read of `book`."""
        return cls.visible().where(cls.book_id == book.id)

    @classmethod
    def with_book(cls):
        """The reviews anyone may read, each with its book and the book's authors."""
        book = joinedload(cls.book)
        return cls.visible().options(
            book.selectinload(Book.credits).joinedload(Credit.author), book.selectinload(Book.outside_ratings)
        )  # fmt: skip

    @classmethod
    def by(cls, guest, book_id):
        """The review that `guest` wrote of a book, deleted or not."""
        return sa.select(cls).where(cls.guest == guest, cls.book_id == book_id)

    @classmethod
    def expired(cls):
        """The condition of a deleted review that nobody can bring back any more."""
        return cls.deleted_at < now() - UNDO

    def delete(self):
        self.deleted_at = now()

    def restore(self):
        self.deleted_at = None

    @property
    def deleted(self):
        return self.deleted_at is not None

    @property
    def edited(self):
        return self.updated_at is not None
