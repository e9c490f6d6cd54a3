"""Mail to look at, where nothing sends it."""

import sqlalchemy as sa
from flask import Blueprint, abort, current_app, render_template

from bookreviews.extensions import db
from bookreviews.mail.models import Message

bp = Blueprint("mail", __name__)

SHOWN = 50


@bp.get("/dev/mail")
def outbox():
    """Read the mails that would have been sent; in debug mode only."""
    if not current_app.debug:
        abort(404)
    messages = db.session.scalars(
        sa.select(Message).where(Message.recipient != "").order_by(Message.id.desc()).limit(SHOWN)
    ).all()
    return render_template("mail/outbox.html", messages=messages)
