"""The public log: what an address may ask of it, and the queries that answer."""

from collections import defaultdict
from datetime import MAXYEAR, MINYEAR, UTC, datetime

import sqlalchemy as sa
from flask import current_app, request

from bookreviews.extensions import db
from bookreviews.moderation.models import ACTIONS, RULES, Decision, decision_count
from bookreviews.paging import asked, paginate
from bookreviews.tags import reader, shows

ROLES = {"moderator": "Moderators", "admin": "Admins", "site": "The site, by a rule"}


def page(select):
    """The Page of decisions that the address asks for; the page of this request shows whom they name (MODERATORS_NAMED)."""
    found = paginate(select)
    if current_app.config["MODERATORS_NAMED"]:
        shows(*(reader(decision.moderator_id) for decision in found if decision.moderator_id))
    return found


def decisions():
    """The Select of the decisions that the address asks for, the newest first."""
    select = Decision.newest()
    for name, known in (("action", ACTIONS), ("rule", RULES), ("role", ROLES)):
        if value := asked(name, known):
            select = select.where(getattr(Decision, name) == value)
    year = request.args.get("year", "")
    if year.isdecimal() and MINYEAR <= int(year) < MAXYEAR:
        begin, end = (datetime(number, 1, 1, tzinfo=UTC) for number in (int(year), int(year) + 1))
        select = select.where(Decision.at >= begin, Decision.at < end)
    return select


def by_year():
    """How often each action was taken: {2026: {"hide": 12, …}, …}, the newest year first."""
    found = defaultdict(dict)
    counts = sa.select(decision_count).where(decision_count.c.count > 0).order_by(decision_count.c.year.desc())
    for year, action, count in db.session.execute(counts):
        found[year][action] = count
    return found


def choices():
    """What the log can be narrowed to: {argument: (label, [(value, name), …])}."""
    rules = [(rule, short) for rule, (short, _) in RULES.items()]
    return {
        "action": ("Action", [("", "All"), *ACTIONS.items()]),
        "rule": ("Rule", [("", "All"), *rules]),
        "role": ("Decided by", [("", "All"), *ROLES.items()]),
    }
