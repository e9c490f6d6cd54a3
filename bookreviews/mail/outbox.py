"""Mail is a row, written with what causes it, and sent afterwards: no page waits for a mail server.

Whoever sends a message holds it under a lease, so no two do at once; one that dies delays it, and cannot lose it.
"""

import smtplib
from concurrent.futures import ThreadPoolExecutor

from flask import current_app
from flask_mail import Message as Letter

from bookreviews.extensions import db, mail, now
from bookreviews.mail.models import Message

# Of each process, for mails that a page has caused.
sender = ThreadPoolExecutor(1, "mail")


def post(recipient, subject, body):
    """Put a message in the outbox, in the transaction that causes it."""
    site = current_app.config["SITE_NAME"]
    db.session.add(Message(recipient=recipient, subject=f"{subject} at {site}", body=body.strip() + "\n"))


def deliver(message):
    """Hand a claimed message to the mail server.

    :returns: whether it was taken.
    """
    try:
        mail.send(Letter(message.subject, [message.recipient], message.body))
    except (smtplib.SMTPException, OSError) as error:
        current_app.logger.warning("Mail %s was not sent and will be tried again: %s", message.id, error)
        return False
    message.sent_at = now()
    return True
