"""What there is of a reader: the reviews they wrote, how they rate, and what may interest them."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from flask import session
from sqlalchemy.orm import joinedload

from bookreviews.books.models import Book, Credit
from bookreviews.drafts.models import Draft
from bookreviews.extensions import db, now
from bookreviews.moderation.models import Decision
from bookreviews.paging import asked
from bookreviews.reviews import listing
from bookreviews.reviews.models import Review

LATEST = (Review.created_at.desc(), Review.id.desc())
# As on a book's page, the newest first.
SORTS = {name: listing.SORTS[name] for name in ("newest", "helpful", "highest", "lowest")}
# How many of each there are on the home page.
FEW = 6


@dataclass(frozen=True)
class Habits:
    """How a reader rates, and how that was received."""

    stars: dict  # {5: 12, 4: 7, …, 1: 0}, a half star counted for the star it begins
    ratings: int
    half_stars: int  # of all of them
    reviews: int  # ratings with words
    helpful: int  # votes by others

    @property
    def average(self):
        """The mean in stars, 0.5 to 5; there must be ratings."""
        return self.half_stars / self.ratings / 2

    @property
    def nearest_rating(self):
        """The mean as the nearest number of half stars, 1 to 10; there must be ratings."""
        return (2 * self.half_stars + self.ratings) // (2 * self.ratings)


def habits(reader):
    """What a reader's reviews come to."""
    with_words = sa.func.count(sa.case((Review.body != "", 1)))
    found = db.session.execute(
        sa.select(Review.rating, sa.func.count(), with_words, sa.func.sum(Review.helpful))
        .where(Review.user_id == reader.id, Review.stands())
        .group_by(Review.rating)
    ).all()
    stars = {star: sum(count for rating, count, *_ in found if (rating + 1) // 2 == star) for star in (5, 4, 3, 2, 1)}
    return Habits(
        stars,
        ratings=sum(stars.values()),
        half_stars=sum(rating * count for rating, count, *_ in found),
        reviews=sum(words for _, _, words, _ in found),
        helpful=sum(helpful for *_, helpful in found),
    )


def with_title():
    """The reviews anyone may read, each with its book's title and authors."""
    book = joinedload(Review.book)
    return Review.visible().options(book.selectinload(Book.credits).joinedload(Credit.author))


def reviews(reader):
    """The Select of a reader's reviews, in the order that the address asks for."""
    return with_title().where(Review.user_id == reader.id).order_by(*SORTS[asked("sort", SORTS, "newest")][1])


def everything(reader):
    """The Select of all that a reader wrote, however it stands, the newest first, each with its book's title."""
    return sa.select(Review).options(joinedload(Review.book)).where(Review.user_id == reader.id).order_by(*LATEST)


def drafts(reader):
    """The Select of what a reader has begun and not published, the newest first."""
    return Draft.all_of(reader).limit(FEW)


def latest(reader):
    """The Select of a reader's newest reviews."""
    return with_title().where(Review.user_id == reader.id).order_by(*LATEST).limit(FEW)


def newest(*conditions):
    """The Select of the newest reviews with words, of those that meet `conditions`."""
    return with_title().where(Review.has_words(), *conditions).order_by(*LATEST).limit(FEW)


def by_others(reader):
    """The condition of a review that a reader did not write, nor the guest that this browser has been."""
    return Review.user_id.is_distinct_from(reader.id) & Review.guest.is_distinct_from(session.get("guest", ""))


def of_their_books(reader):
    """The condition of a review, by somebody else, of a book that a reader has reviewed."""
    theirs = sa.select(Review.book_id).where(Review.user_id == reader.id, Review.deleted_at.is_(None))
    return by_others(reader) & Review.book_id.in_(theirs)


def told_by_moderators(reader):
    """The Select of what moderators have lately decided about a reader, the newest first."""
    lately = now() - timedelta(days=30)
    left_out = sa.select(Review.book_id).where(Review.user_id == reader.id, Review.left_out_at.is_not(None))
    about = (Decision.user_id == reader.id) | (Decision.action == "leave_out") & Decision.book_id.in_(left_out)
    return Decision.newest().where(about, Decision.at > lately, Decision.role != "site").limit(FEW)


def home(reader):
    """What a reader comes home to, by the names that the page's template has for it."""
    selects = {
        "decisions": told_by_moderators(reader),
        "drafts": drafts(reader),
        "mine": latest(reader),
        "others": newest(of_their_books(reader)),
        "reviews": newest(by_others(reader)),
    }
    return {name: db.session.scalars(select).all() for name, select in selects.items()}
