"""Who writes: a member, or a guest known by what their browser's signed cookie says."""

import secrets
from dataclasses import dataclass

import sqlalchemy as sa
from flask import request, session
from flask_login import current_user

from bookreviews.extensions import db
from bookreviews.languages import OFFERED, language_tag
from bookreviews.reviews.models import Review


@dataclass(frozen=True)
class Writer:
    """Whoever can have a review of a book: a member by the id of their account, or a guest by their secret.

    Without either it is a visitor, who has written nothing.
    """

    user_id: int | None = None
    guest: str | None = None
    name: str = ""

    @property
    def columns(self):
        """What a review of theirs has in the columns that say whose it is."""
        return {"user_id": self.user_id} if self.user_id else {"guest": self.guest or ""}

    @property
    def tag(self):
        """What a form says of who opened it: a form that is sent by somebody else is not published without a word."""
        return self.name if self.is_member else ""

    @property
    def is_member(self):
        return self.user_id is not None

    def wrote(self, review):
        """Whether a review is by them: by the member, or by the guest that their browser is, or was before they logged in."""
        if review.user_id:
            return review.user_id == self.user_id
        return bool(review.guest) and review.guest == self.guest

    @property
    def may_have_written(self):
        """Whether this is anybody: of visitors no review is looked for."""
        return self.is_member or bool(self.guest)


def known():
    """The writer of this request."""
    if current_user.is_authenticated:
        return Writer(user_id=current_user.id, guest=session.get("guest", ""), name=current_user.username)
    return Writer(guest=session.get("guest", ""), name=session.get("name", ""))


def remember():
    """The writer of this request, known from now on.

    When the form is shown, not when it is sent: a double click on a first review must find one writer, not two.
    """
    if not current_user.is_authenticated:
        session.permanent = True
        session.setdefault("guest", secrets.token_urlsafe(18))
    return known()


BY_MEMBER, BY_GUEST = (
    sa.select(Review).where(column == sa.bindparam(column.key), Review.book_id == sa.bindparam("book"))
    for column in (Review.user_id, Review.guest)
)


def review_of(writer, book_id, anew=False):
    """The review that a writer wrote of a book, deleted or not; None where there is none.

    :param anew: as it is now, whatever this session knows of it.
    """
    select = BY_MEMBER if writer.is_member else BY_GUEST
    return db.session.scalar(select, writer.columns | {"book": book_id}, execution_options={"populate_existing": anew})


def preferred_language():
    """The language that the browser prefers, where a review can be in it."""
    preferred = map(language_tag, request.accept_languages.values())
    return next((tag for tag in preferred if tag in OFFERED), "en")
