"""Who may do more than others."""

import sqlalchemy as sa

from bookreviews.accounts.models import Role
from bookreviews.extensions import db


def give(user, name):
    """Make a reader a moderator or an admin, whatever they were before."""
    role = db.session.scalar(sa.select(Role).where(Role.name == name)) or Role(name=name)
    user.roles = [role]


def take(user):
    """Make a moderator or an admin a reader like others."""
    user.roles = []
