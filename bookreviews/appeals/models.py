"""What writers say against the removal of a review."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bookreviews.extensions import db, now
from bookreviews.moderation.models import Case, Decision


class Appeal(db.Model):
    """A writer asks that a removal be looked at again; once for each removal."""

    __table_args__ = (sa.UniqueConstraint("decision_id"), sa.Index("ix_appeal_case_id", "case_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(sa.ForeignKey(Decision.id, ondelete="CASCADE"))  # the removal
    decision: Mapped[Decision] = relationship(lazy="raise_on_sql")
    case_id: Mapped[int] = mapped_column(sa.ForeignKey(Case.id, ondelete="CASCADE"))
    case: Mapped[Case] = relationship(lazy="raise_on_sql")
    words: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)

    @classmethod
    def against(cls, decision):
        """The appeal against a removal, if there is one."""
        return sa.select(cls).where(cls.decision_id == decision.id)
