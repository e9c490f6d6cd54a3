"""In which browsers a reader is logged in: each has a row, and is logged in as long as the row is there."""

import secrets
from datetime import timedelta
from hashlib import sha256

import sqlalchemy as sa
from flask import g, request, session
from flask_security.utils import set_request_attr
from sqlalchemy.orm import joinedload
from ua_parser import parse

from bookreviews.accounts.models import IDLE, Login, User
from bookreviews.extensions import db, now

KEY = "login"  # what the session calls the secret of its login
FORMS_OF = "forms_of"  # and for whom the token of its forms is
SEEN = timedelta(days=1)  # how exactly we know when a browser was last used
# Whoever is logged in by a token.
READER = (
    sa.select(User, Login)
    .join(Login, Login.user_id == User.id)
    .options(joinedload(User.roles))
    .where(User.fs_uniquifier == sa.bindparam("uniquifier"), User.active, User.banned_at.is_(None))
    .where(Login.token_hash == sa.bindparam("token"))
)


def hash_of(token):
    return sha256(token.encode()).hexdigest()


def load(uniquifier):
    """The reader of this request, for Flask-Login; None where their login has ended or is not theirs."""
    token = session.get(KEY)
    if not isinstance(token, str) or not isinstance(uniquifier, str):
        return None
    found = db.session.execute(READER, {"uniquifier": uniquifier, "token": hash_of(token)}).unique().one_or_none()
    if found is None or found.Login.seen_at < now() - IDLE:
        return None
    if found.Login.seen_at < now() - SEEN:
        with db.engine.begin() as apart:
            apart.execute(sa.update(Login).where(Login.id == found.Login.id).values(seen_at=now()))
    g.login_id = found.Login.id
    set_request_attr("fs_authn_via", "session")
    set_request_attr("fs_paa", session.get("fs_paa", 0))
    return found.User


def begin(user):
    """Note that a reader has logged in; the session is a new one, whatever it was before.

    The token of its forms is a new one, too: what a stranger may have put into this browser beforehand is worth nothing.
    Only where the same reader was the last to be logged in here it stays, so that what they left open in another tab can
    still be sent. No stranger can have put that here: a session is signed, and names a reader only after their log-in in
    it. Whoever else logs in between gets a token of their own, and so does the reader once their password is another.
    """
    end_this()
    token = secrets.token_urlsafe(32)
    db.session.add(Login(user_id=user.id, token_hash=hash_of(token), browser=browser_name(request.user_agent.string)))
    session[KEY] = token
    session.permanent = True
    if session.get(FORMS_OF) != user.fs_uniquifier:
        session[FORMS_OF] = user.fs_uniquifier
        session.pop("csrf_token", None)
        g.pop("csrf_token", None)


def end_this():
    """Forget that this browser is logged in."""
    if token := session.pop(KEY, None):
        db.session.execute(sa.delete(Login).where(Login.token_hash == hash_of(token)))


def end_all(user):
    """Log a reader out everywhere; their links in mails end with it."""
    user.fs_uniquifier = secrets.token_hex(16)
    db.session.execute(sa.delete(Login).where(Login.user_id == user.id))


def browser_name(user_agent):
    """What people call a browser: “Firefox on Linux”."""
    found = parse(user_agent[:500])
    names = [part.family for part in (found.user_agent, found.os) if part and part.family != "Other"]
    return " on ".join(names) or "A browser"


def init_app(app):
    app.login_manager.user_loader(load)
    app.login_manager.request_loader(lambda request: None)  # nobody is known by anything but their session
    app.login_manager.session_protection = None  # addresses change on the way; the login's row is what counts
