"""Which rows were found to be one, or two, and how each time is undone."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from bookreviews.books.models import Author, Book
from bookreviews.extensions import db, now

# What happened, as everybody reads it.
SENTENCES = {
    "books": "“{from}” is part of “{into}” now.",
    "authors": "“{from}” is the same author as “{into}”.",
    "edition": "An edition of “{from}” belongs to “{into}” now.",
}


class Merge(db.Model):
    """Two books, or two authors, became one; or an edition went from one book to another.

    Either way from one row into another. `told` says what it takes to undo that: it is written and read by the module of
    its kind (books.py, authors.py, editions.py), and holds numbers of rows and facts as they were.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]  # of SENTENCES
    from_book_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Book.id, ondelete="CASCADE"), index=True)
    from_book: Mapped[Book | None] = relationship(lazy="raise_on_sql", foreign_keys=from_book_id)
    into_book_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Book.id, ondelete="CASCADE"), index=True)
    into_book: Mapped[Book | None] = relationship(lazy="raise_on_sql", foreign_keys=into_book_id)
    from_author_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Author.id, ondelete="CASCADE"), index=True)
    from_author: Mapped[Author | None] = relationship(lazy="raise_on_sql", foreign_keys=from_author_id)
    into_author_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Author.id, ondelete="CASCADE"), index=True)
    into_author: Mapped[Author | None] = relationship(lazy="raise_on_sql", foreign_keys=into_author_id)
    names: Mapped[dict] = mapped_column(sa.JSON)  # as they were: {"from": …, "into": …}
    told: Mapped[dict] = mapped_column(sa.JSON)
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    undone_at: Mapped[datetime | None]

    @classmethod
    def newest(cls):
        """All of them, the newest first, each with what it is about."""
        about = (cls.from_book, cls.into_book, cls.from_author, cls.into_author)
        return sa.select(cls).options(*map(joinedload, about)).order_by(cls.id.desc())

    @property
    def undone(self):
        return self.undone_at is not None

    def undo(self):
        self.undone_at = now()

    @property
    def source(self):
        """The book, or the author, from which it went."""
        return self.from_book or self.from_author

    @property
    def target(self):
        """The book, or the author, into which it went."""
        return self.into_book or self.into_author

    @property
    def sentence(self):
        """What happened."""
        return SENTENCES[self.kind].format(**self.names)

    @property
    def obstacle(self):
        """Why this cannot be undone now; empty where it can."""
        if self.undone:
            return "This was undone already."
        ends = (self.target, self.source) if self.kind == "edition" else (self.target,)
        return "What is left of it was itself merged since. Undo that first." if any(end.merged_into_id for end in ends) else ""
