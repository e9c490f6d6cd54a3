"""Readers with an account, what they may do, and how they log in.

The names of the columns that Flask-Security reads are its own: https://flask-security.readthedocs.io/en/stable/models.html
"""

import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_security import RoleMixin, UserMixin, WebAuthnMixin
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bookreviews import tags
from bookreviews.accounts.names import key_of
from bookreviews.extensions import db, now

# What a reader can be made; each is a row, made when it is first given.
ROLES = ("moderator", "admin")
# A browser that has not been used for this long is logged out.
IDLE = timedelta(days=180)

user_role = sa.Table(
    "user_role",
    db.metadata,
    sa.Column("user_id", sa.ForeignKey("user.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("role_id", sa.ForeignKey("role.id", ondelete="CASCADE"), primary_key=True),
)


class Role(db.Model, RoleMixin):
    """What some readers may do that others may not."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    permissions = None  # a role is its name


class User(db.Model, UserMixin):
    """A reader with an account; without a password nobody can log in to it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)  # as `address` makes it: lower case throughout
    username: Mapped[str] = mapped_column(unique=True)
    username_key: Mapped[str] = mapped_column(unique=True)  # names.key_of(username): no two look alike
    password: Mapped[str | None]  # its argon2 hash
    active: Mapped[bool] = mapped_column(default=True)  # until the operator disables it
    banned_at: Mapped[datetime | None]
    sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    confirmed_at: Mapped[datetime | None]  # when the email address was
    # Every session, and every link in a mail, bears it: a new one ends them all.
    fs_uniquifier: Mapped[str] = mapped_column(unique=True, default=lambda: secrets.token_hex(16))
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(unique=True)
    tf_primary_method: Mapped[str | None]
    tf_totp_secret: Mapped[str | None]
    tf_last_counter: Mapped[int | None]  # of the code used last, in half minutes since 1970
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(sa.JSON(none_as_null=True)))
    roles: Mapped[list[Role]] = relationship(secondary=user_role)
    webauthn: Mapped[list["Passkey"]] = relationship(back_populates="user", passive_deletes=True)

    @sa.orm.validates("username")
    def set_key(self, _name, username):
        """A name and its key change together."""
        self.username_key = key_of(username)
        return username

    @property
    def cache_tags(self):
        return {tags.reader(self.id)}

    @property
    def is_active(self):
        """Whether it can be logged in to."""
        return self.active and self.banned_at is None

    @classmethod
    def named(cls, username):
        """The account of a username, in whichever case it is written."""
        return sa.select(cls).where(cls.username_key == key_of(username))

    @classmethod
    def known(cls, username):
        """The same, where its address is confirmed: before that an account is nobody's, and nobody is told of it."""
        return cls.named(username).where(cls.confirmed_at.is_not(None))

    @classmethod
    def nobodys(cls, username="", email=""):
        """The Delete of accounts that nobody has confirmed and that stand in the way of a name or an address."""
        same = sa.or_(cls.username_key == key_of(username), cls.email == email)
        return sa.delete(cls).where(cls.confirmed_at.is_(None), same).execution_options(**{tags.RETIRES: ()})


class Passkey(db.Model, WebAuthnMixin):
    """A key in a reader's device, which logs them in without a password."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id, ondelete="CASCADE"), index=True)
    user: Mapped[User] = relationship(back_populates="webauthn")
    name: Mapped[str]
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[str] | None] = mapped_column(sa.JSON(none_as_null=True))
    extensions: Mapped[str | None]
    usage: Mapped[str]  # "first": instead of a password, "secondary": after it
    backup_state: Mapped[bool]
    device_type: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)
    lastuse_datetime: Mapped[datetime]


class Login(db.Model):
    """A browser in which a reader is logged in, until its row is gone."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey(User.id, ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)  # SHA-256 of what the session's cookie holds
    browser: Mapped[str]  # what it calls itself, for people
    began_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now, index=True)  # to the day

    @classmethod
    def of(cls, user):
        """The browsers in which a reader is logged in, the one used last first."""
        theirs = (cls.user_id == user.id) & (cls.seen_at > now() - IDLE)
        return sa.select(cls).where(theirs).order_by(cls.seen_at.desc(), cls.id.desc())
