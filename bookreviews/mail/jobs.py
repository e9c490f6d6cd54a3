"""Sending what is in the outbox."""

from flask import current_app

from bookreviews.background import soon
from bookreviews.extensions import db
from bookreviews.mail.models import Message
from bookreviews.mail.outbox import deliver


def send_soon():
    """Send what waits as soon as can be, without anybody waiting for it; where nothing sends mail, nothing.

    What cannot be sent stays in the outbox: `flask mail send` tries again.
    """
    if current_app.config["MAIL_SERVER"]:
        soon(send_all)


def send_all():
    """Send every message that waits.

    :returns: how many were sent.
    """
    sent = 0
    for message in db.session.scalars(Message.waiting()).all():
        claimed = message.claim()
        db.session.commit()
        if claimed:
            sent += deliver(message)
            db.session.commit()
    return sent
