"""The facts of a book are changed, or such a change is proposed, decided and taken back: always under its book's lock."""

from flask_login import current_user
from werkzeug.exceptions import NotFound

from bookreviews.books import importer
from bookreviews.extensions import db
from bookreviews.moderation import cases
from bookreviews.moderation.judges import judge, moderates
from bookreviews.reviews.ratings import lock
from bookreviews.revisions import facts
from bookreviews.revisions.models import APPLIED, PROPOSED, REFUSED, Revision


class Overtaken(Exception):
    """Facts changed since a form was shown; `known` are those of now."""

    def __init__(self, known):
        super().__init__()
        self.known = known


def hold(book_id):
    """Keep imports and other changes of facts waiting until the end of the transaction.

    :raises NotFound: when there is no such book (any more).
    """
    importer.hold()
    if not lock(book_id):
        raise NotFound


def send(book_id, form):
    """Change the facts of a book as `form` says; a reader proposes it.

    :returns: the revision; None where the form says nothing new.
    :raises Overtaken: when facts that it changes were changed since it was shown.
    """
    hold(book_id)
    known = facts.of(book_id)
    if form.overtaken(known):
        raise Overtaken(known)
    changes = form.changes(known)
    if not changes:
        return None
    if not moderates():
        return propose(book_id, changes, form.why.data)
    return change(book_id, {name: after for name, (_, after) in changes.items()}, form.why.data)


def change(book_id, texts, why, **about):
    """Let facts of a book be `texts`, by the moderator who sends this request; the caller holds the book.

    :returns: the revision; None where they are so already.
    """
    changes = facts.change(book_id, texts)
    if not changes:
        return None
    made_by = {"user_id": current_user.id, "role": judge().role}
    revision = Revision(book_id=book_id, changes=changes, why=why, state=APPLIED, **made_by, **about)
    db.session.add(revision)
    return revision


def propose(book_id, changes, why):
    """Have moderators look at changes; those that the reader proposes while others of theirs wait are added to these."""
    case = cases.opened("proposal", book_id=book_id, user_id=current_user.id)
    revision = db.session.scalar(Revision.waiting(current_user, book_id))
    if revision is None:
        about = {"book_id": book_id, "user_id": current_user.id, "case_id": case.id}
        revision = Revision(role="reader", state=PROPOSED, changes={}, **about)
        db.session.add(revision)
    revision.changes = revision.changes | changes
    revision.why = why or revision.why
    return revision


def accept(case, proposal, names, reason):
    """Let those of the proposed facts that are called `names` come into force; the caller holds the book."""
    proposal.declined = {name: texts for name, texts in proposal.changes.items() if name not in names} or None
    proposal.changes = facts.change(proposal.book_id, {name: proposal.changes[name][1] for name in names})
    proposal.become(APPLIED)
    decide("accept", case, proposal, reason)


def refuse(case, proposal, reason):
    """Leave the facts as they are; the reader reads why."""
    proposal.become(REFUSED)
    decide("refuse", case, proposal, reason)


def decide(action, case, proposal, reason):
    proposal.decision = judge().decide(action, case=case, user_id=proposal.user_id, reason=reason)
    case.close()


def revert(revision, names, reason):
    """Let facts that `revision` changed be what they were before; the caller holds the book.

    :param names: which of them.
    :returns: the revision that this makes; None where they are so already.
    """
    texts = {name: revision.changes[name][0] for name in names}
    made = change(revision.book_id, texts, reason, reverts_id=revision.id)
    if made:
        judge().decide("revert", book_id=revision.book_id, user_id=revision.user_id, reason=reason)
    return made
