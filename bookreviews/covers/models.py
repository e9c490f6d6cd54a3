"""Pictures that readers send for the covers of books."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from bookreviews.accounts.models import User
from bookreviews.books.models import Book, Credit
from bookreviews.extensions import db, now
from bookreviews.moderation.models import Case

WAITS = sa.text("shown_at IS NULL AND refused_at IS NULL")


class Cover(db.Model):
    """A picture of a book's cover: it waits for a look, is shown, or was refused.

    A book may have several that are shown: the newest is on its page, and if that is removed, the one before it. A reader
    has at most one of a book that waits.
    """

    __table_args__ = (
        sa.Index("uq_cover_waiting", "book_id", "user_id", unique=True, sqlite_where=WAITS, postgresql_where=WAITS),
        sa.Index("ix_cover_book_id", "book_id", "shown_at"),
        sa.Index("ix_cover_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(sa.ForeignKey(Book.id, ondelete="CASCADE"))
    book: Mapped[Book] = relationship(lazy="raise_on_sql")
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id, ondelete="SET NULL"))
    user: Mapped[User | None] = relationship(lazy="raise_on_sql")
    # In which it waits for a look, or waited.
    case_id: Mapped[int] = mapped_column(sa.ForeignKey(Case.id, ondelete="CASCADE"), unique=True)
    case: Mapped[Case] = relationship(lazy="raise_on_sql")
    key: Mapped[str] = mapped_column(unique=True)  # what its files are called by; nobody can guess it
    sent_at: Mapped[datetime] = mapped_column(default=now)
    shown_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]  # before it was shown, or afterwards; its files are gone
    reason: Mapped[str] = mapped_column(default="", server_default="")  # why it was refused

    @classmethod
    def shown(cls):
        """The covers that anyone may see."""
        return sa.select(cls).where(cls.shown_at.is_not(None), cls.refused_at.is_(None))

    @classmethod
    def waiting(cls):
        """The covers that wait for a look."""
        return sa.select(cls).where(cls.shown_at.is_(None), cls.refused_at.is_(None))

    @classmethod
    def of(cls, book):
        """The cover that a book's page shows."""
        return cls.shown().where(cls.key == (book.cover_key or ""))

    @classmethod
    def in_case(cls, case_id):
        """The cover of a case, with its book, the book's authors, and who sent it."""
        authors = joinedload(cls.book).selectinload(Book.credits).joinedload(Credit.author)
        return sa.select(cls).options(joinedload(cls.case), authors, joinedload(cls.user)).where(cls.case_id == case_id)

    @classmethod
    def by(cls, user, book_id):
        """What a reader has sent for a book, the newest first."""
        return sa.select(cls).where(cls.user_id == user.id, cls.book_id == book_id).order_by(cls.id.desc())

    @property
    def is_shown(self):
        return self.shown_at is not None and self.refused_at is None

    @property
    def is_waiting(self):
        return self.shown_at is None and self.refused_at is None

    @property
    def choices(self):
        """What a moderator can still decide."""
        return ("show", "refuse") if self.is_waiting else ("remove",) if self.is_shown else ()

    def show(self):
        self.shown_at = now()

    def refuse(self, reason):
        self.refused_at, self.reason = now(), reason
