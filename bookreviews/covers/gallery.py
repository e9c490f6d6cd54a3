"""A cover comes, is shown, is refused: always under its book's lock, and the book always knows which one it shows."""

from secrets import token_hex

import sqlalchemy as sa
from werkzeug.exceptions import NotFound

from bookreviews import tags
from bookreviews.books.models import Book
from bookreviews.covers import storage
from bookreviews.covers.models import Cover
from bookreviews.extensions import db
from bookreviews.moderation import cases
from bookreviews.moderation.models import Case
from bookreviews.reviews.ratings import lock


def send(user, book_id, pictures, judge=None):
    """Take a reader's cover of a book, in the place of one of theirs that still waits.

    :param pictures: {width: WebP}, as decoding.pictures makes them.
    :param judge: the moderator who sends it, whose covers wait for nobody.
    :returns: the keys of the pictures that nobody needs any more.
    :raises NotFound: when there is no such book (any more).
    :raises Unavailable: when the pictures cannot be kept.
    """
    cover = Cover(book_id=book_id, user_id=user.id, key=token_hex(16))
    storage.save(cover.key, pictures)
    if not lock(book_id):
        raise NotFound
    replaced = forget(Cover.waiting().where(Cover.user_id == user.id, Cover.book_id == book_id))
    cover.case = cases.opened("cover", book_id=book_id, user_id=user.id)
    db.session.add(cover)
    if judge:
        show(cover, judge)
    return replaced


def held(case_id):
    """The cover of a case as it stands now, its book held until the end of the transaction.

    :raises NotFound: when there is none (any more).
    """
    book_id = db.session.scalar(sa.select(Cover.book_id).where(Cover.case_id == case_id))
    if book_id is None or not lock(book_id):
        raise NotFound
    return db.one_or_404(Cover.in_case(case_id).execution_options(populate_existing=True))


def show(cover, judge):
    """Let everybody see a cover that waits; the caller holds it."""
    cover.show()
    conclude(cover, judge, "show_cover")


def refuse(cover, judge, reason):
    """Let nobody see a cover, whether it waits or has been shown; the caller holds it, and deletes its pictures."""
    action = "remove_cover" if cover.is_shown else "refuse_cover"
    cover.refuse(reason)
    conclude(cover, judge, action, reason=reason)


def conclude(cover, judge, action, **about):
    """Note a decision on a cover, end its case, and let the book know."""
    judge.decide(action, case=cover.case, user_id=cover.user_id, **about)
    if cover.case.is_open:
        cover.case.close()
    hang(cover.book_id)


def hang(book_id):
    """Let a book know the key of the newest cover that is shown of it; the caller holds it."""
    db.session.flush()
    newest = Cover.shown().where(Cover.book_id == book_id).order_by(Cover.shown_at.desc(), Cover.id.desc()).limit(1)
    key = newest.with_only_columns(Cover.key).scalar_subquery()
    retires = {tags.RETIRES: tags.facts(book_id)}
    db.session.execute(sa.update(Book).where(Book.id == book_id).values(cover_key=key), execution_options=retires)


def forget(covers):
    """Delete covers that nobody sees, given as a Select of them.

    :returns: the keys of their pictures.
    """
    found = db.session.scalars(covers).all()
    for cover in found:
        db.session.delete(cover)
    db.session.flush()
    return [cover.key for cover in found]


def leave(user):
    """Take along what a reader, who goes, has sent and nobody sees; what is shown stays, without the name.

    :returns: the keys of the pictures that nobody needs any more.
    """
    theirs = Cover.user_id == user.id
    keys = forget(sa.select(Cover).where(theirs, Cover.shown_at.is_(None) | Cover.refused_at.is_not(None)))
    waiting = sa.delete(Case).where(Case.user_id == user.id, Case.kind == "cover", Case.closed_at.is_(None))
    db.session.execute(waiting)
    return keys
