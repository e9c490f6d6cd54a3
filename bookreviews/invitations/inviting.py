"""An invitation is made, used and revoked."""

import secrets
from hashlib import sha256

import sqlalchemy as sa
from flask import current_app

from bookreviews.extensions import db, now
from bookreviews.invitations.models import Invitation


def are_needed():
    """Whether one registers by invitation only."""
    return current_app.config["REGISTRATION"] == "invited"


def invite(made_by_id=None):
    """Make an invitation.

    :returns: what its link holds, which is not kept.
    """
    token = secrets.token_urlsafe(24)
    db.session.add(Invitation(token_hash=hash_of(token), made_by_id=made_by_id))
    return token


def is_open(token):
    """Whether an invitation can be used."""
    return db.session.scalar(sa.select(Invitation.id).where(Invitation.open(), of(token))) is not None


def use(token):
    """Use an invitation up; of two who try at the same moment, one does.

    :returns: whether it could be used.
    """
    return change(of(token), used_at=now())


def revoke(invitation_id):
    """Let nobody use an invitation any more.

    :returns: whether somebody still could.
    """
    return change(Invitation.id == invitation_id, revoked_at=now())


def change(which, **values):
    return db.session.execute(sa.update(Invitation).where(Invitation.open(), which).values(**values)).rowcount == 1


def of(token):
    """The condition of the invitation of a link."""
    return Invitation.token_hash == hash_of(token)


def hash_of(token):
    return sha256((token or "").encode()).hexdigest()
