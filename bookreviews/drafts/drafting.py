"""A draft comes to be, changes and goes; one writer's changes come one after the other."""

import sqlalchemy as sa
from werkzeug.exceptions import NotFound

from bookreviews.accounts.models import User
from bookreviews.drafts.models import Draft
from bookreviews.extensions import db, execute, now
from bookreviews.reviews.models import WORDS
from bookreviews.reviews.ratings import lock

USERS = User.__table__
HOLD = sa.update(USERS).where(USERS.c.id == sa.bindparam("user")).values(active=USERS.c.active)
OF_MEMBER = sa.select(Draft).where(Draft.user_id == sa.bindparam("user"), Draft.book_id == sa.bindparam("book"))


class Overtaken(Exception):
    """The draft was saved elsewhere since the form was shown; `draft` is what it says now, or None where it is gone."""

    def __init__(self, draft):
        super().__init__()
        self.draft = draft


def held(writer, book_id):
    """A member's draft as it is now, all of theirs held until the end of the transaction; None where there is none.

    An update that changes nothing holds on every database; SQLite has no SELECT … FOR UPDATE.
    """
    execute(HOLD, {"user": writer.user_id})
    return of(writer, book_id, anew=True)


def of(writer, book_id, anew=False):
    """The draft of a writer's review of a book; None where there is none, as for guests.

    :param anew: as it is now, whatever this session knows of it.
    """
    if not writer.is_member:
        return None
    values = {"user": writer.user_id, "book": book_id}
    return db.session.scalar(OF_MEMBER, values, execution_options={"populate_existing": anew})


def save(writer, book_id, form, review):
    """Make the member's draft say what `form` says; where that is nothing new, there is none.

    :param review: what the member has published of the book, or None.
    :returns: the draft, or None.
    :raises Overtaken: when it was saved elsewhere since `form` was shown.
    :raises NotFound: when the book is not there any more: merged into another, it would take the words with it.
    """
    if not lock(book_id):
        raise NotFound
    draft = held(writer, book_id)
    if draft and form.fills(draft):
        return draft
    if form.draft.data != (draft.tag if draft else ""):
        raise Overtaken(draft)
    if form.is_empty or review and form.says(review):
        discard(draft)
        return None
    draft = draft or Draft(user_id=writer.user_id, book_id=book_id)
    for name, value in form.drafted.items():
        setattr(draft, name, value)
    draft.began_from = form.version.data
    draft.saved_at = now()
    db.session.add(draft)
    return draft


def add(draft, more):
    """Put more words, of a draft or a review, below those of a draft; what it does not say yet it says as they do."""
    for name in WORDS:
        if not getattr(draft, name):
            setattr(draft, name, told(more, name))
    texts = [draft.body, more.title if more.title != draft.title else "", more.body if more.body != draft.body else ""]
    draft.body = "\n\n".join(filter(None, texts))
    draft.saved_at = now()


def told(words, name):
    """What a draft or a review says, as a draft keeps it: with the page as it was typed."""
    value = getattr(words, name)
    return str(value) if name == "stopped_at" and value else value


def keep(writer, book_id, review):
    """Keep the words of a review that is about to go as its writer's draft on a book, below what is drafted already."""
    draft = held(writer, book_id) or Draft(user_id=writer.user_id, book_id=book_id, title="", body="")
    add(draft, review)
    db.session.add(draft)


def throw_away(writer, book_id, tag):
    """Drop a member's draft.

    :param tag: of the draft that they were shown.
    :raises Overtaken: when it was saved since.
    """
    draft = held(writer, book_id)
    if draft and draft.tag != tag:
        raise Overtaken(draft)
    discard(draft)


def published(writer, book_id, form):
    """Drop the draft whose words are published; words that were saved elsewhere meanwhile, and not seen here, stay.

    The caller holds the writer.
    """
    draft = of(writer, book_id, anew=True)
    if draft and (draft.tag == form.draft.data or form.fills(draft)):
        discard(draft)


def discard(draft):
    if draft:
        db.session.delete(draft)
