"""Sending what is in the outbox."""

from concurrent.futures import ThreadPoolExecutor

from flask import current_app

from bookreviews.extensions import db
from bookreviews.mail.models import Message
from bookreviews.mail.outbox import deliver

# Of each process, for the mails that its pages cause.
background = ThreadPoolExecutor(1, "mail")


def send_soon():
    """Send what waits as soon as can be, without anybody waiting for it; where nothing sends mail, nothing."""
    if current_app.config["MAIL_SERVER"]:
        background.submit(send_in, current_app._get_current_object())


def send_in(app):
    """Send what waits in the outbox of `app`, from a thread that has no app of its own."""
    with app.app_context():
        try:
            send_all()
        except Exception:  # of a thread, which nobody would hear of otherwise
            app.logger.exception("The outbox could not be sent; `flask mail send` tries again")


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
