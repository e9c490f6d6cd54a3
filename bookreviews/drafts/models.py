"""Reviews on the way: what a member has typed and not published."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from bookreviews.accounts.models import User
from bookreviews.books.models import Book, Credit
from bookreviews.extensions import db, now
from bookreviews.reviews.models import Words


class Draft(db.Model, Words):
    """A member's unpublished words on a book; nobody else ever sees them."""

    __table_args__ = (sa.UniqueConstraint("user_id", "book_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id, ondelete="CASCADE"))
    book_id: Mapped[int] = mapped_column(sa.ForeignKey(Book.id, ondelete="CASCADE"), index=True)
    book: Mapped[Book] = relationship(lazy="raise_on_sql")
    rating: Mapped[int | None]
    stopped_at: Mapped[str | None] = mapped_column()  # as typed, which need not be a page
    began_from: Mapped[int] = mapped_column(default=0)  # the version of the member's review that the words began from
    saved_at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[int] = mapped_column()

    # Another device may have saved since: then the database refuses, and the view shows both texts.
    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def all_of(cls, user):
        """A member's drafts with their books, the newest first."""
        book = joinedload(cls.book).selectinload(Book.credits).joinedload(Credit.author)
        return sa.select(cls).options(book).where(cls.user_id == user.id).order_by(cls.saved_at.desc(), cls.id.desc())

    @property
    def tag(self):
        """What a form says of the draft it was filled with; no draft of before or after has the same."""
        return self.saved_at.isoformat()
