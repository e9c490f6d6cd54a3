"""A reader reports a review: what it leads to."""

import sqlalchemy as sa

from bookreviews.extensions import db
from bookreviews.moderation import cases
from bookreviews.moderation.models import Decision
from bookreviews.reports import weight
from bookreviews.reports.models import Report
from bookreviews.reviews.ratings import lock, tally

HELD = "Several readers whose reports have been right before, or who have been here for long, reported it."


def kept_since(review):
    """The decision by which a moderator has kept a review as it stands now, if there is one."""
    kept = Decision.on(review).where(Decision.action.in_(("keep", "restore"))).limit(1)
    decision = db.session.scalar(kept)
    changed = review.updated_at or review.created_at
    return decision if decision and decision.at > changed else None


def mine(user, review):
    """A member's report of a review that nobody has decided on yet, if there is one."""
    case = cases.waiting(review)
    return case and db.session.scalar(sa.select(Report).where(Report.case_id == case.id, Report.user_id == user.id))


def report(user, review, rule, words):
    """Bring a review before the moderators; once for each member and case. The caller has looked whether it may be.

    Where reports weigh enough, the review is held until somebody has looked.
    """
    lock(review.book_id)
    db.session.refresh(review)
    if mine(user, review):
        return
    case = cases.of_review(review)
    db.session.add(Report(case_id=case.id, user_id=user.id, rule=rule, words=words))
    db.session.flush()
    if review.is_public and not kept_since(review) and weight.holds(case):
        cases.hold_and_say(review, "reports", HELD)
        tally(review.book_id, "held")
