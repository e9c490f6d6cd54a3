"""The readers who wrote the sample reviews: accounts that nobody can log in to, as they have no password."""

import re
from datetime import timedelta
from hashlib import sha256
from itertools import count

import sqlalchemy as sa

from bookreviews.accounts.models import User
from bookreviews.extensions import db, now
from bookreviews.text import slug

EARLY = 60  # at most so many days before their first review they joined


def chance(*words):
    """A number from 0 up to 1 that looks like chance, and is the same each time."""
    return int.from_bytes(sha256(" ".join(words).encode()).digest()[:4]) / 2**32


def find(told):
    """The sample's readers: {slug of what the sample calls them: User}. Those that are not there yet are made.

    :param told: the sample's reviews, as its file has them.
    """
    there = {user.email: user for user in db.session.scalars(sa.select(User).where(User.sample))}
    first = {}
    for one in told:
        first[one["reader"]] = max(one["days_ago"], first.get(one["reader"], 0))
    found = {}
    for name, days in first.items():
        email = f"{slug(name)}@sample.invalid"
        found[slug(name)] = there.get(email) or make(name, email, days)
    db.session.flush()
    return found


def make(name, email, days):
    """A reader who joined some time before their first review, which is `days` old."""
    joined = now() - timedelta(days=days + 1 + EARLY * chance(email))
    user = User(username=free(username(name)), email=email, sample=True, created_at=joined, confirmed_at=joined)
    db.session.add(user)
    db.session.flush()
    return user


def username(name):
    """A name as a username: “Bridget O'Shea” is Bridget_OShea, “M. T.” is M_T."""
    return "_".join(re.sub(r"[^\w\s-]", "", name).split())


def free(wanted):
    """The username wanted, or where somebody has it the first of its kind that nobody has."""
    names = (wanted if number == 1 else f"{wanted}_{number}" for number in count(1))
    return next(name for name in names if not db.session.scalar(User.named(name)))
