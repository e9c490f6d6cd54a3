"""Mail is a row, written with what causes it, and sent afterwards: no page waits for a mail server.

Whoever sends a message holds it under a lease, so no two do at once; one that dies delays it, and cannot lose it.
"""

import smtplib

import sqlalchemy as sa
from flask import current_app
from flask_mail import Message as Letter

from bookreviews.extensions import db, mail, now
from bookreviews.mail.models import MOST_TRIES, Message


def post(recipient, subject, body, user_id=None):
    """Put a message in the outbox, in the transaction that causes it.

    :param recipient: an address; where it is empty the message is kept for a while and goes nowhere, so that whether
        there is an account to write to cannot be told by the time it takes.
    :param user_id: whose account it is about; it goes with that.
    """
    config = current_app.config
    db.session.execute(sa.delete(Message).where(Message.old()), execution_options={"synchronize_session": False})
    message = Message(user_id=user_id, recipient=recipient, body=body.strip() + "\n")
    message.subject = f"{subject} at {config['SITE_NAME']}"
    if not (recipient and config["MAIL_SERVER"]):
        message.tries = MOST_TRIES  # nor is it sent one day, when its links are stale
    if recipient and not config["MAIL_SERVER"]:
        current_app.logger.warning(
            "A mail is kept instead of sent, as MAIL_SERVER is not set. In debug mode it is shown at /dev/mail."
        )
    db.session.add(message)


def deliver(message):
    """Hand a claimed message to the mail server.

    :returns: whether it was taken.
    """
    try:
        mail.send(Letter(message.subject, [message.recipient], message.body))
    except (smtplib.SMTPException, OSError, ValueError) as error:  # ValueError: the address is none that can be written
        current_app.logger.warning("Mail %s was not sent and will be tried again: %s", message.id, error)
        return False
    message.sent_at = now()
    return True
