"""What comes before moderators: a case for each review, or other thing, that somebody has to look at."""

import sqlalchemy as sa

from bookreviews.extensions import db, execute, now
from bookreviews.moderation.judges import SITE
from bookreviews.moderation.models import Case, Decision, Flag


def waiting(review, kind="review"):
    """The open case of a review, if there is one."""
    return db.session.scalar(sa.select(Case).where(Case.kind == kind, Case.review_id == review.id, Case.closed_at.is_(None)))


def opened(kind, **about):
    """The open case of a kind about something, made where there is none; the caller holds what it is about.

    :param about: the columns that say what: book_id=…, or also review_id=….
    """
    same = [getattr(Case, name) == value for name, value in about.items()]
    there = sa.select(Case).where(Case.kind == kind, Case.closed_at.is_(None), *same).order_by(Case.id).limit(1)
    case = db.session.scalar(there)
    if case is None:
        case = Case(kind=kind, **about)
        db.session.add(case)
        db.session.flush()
    return case


def of_review(review):
    """The open case of a review, made where there is none; the caller holds its book."""
    return opened("review", book_id=review.book_id, review_id=review.id)


def flag(review, rule, words):
    """Have somebody look at a review; the caller holds its book.

    :param rule: what the rule that noticed something calls itself.
    :param words: what it noticed, in a sentence.
    """
    case = of_review(review)
    if not db.session.scalar(sa.select(Flag.id).where(Flag.case_id == case.id, Flag.rule == rule)):
        db.session.add(Flag(case_id=case.id, rule=rule, words=words))


def hold(review, rule, words):
    """Let nobody but its writer see a review until somebody has looked at it; the caller counts its book again."""
    review.held_at = review.held_at or now()
    flag(review, rule, words)


def let_go(review):
    """Publish a review that waits for nothing but a look at what guests write, and is a member's now."""
    case = waiting(review)
    if case is None or review.held_at is None:
        return
    rules = set(db.session.scalars(sa.select(Flag.rule).where(Flag.case_id == case.id)))
    held = Decision.case_id == case.id, Decision.action == "hold"
    if rules <= {"guest"} and not db.session.scalar(sa.select(Decision.id).where(*held).limit(1)):
        review.held_at = None
        case.close()


def hold_and_say(review, rule, words):
    """The same for one that people could read, or that others of its kind could be: the public log says why."""
    if review.held_at is None:
        SITE.decide("hold", of_review(review), reason=words, user_id=review.user_id)
    hold(review, rule, words)


def inherit(kept, dropped):
    """Let a review take the place of another by the same person: what moderators decided on that is not shaken off."""
    for moment in ("held_at", "hidden_at", "left_out_at", "waits_until"):
        setattr(kept, moment, getattr(kept, moment) or getattr(dropped, moment))
    open_here = sa.select(Case.kind).where(Case.review_id == kept.id, Case.closed_at.is_(None))
    may_move = Case.closed_at.is_not(None) | Case.kind.not_in(open_here)  # of a kind one is open at a time
    execute(sa.update(Case).where(Case.review_id == dropped.id, may_move).values(review_id=kept.id))
    execute(sa.update(Decision).where(Decision.review_id == dropped.id).values(review_id=kept.id))
    db.session.delete(dropped)
    db.session.flush()
