"""A writer asks that a removal be looked at again."""

import sqlalchemy as sa

from bookreviews.appeals.models import Appeal
from bookreviews.extensions import db
from bookreviews.moderation.models import Case, Decision
from bookreviews.reviews.ratings import lock


def removal(review):
    """The decision by which a review was removed, the last one; None where it stands."""
    return db.session.scalar(Decision.on(review).where(Decision.action == "hide").limit(1)) if review.hidden_at else None


def of(review):
    """The appeal against the removal of a review, and the decision on it: each None where there is none."""
    decision = removal(review)
    appeal = decision and db.session.scalar(Appeal.against(decision))
    answer = appeal and db.session.scalar(Decision.on(review).where(Decision.case_id == appeal.case_id).limit(1))
    return appeal, answer


def appeal(review, words):
    """Bring a removal before the moderators again; once for each."""
    lock(review.book_id)
    db.session.refresh(review)
    decision = removal(review)
    if decision is None or db.session.scalar(sa.select(Appeal.id).where(Appeal.decision_id == decision.id)):
        return
    case = Case(kind="appeal", book_id=review.book_id, review_id=review.id, user_id=review.user_id)
    db.session.add(case)
    db.session.flush()
    db.session.add(Appeal(decision_id=decision.id, case_id=case.id, words=words))
