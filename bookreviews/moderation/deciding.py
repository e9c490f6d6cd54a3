"""What moderators do to reviews, bursts of ratings and readers: under the locks of the books, always counted and noted."""

from dataclasses import dataclass

import sqlalchemy as sa
from werkzeug.exceptions import NotFound

from bookreviews.accounts import closing, logins
from bookreviews.accounts.models import Role, User
from bookreviews.appeals.models import Appeal
from bookreviews.extensions import db, execute, now
from bookreviews.moderation import cases
from bookreviews.moderation.models import Case, Decision
from bookreviews.reports.models import Report
from bookreviews.reviews.models import Review, Version
from bookreviews.reviews.ratings import lock, tally, tally_all
from bookreviews.votes import counting

# What an action on a review is the cause of in the ledger.
CAUSES = {
    "keep": "published", "hold": "held", "hide": "hidden", "restore": "restored", "count": "counted", "leave_out": "left_out",
}  # fmt: skip
OVERTAKEN = "Somebody has decided on this review meanwhile, or its writer has changed it. This is how it stands now."
YOURS = "This review is yours: another moderator decides on it."
REMOVED_BY_YOU = "You removed this review yourself: another moderator decides on the appeal."
MERGED = "Its book is part of another one now, of which its writer has a review as well. Nobody reads it until they choose."


class Settled(Exception):
    """Somebody else has decided meanwhile, or there is nothing to decide any more; it says so in a sentence."""


@dataclass(frozen=True)
class Verdict:
    """What a moderator decides, and why."""

    action: str  # of moderation.models.ACTIONS
    rule: str | None = None
    reason: str = ""


def possible(review, case):
    """What can be done to a review as it stands, with or without an open case."""
    if review.set_aside_at:
        return ()
    if review.deleted:
        return ("keep",) if case else ()
    if review.hidden_at:
        return ("restore",)
    if review.held_at:
        return "keep", "hide"
    found = ("keep", "hold", "hide") if case else ("hold", "hide")
    if review.waits_until:
        return (*found, "count", "leave_out")
    return (*found, "count") if review.left_out_at else found


def state(review):
    """What a moderator has seen of a review: the last decision on it, and which of its versions. It tells a form whether
    it was overtaken."""
    last = db.session.scalar(sa.select(sa.func.max(Decision.id)).where(Decision.review_id == review.id)) or 0
    return f"{last}-{review.version}"


def held(review_id):
    """A review as it stands now, its book held until the end of the transaction; None where it is gone.

    :raises Settled: where it stands aside, as its book is part of another.
    """
    found = db.session.execute(sa.select(Review.book_id, Review.user_id).where(Review.id == review_id)).one_or_none()
    if found is None:
        return None
    book_id, user_id = found
    # The writer before the book, as whoever bans them does it: those who wait for each other would wait for ever.
    execute(sa.update(User).where(User.id == user_id).values(active=User.active))
    if not lock(book_id):
        raise Settled(MERGED)
    this = sa.select(Review).where(Review.id == review_id)
    return db.session.scalar(this, execution_options={"populate_existing": True})


def on_review(review_id, verdict, judge, seen):
    """Decide on a review, and so close what was brought against it; to hold it leaves that open.

    :param seen: the `state` of the review that the moderator looked at.
    :raises Settled: where somebody has decided since, the writer has changed it, or it is for somebody else to decide.
    :raises NotFound: where it is not there any more.
    """
    review = held(review_id)
    if review is None:
        raise NotFound("This review is gone: its writer has deleted it.")
    case = cases.waiting(review)
    if is_own(review, judge):
        raise Settled(YOURS)
    if state(review) != seen or verdict.action not in possible(review, case):
        raise Settled(OVERTAKEN)
    act(review, verdict.action)
    if verdict.action == "hold":
        case = cases.of_review(review)  # what is held waits in the queue, whoever brought it up
    note(review, verdict, judge, case)
    if case and verdict.action != "hold":
        close(case, upheld=verdict.action == "hide")
    if verdict.action == "restore" and (appeal := cases.waiting(review, "appeal")):
        appeal.close()
    tally(review.book_id, CAUSES[verdict.action])


def act(review, action):
    """Change what a review is."""
    if action in ("count", "leave_out"):
        review.waits_until, review.left_out_at = None, now() if action == "leave_out" else None
        return
    if action == "hide":
        hide_versions(review)
    elif action == "restore" and not changed_since(review, review.hidden_at):
        hide_versions(review, hidden=False)
    review.held_at = now() if action == "hold" else None
    review.hidden_at = now() if action == "hide" else None


