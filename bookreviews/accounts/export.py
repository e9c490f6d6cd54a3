"""Everything that this site knows of a reader, for them to take along: plain values, moments as ISO 8601 has them (UTC)."""

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import joinedload

from bookreviews.accounts.models import Login, Passkey
from bookreviews.books.models import Book, Credit
from bookreviews.drafts.models import Draft
from bookreviews.extensions import db
from bookreviews.mail.models import Message
from bookreviews.reviews.models import WORDS, Review, Version
from bookreviews.urls import absolute
from bookreviews.votes.models import Vote

# The keys of what is taken along, and what stands under each.
PARTS = {
    "account": "Username, email address, when you joined, your roles, whether a second factor is on",
    "reviews": "Every review of yours with its book, its votes and what it said before each change; also one that waits to "
    "be looked at, and one you have deleted and can still bring back. Ratings are in half stars, 1 to 10",
    "drafts": "What you have begun and not published",
    "votes": "Which reviews helped you, and which did not",
    "browsers": "Where you are logged in",
    "passkeys": "Their names, and when you used them last",
    "mails": "When we wrote to you, and about what, as far back as we know. Their text you have: links in it are keys",
}


def everything(user):
    """What is known of a reader, by the keys of PARTS; nothing that would open their account is in it."""
    return {
        "account": account(user),
        "reviews": reviews(user),
        "drafts": drafts(user),
        "votes": votes(user),
        "browsers": [
            {"browser": login.browser, "since": moment(login.began_at), "last_seen": moment(login.seen_at)}
            for login in db.session.scalars(Login.of(user))
        ],
        "passkeys": [
            {"name": key.name, "made": moment(key.created_at), "last_used": moment(key.lastuse_datetime)}
            for key in db.session.scalars(sa.select(Passkey).where(Passkey.user_id == user.id).order_by(Passkey.id))
        ],
        "mails": [
            {"to": mail.recipient, "subject": mail.subject, "written": moment(mail.created_at), "sent": moment(mail.sent_at)}
            for mail in db.session.scalars(sa.select(Message).where(Message.user_id == user.id).order_by(Message.id))
        ],
    }


def moment(value):
    return value and value.isoformat(timespec="seconds")


def account(user):
    """Who a reader is here."""
    return {
        "username": user.username,
        "email": user.email,
        "joined": moment(user.created_at),
        "address_confirmed": moment(user.confirmed_at),
        "roles": [role.name for role in user.roles],
        "second_factor": user.tf_primary_method is not None,
        "recovery_codes_left": len(user.mf_recovery_codes or []),
    }


def book(book):
    """Which book something is about."""
    address = absolute(url_for("books.show", book_id=book.ref))
    return {"title": book.title, "authors": [author.name for author in book.authors], "address": address}


def words(row):
    """What a review, an earlier version of one or a draft says."""
    return {name: getattr(row, name) for name in WORDS}


def its_book(model):
    return joinedload(model.book).selectinload(Book.credits).joinedload(Credit.author)


def reviews(user):
    """All that a reader has published and that is still there, the oldest first."""
    mine = Review.user_id == user.id
    said = {}
    for version in db.session.scalars(sa.select(Version).join(Review).where(mine).order_by(Version.number)):
        earlier = words(version) | {"written": moment(version.written_at)}
        said.setdefault(version.review_id, []).append(earlier)
    found = db.session.scalars(sa.select(Review).options(its_book(Review)).where(mine).order_by(Review.created_at, Review.id))
    return [review(one) | {"earlier_versions": said.get(one.id, [])} for one in found]


def review(review):
    """A review as it is now."""
    return {
        "book": book(review.book),
        "address": absolute(url_for("reviews.show", review_id=review.id)),
        **words(review),
        "published": moment(review.created_at),
        "edited": moment(review.updated_at),
        "deleted": moment(review.deleted_at),
        "waits_since": moment(review.held_at),
        "set_aside": moment(review.set_aside_at),
        "helpful_votes": review.helpful,
        "unhelpful_votes": review.unhelpful,
    }


def drafts(user):
    """What a reader has begun, the newest first."""
    return [
        {"book": book(draft.book), **words(draft), "saved": moment(draft.saved_at)}
        for draft in db.session.scalars(Draft.all_of(user))
    ]


def votes(user):
    """What helped a reader, the oldest first."""
    cast = (
        sa.select(Vote, Book.title)
        .join(Review, Review.id == Vote.review_id)
        .join(Book, Book.id == Review.book_id)
        .where(Vote.user_id == user.id)
        .order_by(Vote.cast_at, Vote.review_id)
    )
    return [
        {
            "review": absolute(url_for("reviews.show", review_id=vote.review_id)),
            "of": title,
            "helpful": vote.helpful,
            "at": moment(vote.cast_at),
        }
        for vote, title in db.session.execute(cast)
    ]
