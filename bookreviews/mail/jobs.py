"""Sending what is in the outbox."""

import sqlalchemy as sa

from bookreviews.extensions import db
from bookreviews.mail.models import Message
from bookreviews.mail.outbox import deliver


def send_all():
    """Send every message that waits, and forget the old ones.

    :returns: how many were sent.
    """
    sent = 0
    for message in db.session.scalars(Message.waiting()).all():
        claimed = message.claim()
        db.session.commit()
        if claimed:
            sent += deliver(message)
            db.session.commit()
    db.session.execute(sa.delete(Message).where(Message.old()), execution_options={"synchronize_session": False})
    db.session.commit()
    return sent
