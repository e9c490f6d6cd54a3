"""Everything that this site knows of a reader, for them to take along: plain values, moments as ISO 8601 has them (UTC)."""

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import joinedload

from bookreviews.accounts.models import Login, Passkey
from bookreviews.appeals.models import Appeal
from bookreviews.books.models import Book, Credit
from bookreviews.covers.models import Cover
from bookreviews.drafts.models import Draft
from bookreviews.extensions import db
from bookreviews.mail.models import Message
from bookreviews.moderation.models import Case, Decision
from bookreviews.reports.models import Report
from bookreviews.reviews.models import WORDS, Review, Version
from bookreviews.revisions.models import Revision
from bookreviews.urls import absolute
from bookreviews.votes.models import Vote

# The keys of what is taken along, and what stands under each.
PARTS = {
    "account": "Username, email address, when you joined, your roles, whether a second factor is on",
    "reviews": "Every review of yours with its book, its votes and what it said before each change; also one that waits to "
    "be looked at, and one you have deleted and can still bring back. Ratings are in half stars, 1 to 10",
    "drafts": "What you have begun and not published",
    "covers": "The pictures of covers you sent, when, and what became of them",
    "added_books": "Books you added to the catalogue, and when somebody had looked at them",
    "proposals": "Changes of books’ facts that you proposed or made: each fact before and after, why, and what became of it",
    "votes": "Which reviews helped you, and which did not",
    "reports": "Which reviews you reported, why, and what came of it",
    "appeals": "What you said against the removal of a review of yours",
    "decisions": "What moderators decided on you and your reviews, and why",
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
        "covers": covers(user),
        "added_books": added_books(user),
        "proposals": proposals(user),
        "votes": votes(user),
        "reports": reports(user),
        "appeals": appeals(user),
        "decisions": decisions(user),
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
        "removed": moment(review.hidden_at),
        "counts_from": moment(review.waits_until),
        "left_out_of_the_score": moment(review.left_out_at),
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


def covers(user):
    """What a reader has sent, the oldest first."""
    sent = sa.select(Cover).options(its_book(Cover)).where(Cover.user_id == user.id).order_by(Cover.id)
    return [
        {
            "book": book(cover.book),
            "picture": None if cover.refused_at else absolute(url_for("covers.picture", key=cover.key, width=480)),
            "sent": moment(cover.sent_at),
            "shown": moment(cover.shown_at),
            "refused": moment(cover.refused_at),
            "reason": cover.reason,
        }
        for cover in db.session.scalars(sent)
    ]


def added_books(user):
    """The books that a reader added, the oldest first."""
    cases = sa.select(Case).options(its_book(Case)).where(Case.kind == "book", Case.user_id == user.id)
    return [
        {"book": case.book and book(case.book), "added": moment(case.opened_at), "looked_at": moment(case.closed_at)}
        for case in db.session.scalars(cases.order_by(Case.opened_at, Case.id))
    ]


def proposals(user):
    """How a reader changed the facts of books, or would, the oldest first."""
    theirs = sa.select(Revision).options(its_book(Revision), joinedload(Revision.decision)).where(Revision.user_id == user.id)
    return [proposal(one) for one in db.session.scalars(theirs.order_by(Revision.at, Revision.id))]


def proposal(revision):
    """A change of facts, and what became of it."""
    return {
        "book": book(revision.book),
        "changes": revision.changes,
        "not_accepted": revision.declined,
        "why": revision.why,
        "sent": moment(revision.at),
        "state": revision.state,
        "since": moment(revision.since),
        "answer": revision.decision and revision.decision.reason,
    }


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


def address_of(review_id):
    return review_id and absolute(url_for("reviews.show", review_id=review_id))


def reports(user):
    """What a reader reported, the oldest first."""
    found = sa.select(Report, Case.review_id).join(Case).where(Report.user_id == user.id).order_by(Report.id)
    return [
        {
            "review": address_of(review_id),
            "rule": report.rule,
            "words": report.words,
            "at": moment(report.at),
            "upheld": report.upheld,
        }
        for report, review_id in db.session.execute(found)
    ]


def appeals(user):
    """What a reader said against removals, the oldest first."""
    found = sa.select(Appeal, Case.review_id).join(Case).where(Case.user_id == user.id).order_by(Appeal.id)
    return [
        {"review": address_of(review_id), "words": appeal.words, "at": moment(appeal.at)}
        for appeal, review_id in db.session.execute(found)
    ]


def decisions(user):
    """What was decided on a reader and on their reviews, the oldest first."""
    found = db.session.scalars(sa.select(Decision).where(Decision.user_id == user.id).order_by(Decision.id))
    return [
        {
            "review": address_of(decision.review_id),
            "action": decision.action,
            "rule": decision.rule,
            "reason": decision.reason,
            "by": decision.role,
            "at": moment(decision.at),
        }
        for decision in found
    ]
