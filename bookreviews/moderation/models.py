"""What waits for moderators, and what they decided."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from bookreviews import tags
from bookreviews.accounts.models import User
from bookreviews.books.models import Book
from bookreviews.extensions import db, now
from bookreviews.reviews.models import Review

# What a case is about, and what the queue calls it.
KINDS = {
    "review": "Review",
    "appeal": "Appeal",
    "burst": "Burst of ratings",
    "proposal": "Proposal",
    "book": "New book",
    "cover": "Cover",
}

# What was done, as the public log says it.
ACTIONS = {
    "keep": "Looked at and kept",
    "hold": "Held for a look",
    "hide": "Removed",
    "restore": "Restored",
    "uphold": "Appeal refused",
    "ban": "Reader banned",
    "unban": "Ban lifted",
    "brake": "New ratings wait",
    "count": "Waiting ratings counted",
    "leave_out": "Waiting ratings left out of the score",
    "accept": "Proposal accepted",
    "refuse": "Proposal refused",
    "check": "New book checked",
    "remove_book": "New book removed",
    "remove_with_book": "Removed with its book",
    "merge": "Merged",
    "unmerge": "Merge undone",
    "split": "Edition moved to another book",
    "revert": "Change of facts taken back",
    "show_cover": "Cover approved",
    "refuse_cover": "Cover refused",
    "remove_cover": "Cover removed",
}

# What a review, or a reader, can have broken: the short form that a log shows, and the rule as it stands.
RULES = {
    "spam": ("Advertising", "Reviews tell what somebody thinks of a book. They advertise nothing."),
    "abuse": ("Abuse", "Reviews judge books. They insult or threaten nobody."),
    "hate": ("Hatred", "Nobody is treated with contempt for what they are."),
    "private": ("Private matters", "What is private about others, such as their address, is not told."),
    "spoiler": ("Hidden spoilers", "What gives the end away is marked as a spoiler."),
    "off_topic": ("Not about the book", "A review is about the book it stands with."),
    "copied": ("Copied", "Reviews are in one's own words."),
    "fake": ("Not an honest rating", "Ratings are one's own, given once, and not for pay or in a campaign."),
    "law": ("Against the law", "What the law forbids cannot stand here."),
    "other": ("Another reason", "The moderator says which."),
}


class Case(db.Model):
    """Something that waits for a moderator, or has been decided.

    What it is about in detail (reports, flags, an appeal, a proposal, a cover) are rows that name their case. A review has
    at most one open case of a kind: what comes while it is open joins it.
    """

    __tablename__ = "moderation_case"
    __table_args__ = (
        sa.Index("ix_moderation_case_open", "opened_at", "id", sqlite_where=sa.text("closed_at IS NULL"),
                 postgresql_where=sa.text("closed_at IS NULL")),
        sa.Index("uq_moderation_case_review", "review_id", "kind", unique=True,
                 sqlite_where=sa.text("closed_at IS NULL AND review_id IS NOT NULL"),
                 postgresql_where=sa.text("closed_at IS NULL AND review_id IS NOT NULL")),
        sa.Index("ix_moderation_case_book_id", "book_id"),
        sa.Index("ix_moderation_case_user_id", "user_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]  # of KINDS
    book_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Book.id, ondelete="CASCADE"))
    book: Mapped[Book | None] = relationship(lazy="raise_on_sql")
    review_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Review.id, ondelete="CASCADE"))
    review: Mapped[Review | None] = relationship(lazy="raise_on_sql")
    # Who brought it up where that is one person: who proposes, appeals, uploads.
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id, ondelete="SET NULL"))
    user: Mapped[User | None] = relationship(lazy="raise_on_sql")
    opened_at: Mapped[datetime] = mapped_column(default=now)
    closed_at: Mapped[datetime | None]

    @property
    def cache_tags(self):
        return {tags.book(self.book_id)}

    @classmethod
    def open(cls):
        """The cases that wait, the oldest first, each with what it is about."""
        about = joinedload(cls.book), joinedload(cls.review), joinedload(cls.user)
        return sa.select(cls).options(*about).where(cls.closed_at.is_(None)).order_by(cls.opened_at, cls.id)

    @classmethod
    def counts(cls):
        """The Select of how many cases of each kind wait."""
        return sa.select(cls.kind, sa.func.count()).where(cls.closed_at.is_(None)).group_by(cls.kind)

    @property
    def is_open(self):
        return self.closed_at is None

    def close(self):
        self.closed_at = now()


class Flag(db.Model):
    """What a rule noticed about a review, for a person to look at."""

    __table_args__ = (sa.UniqueConstraint("case_id", "rule"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey(Case.id, ondelete="CASCADE"))
    rule: Mapped[str]  # as the rule calls itself, for counting: "links", "repeated"
    words: Mapped[str]  # what a moderator reads: “Three links in 12 words.”
    at: Mapped[datetime] = mapped_column(default=now)


# How often each action was taken in a year; kept by the database (see migration 0012).
decision_count = sa.Table(
    "decision_count",
    db.metadata,
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("action", sa.Text, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)


class Decision(db.Model):
    """What a moderator did, or the site by itself, and why; the public log is made of these."""

    __table_args__ = (
        sa.Index("ix_decision_at", "at", "id"),
        # The same within what the log can be narrowed to.
        sa.Index("ix_decision_action", "action", "at", "id"),
        sa.Index("ix_decision_rule", "rule", "at", "id"),
        sa.Index("ix_decision_role", "role", "at", "id"),
        sa.Index("ix_decision_book_id", "book_id", "at", "id"),
        sa.Index("ix_decision_review_id", "review_id"),
        sa.Index("ix_decision_user_id", "user_id"),
        sa.Index("ix_decision_moderator_id", "moderator_id"),
        sa.Index("ix_decision_case_id", "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    action: Mapped[str]  # of ACTIONS
    rule: Mapped[str | None]  # of RULES
    reason: Mapped[str] = mapped_column(default="")  # what the writer, and everybody, reads
    role: Mapped[str]  # "moderator", "admin", or "site"
    moderator_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id, ondelete="SET NULL"))
    moderator: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=moderator_id)
    case_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Case.id, ondelete="SET NULL"))
    book_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Book.id, ondelete="SET NULL"))
    book: Mapped[Book | None] = relationship(lazy="raise_on_sql")
    review_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Review.id, ondelete="SET NULL"))
    # The reader whom it concerns: the writer of the review, who was banned, who proposed.
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id, ondelete="SET NULL"))

    @property
    def cache_tags(self):
        return {tags.DECISIONS, tags.book(self.book_id)}

    @classmethod
    def newest(cls):
        """All decisions, the newest first, each with its book and who decided."""
        return sa.select(cls).options(joinedload(cls.book), joinedload(cls.moderator)).order_by(cls.at.desc(), cls.id.desc())

    @classmethod
    def on(cls, review):
        """The decisions on a review, the newest first."""
        return cls.newest().where(cls.review_id == review.id)

    @property
    def by(self):
        """Who decided, without a name."""
        return {"site": "by the site, by a rule", "admin": "by an admin"}.get(self.role, "by a moderator")
