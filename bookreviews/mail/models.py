"""Mail on its way out."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from bookreviews.extensions import db, now

# A worker that claimed a message and died gives it up after this long.
LEASE = timedelta(minutes=5)
# Afterwards a message is only kept to be looked at, and then no more.
MOST_TRIES = 8
KEPT = timedelta(days=7)


class Message(db.Model):
    """A mail, written in the transaction that causes it: there is none without its cause, and no cause without it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)  # whom it concerns
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    claimed_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]

    @classmethod
    def waiting(cls):
        """The messages that are to be sent and that nobody is sending, the oldest first.

        One that could not be sent waits until its claim has lapsed.
        """
        free = sa.or_(cls.claimed_at.is_(None), cls.claimed_at < now() - LEASE)
        return sa.select(cls).where(cls.sent_at.is_(None), cls.tries < MOST_TRIES, free).order_by(cls.id)

    @classmethod
    def old(cls):
        """The condition of a message that nobody needs any more."""
        return cls.created_at < now() - KEPT

    def claim(self):
        """True for one worker at a time; a claim that came to nothing lapses."""
        free = sa.or_(Message.claimed_at.is_(None), Message.claimed_at < now() - LEASE)
        mine = sa.update(Message).where(Message.id == self.id, Message.sent_at.is_(None), free)
        taken = mine.values(claimed_at=now(), tries=Message.tries + 1)
        return db.session.execute(taken, execution_options={"synchronize_session": False}).rowcount == 1