def hide_versions(review, hidden=True):
    """Let nobody read what a review said before: it may be just that for which it is removed."""
    execute(sa.update(Version).where(Version.review_id == review.id).values(hidden=hidden))


def changed_since(review, moment):
    return review.updated_at is not None and moment is not None and review.updated_at > moment


def note(review, verdict, judge, case):
    about = {"book_id": review.book_id, "review_id": review.id, "user_id": review.user_id}
    judge.decide(verdict.action, case, rule=verdict.rule, reason=verdict.reason, **about)


def close(case, upheld):
    """Close a case; those who reported are right or wrong by that."""
    case.close()
    execute(sa.update(Report).where(Report.case_id == case.id).values(upheld=upheld))


def on_appeal(case_id, verdict, judge, seen):
    """Decide whether a removal stands ("uphold") or the review comes back ("restore").

    :param seen: as for `on_review`.
    :raises Settled: where it is decided already, was changed since, or is for somebody else to decide.
    """
    review_id = db.session.scalar(sa.select(Case.review_id).where(Case.id == case_id))
    review = review_id and held(review_id)
    case = db.session.get(Case, case_id, populate_existing=True)
    if not review or not case.is_open:
        raise Settled("This appeal has been decided.")
    removal = db.session.scalar(sa.select(Decision).join(Appeal).where(Appeal.case_id == case_id))
    if own := why_not(removal, review, judge):
        raise Settled(own)
    if state(review) != seen:
        raise Settled(OVERTAKEN)
    if verdict.action == "restore":
        act(review, "restore")
    note(review, verdict, judge, case)
    case.close()
    tally(review.book_id, "restored")


def why_not(removal, review, judge):
    """Why an appeal is for somebody else to decide; None where it is not."""
    if is_own(review, judge):
        return YOURS
    removed = removal.moderator_id is not None and removal.moderator_id == judge.user_id
    return REMOVED_BY_YOU if removed and has_colleagues(judge) else None


def is_own(review, judge):
    """Whether a review is by the moderator who looks at it, and somebody else could."""
    return judge.user_id is not None and review.user_id == judge.user_id and has_colleagues(judge)


def has_colleagues(judge):
    """Whether there is another moderator."""
    others = sa.select(User.id).join(User.roles).where(Role.name.in_(("moderator", "admin")), User.id != judge.user_id)
    return db.session.scalar(others.where(User.active, User.banned_at.is_(None)).limit(1)) is not None


def on_burst(case_id, verdict, judge):
    """Let the waiting ratings of a book count ("count"), or leave them out of its score ("leave_out").

    :raises Settled: where that is decided already.
    """
    book_id = db.session.scalar(sa.select(Case.book_id).where(Case.id == case_id))
    case = lock(book_id) and db.session.get(Case, case_id, populate_existing=True)
    if not case or not case.is_open:
        raise Settled("This burst of ratings has been decided.")
    changes = {"waits_until": None} | ({"left_out_at": now()} if verdict.action == "leave_out" else {})
    execute(sa.update(Review).where(Review.book_id == book_id, Review.waits_until.is_not(None)).values(changes))
    judge.decide(verdict.action, case, rule=verdict.rule, reason=verdict.reason)
    case.close()
    tally(book_id, "counted" if verdict.action == "count" else "left_out")


def may_ban(user, judge):
    """Whether a reader can be banned by somebody: no admin can, and a moderator only by an admin."""
    roles = {role.name for role in user.roles}
    return user.id != judge.user_id and "admin" not in roles and (judge.role == "admin" or not roles)


def on_reader(user, verdict, judge):
    """Ban a reader, who is logged out everywhere at once, or lift a ban; what they wrote goes and comes with them.

    :raises Settled: where it is so already.
    """
    banned = verdict.action == "ban"
    db.session.refresh(user, with_for_update=True)
    if banned == (user.banned_at is not None):
        raise Settled(f"{user.username} is {'banned' if banned else 'not banned'} already.")
    user.banned_at = now() if banned else None
    if banned:
        logins.end_all(user)
    books = closing.hold_books(closing.REVIEWS.c.user_id == user.id)
    execute(sa.update(Review).where(Review.user_id == user.id).values(barred_at=user.banned_at))
    judge.decide(verdict.action, rule=verdict.rule, reason=verdict.reason, user_id=user.id)
    db.session.flush()
    counting.tally_voter(user.id)
    tally_all(books, "banned" if banned else "unbanned")
