"""Invitations to register, where that takes one (REGISTRATION=invited)."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from bookreviews.accounts.models import User
from bookreviews.extensions import db, now

LASTS = timedelta(days=30)


class Invitation(db.Model):
    """A link with which one person may register, once; whose account it became is not kept."""

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)  # SHA-256 of what the link holds
    made_at: Mapped[datetime] = mapped_column(default=now)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id, ondelete="SET NULL"), index=True)
    made_by: Mapped[User | None] = relationship(lazy="raise_on_sql")  # None: the operator
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    @classmethod
    def newest(cls):
        """All invitations, the newest first, each with who made it."""
        return sa.select(cls).options(joinedload(cls.made_by)).order_by(cls.id.desc())

    @classmethod
    def open(cls):
        """The condition of an invitation that can be used."""
        return cls.used_at.is_(None) & cls.revoked_at.is_(None) & (cls.made_at > now() - LASTS)

    @property
    def ends_at(self):
        return self.made_at + LASTS

    @property
    def is_open(self):
        return not (self.used_at or self.revoked_at) and self.ends_at > now()
