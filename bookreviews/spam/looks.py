"""The rules look at a review when it is written. They refuse nothing: what they notice is for a person to judge."""

import sqlalchemy as sa

from bookreviews.extensions import db, execute
from bookreviews.moderation import cases
from bookreviews.moderation.models import Case, Flag
from bookreviews.reviews.models import Review
from bookreviews.spam import repeats, rules, traps
from bookreviews.spam.rules import Sign

RULES = ("links", "contact", "repeated", *traps.RULES)
OTHER_WORDS = (
    sa.select(Review.id)
    .where(Review.user_id == sa.bindparam("user"), Review.id != sa.bindparam("review"), Review.body != "", Review.stands())
    .limit(1)
)


def said(review):
    """What a reader sees of a review in words: name, title, body; empty where there is none yet."""
    return (review.name, review.title, review.body) if review else ("", "", "")


def look(review, before, sent=()):
    """Have a person look at a review that has just been written, where the rules notice something new about it.

    It waits for that where its writer is a stranger. The caller holds its book, and counts it again.

    :param before: what it said before.
    :param sent: what was noticed about the way it was sent.
    """
    after = said(review)
    if after == before:
        return
    known = rules.signs("\n".join(before))
    signs = [sign for sign in rules.signs("\n".join(after)) if sign not in known]
    if after[1:] != before[1:]:
        repeats.keep(review, first=not any(before[1:]))
        signs += [*sent, *repeated(review)]
    else:  # a name, and a rating without words, take no time
        signs += [sign for sign in sent if sign.rule != "quick"]
    if signs:
        bring_up = cases.hold_and_say if is_by_a_stranger(review) else cases.flag
        for sign in signs:
            bring_up(review, *sign)


def repeated(review):
    """The sign that others say nearly the same."""
    found = repeats.of(review)
    if not found:
        return []
    others = "1 other review says" if len(found) == 1 else f"{len(found)} other reviews say"
    return [Sign("repeated", f"{others} nearly the same; the likest by {found[0][1]:.0%}.")]


def is_by_a_stranger(review):
    """Whether no other words that stand are by its writer: a guest may be anybody."""
    values = {"user": review.user_id, "review": review.id}
    return review.user_id is None or execute(OTHER_WORDS, values).scalar() is None


def noticed(review):
    """Whether the rules have noticed something about a review that nobody has looked at yet."""
    waiting = (Case.review_id == review.id) & Case.closed_at.is_(None) & Flag.rule.in_(RULES)
    return db.session.scalar(sa.select(Flag.id).join(Case, Case.id == Flag.case_id).where(waiting).limit(1)) is not None
