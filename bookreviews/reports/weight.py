"""How much reports weigh: those of readers whom moderators mostly agreed with weigh more than those who cry wolf."""

from datetime import timedelta

import sqlalchemy as sa
from flask import current_app

from bookreviews.accounts.models import User
from bookreviews.extensions import db, now
from bookreviews.reports.models import Report
from bookreviews.reviews.models import Review

# What a member needs for a report to weigh anything when nobody has looked yet: time here, and a review that stands.
SETTLED = timedelta(days=14)


def trust(upheld, dismissed):
    """How likely a report is right, from 0 to 1, by how many of the same reader's were.

    The rule of succession, so that without a record it is one half: Laplace, "Essai philosophique sur les probabilités"
    (1814); https://en.wikipedia.org/wiki/Rule_of_succession
    """
    return (upheld + 1) / (upheld + dismissed + 2)


def records(user_ids):
    """How many reports of some readers moderators agreed with, and how many not: {user_id: (upheld, dismissed)}."""
    upheld = sa.func.count(sa.case((Report.upheld.is_(True), 1)))
    dismissed = sa.func.count(sa.case((Report.upheld.is_(False), 1)))
    found = sa.select(Report.user_id, upheld, dismissed).where(Report.user_id.in_(user_ids)).group_by(Report.user_id)
    return {user_id: (one, other) for user_id, one, other in db.session.execute(found)}


def trusts(reports):
    """How much each of some reports weighs, in their order; of a reader who is gone, nothing."""
    known = records({report.user_id for report in reports if report.user_id})
    return [trust(*known.get(report.user_id, (0, 0))) if report.user_id else 0.0 for report in reports]


def holds(case):
    """Whether the reports of a case weigh so much that the review is held until somebody has looked.

    Only distinct members count who have been here for a while and have reviewed something themselves: a crowd that
    registers to silence somebody weighs nothing.
    """
    needed = current_app.config["REPORTS_HOLD"]
    wrote = sa.exists().where(Review.user_id == Report.user_id, Review.stands())
    settled = sa.select(Report).join(User).where(Report.case_id == case.id, User.created_at < now() - SETTLED, wrote)
    return bool(needed) and sum(trusts(db.session.scalars(settled).all())) >= needed
