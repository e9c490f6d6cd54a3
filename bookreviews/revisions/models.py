"""How the facts of books changed, and how readers would change them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from bookreviews import tags
from bookreviews.accounts.models import User
from bookreviews.books.models import Book, Credit
from bookreviews.extensions import db, now
from bookreviews.moderation.models import Case, Decision

PROPOSED, APPLIED, REFUSED = "proposed", "applied", "refused"


class Revision(db.Model):
    """A change of a book's facts, or the proposal of one.

    What it changes is in the words of revisions/facts.py: {"subtitle": ["", "Book One"]}, before and after.
    """

    __table_args__ = (
        sa.CheckConstraint("state IN ('proposed', 'applied', 'refused')", name="state_known"),
        sa.Index("ix_revision_book", "book_id", "state", "since", "id"),
        sa.Index("ix_revision_user", "user_id", "at", "id"),
        sa.Index("ix_revision_case_id", "case_id"),
        sa.Index("ix_revision_reverts_id", "reverts_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(sa.ForeignKey(Book.id, ondelete="CASCADE"))
    book: Mapped[Book] = relationship(lazy="raise_on_sql")
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id, ondelete="SET NULL"))
    user: Mapped[User | None] = relationship(lazy="raise_on_sql")
    role: Mapped[str]  # whose it is: "reader", "moderator" or "admin"
    at: Mapped[datetime] = mapped_column(default=now)  # when it was sent
    state: Mapped[str]  # PROPOSED, APPLIED or REFUSED
    since: Mapped[datetime] = mapped_column(default=now)  # when it came to be that
    changes: Mapped[dict] = mapped_column(sa.JSON)
    declined: Mapped[dict | None] = mapped_column(sa.JSON(none_as_null=True))  # what of a proposal was not accepted
    why: Mapped[str] = mapped_column(default="")
    case_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Case.id, ondelete="SET NULL"))
    decision_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Decision.id, ondelete="SET NULL"))
    decision: Mapped[Decision | None] = relationship(lazy="raise_on_sql")  # on a proposal
    reverts_id: Mapped[int | None] = mapped_column(sa.ForeignKey("revision.id", ondelete="SET NULL"))
    reverts: Mapped["Revision | None"] = relationship(lazy="raise_on_sql", remote_side=[id])

    @property
    def cache_tags(self):
        return {tags.book(self.book_id)}

    @classmethod
    def of(cls, book):
        """The changes of a book's facts that came into force, the newest first, each with whoever made it."""
        with_whom = joinedload(cls.user), joinedload(cls.reverts)
        theirs = sa.select(cls).options(*with_whom).where(cls.book_id == book.id, cls.state == APPLIED)
        return theirs.order_by(cls.since.desc(), cls.id.desc())

    @classmethod
    def proposed_by(cls, user):
        """What a reader proposed, the newest first, each with its book and what became of it."""
        book = joinedload(cls.book).selectinload(Book.credits).joinedload(Credit.author)
        theirs = sa.select(cls).options(book, joinedload(cls.decision)).where(cls.user_id == user.id, cls.role == "reader")
        return theirs.order_by(cls.at.desc(), cls.id.desc())

    @classmethod
    def waiting(cls, user, book_id):
        """A reader's proposal for a book that nobody has decided yet."""
        mine = (cls.user_id == user.id) & (cls.book_id == book_id) & (cls.role == "reader")
        return sa.select(cls).where(mine, cls.state == PROPOSED)

    @property
    def waits(self):
        return self.state == PROPOSED

    @property
    def applied(self):
        return self.state == APPLIED

    def become(self, state):
        self.state, self.since = state, now()
