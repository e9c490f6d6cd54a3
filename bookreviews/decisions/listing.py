"""The public log: what an address may ask of it, and the queries that answer."""

from collections import defaultdict

import sqlalchemy as sa
from flask import request

from bookreviews.extensions import db
from bookreviews.moderation.models import ACTIONS, RULES, Decision
from bookreviews.paging import asked

ROLES = {"moderator": "Moderators", "admin": "Admins", "site": "The site, by a rule"}
YEAR = sa.extract("year", Decision.at)


def decisions():
    """The Select of the decisions that the address asks for, the newest first."""
    select = Decision.newest()
    for name, known in (("action", ACTIONS), ("rule", RULES), ("role", ROLES)):
        if value := asked(name, known):
            select = select.where(getattr(Decision, name) == value)
    year = request.args.get("year", "")
    if year.isdecimal() and len(year) == 4:
        select = select.where(YEAR == int(year))
    return select


def by_year():
    """How often each action was taken: {2026: {"hide": 12, …}, …}, the newest year first."""
    found = defaultdict(dict)
    counts = sa.select(YEAR, Decision.action, sa.func.count()).group_by(YEAR, Decision.action).order_by(YEAR.desc())
    for year, action, count in db.session.execute(counts):
        found[int(year)][action] = count
    return found


def choices():
    """What the log can be narrowed to: {argument: (label, [(value, name), …])}."""
    rules = [(rule, short) for rule, (short, _) in RULES.items()]
    return {
        "action": ("Action", [("", "All"), *ACTIONS.items()]),
        "rule": ("Rule", [("", "All"), *rules]),
        "role": ("Decided by", [("", "All"), *ROLES.items()]),
    }
