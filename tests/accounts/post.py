"""The mails of the site, as their readers get them."""

import re

import sqlalchemy as sa

from bookreviews.extensions import db
from bookreviews.mail.models import Message


def mails():
    """What was put in the outbox, the oldest first."""
    db.session.expire_all()
    return db.session.scalars(sa.select(Message).where(Message.recipient != "").order_by(Message.id)).all()


def link(message):
    """The path of the only link in a mail."""
    (address,) = re.findall(r"^(?:https?://[^/\s]+)?(/\S*)$", message.body, re.MULTILINE)
    return address
