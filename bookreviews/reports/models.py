"""What readers report."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from bookreviews.accounts.models import User
from bookreviews.extensions import db, now
from bookreviews.moderation.models import Case


class Report(db.Model):
    """A member's word that a review breaks a rule; one of each member while its case is open."""

    __table_args__ = (sa.UniqueConstraint("case_id", "user_id"), sa.Index("ix_report_user_id", "user_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey(Case.id, ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id, ondelete="SET NULL"))
    user: Mapped[User | None] = relationship(lazy="raise_on_sql")
    rule: Mapped[str]  # of RULES: the one that is broken
    words: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now)
    upheld: Mapped[bool | None]  # whether a moderator saw it so as well; None: not decided yet

    @classmethod
    def of(cls, case):
        """The reports of a case, the oldest first, each with who made it."""
        return sa.select(cls).options(joinedload(cls.user)).where(cls.case_id == case.id).order_by(cls.id)
