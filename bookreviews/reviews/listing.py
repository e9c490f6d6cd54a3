"""The reviews of a book: what an address may ask of the list, and the queries that answer."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from flask import request

from bookreviews.extensions import db, now
from bookreviews.languages import NAMES, language_name
from bookreviews.paging import asked
from bookreviews.reviews import writers
from bookreviews.reviews.models import SPEAKS, Review

SORTS = {
    "helpful": ("Most helpful", (Review.helpfulness.desc(), Review.created_at.desc(), Review.id.desc())),
    "newest": ("Newest", (Review.created_at.desc(), Review.id.desc())),
    "highest": ("Highest", (Review.rating.desc(), Review.created_at.desc(), Review.id.desc())),
    # Exactly the other way round, so that one index does for both.
    "lowest": ("Lowest", (Review.rating, Review.created_at, Review.id)),
}

# The sides of an opinion, by half stars; what lies between takes none.
SIDES = {"For": sa.literal_column("rating >= 7"), "Against": sa.literal_column("rating <= 5")}
# Those that are compared: the most helpful, of equals the newest.
CANDIDATES = 50
# With fewer reviews than this, all of them are read as quickly.
ENOUGH = 3
# From this length on a review is not taken for a better one because it is longer.
FULL = 1_000

STARS = {str(star): str(star) for star in (5, 4, 3, 2, 1)}

# Where reviews of copies that were given away stand among the others, or not.
COPIES = {"own": "Left out"}
FREE = Review.source == "free"

# How a review that can be read stands, as a book's tallies say.
READ = {"counted", "waiting", "left_out", "guest"}


@dataclass
class Breakdown:
    """How a book's ratings spread over stars, its reviews over languages, and what became of those that do not count."""

    stars: dict = field(default_factory=lambda: dict.fromkeys((5, 4, 3, 2, 1), 0))  # of those that count
    languages: Counter = field(default_factory=Counter)  # of what can be read
    states: Counter = field(default_factory=Counter)  # how many there are in each STATE
    free: int = 0  # how many who can be read got a free copy
    waits_from: datetime | None = None  # when the first of those that wait counts, if nobody decides before
    waits_until: datetime | None = None  # when the last does

    def add(self, name, times):
        """Take in a number of the book's tallies."""
        kind, _, value = name.partition(" ")
        if kind == "language":
            self.languages[value] = times
        elif kind == "free":
            self.free = times
        elif kind != "words":
            self.states[kind] += times
        if kind == "counted":
            self.stars[(int(value) + 1) // 2] += times

    @property
    def has_reviews(self):
        """Whether there is anything to read."""
        return any(self.states[state] for state in READ)

    @property
    def is_due(self):
        """Whether some have waited long enough."""
        return self.waits_from is not None and self.waits_from <= now()

    @property
    def uncounted(self):
        """Why ratings are not in the score: {reason: how many}, without those of guests, who are counted apart."""
        return {reason: self.states[state] for state, reason in UNCOUNTED.items() if self.states[state]}


UNCOUNTED = {
    "waiting": "came in a burst and wait",
    "held": "held for a look",
    "removed": "removed by moderators",
    "banned": "by banned readers",
    "left_out": "left out after a look",
}


def breakdown(book):
    """The Breakdown of a book."""
    breakdown = Breakdown()
    for name, times in book.tallies.items():
        breakdown.add(name, times)
    if breakdown.states["waiting"]:
        ends = sa.select(sa.func.min(Review.waits_until), sa.func.max(Review.waits_until))
        waiting = Review.book_id == book.id, Review.waits_until.is_not(None)
        breakdown.waits_from, breakdown.waits_until = db.session.execute(ends.where(*waiting)).one()
    return breakdown


def reviews(book):
    """The Select of a book's reviews that the address asks for, in the order it asks for."""
    select = Review.of(book).order_by(*SORTS[asked("sort", SORTS, "helpful")][1])
    if stars := asked("stars", STARS):
        select = select.where(Review.rating.between(2 * int(stars) - 1, 2 * int(stars)))
    if tag := asked("language", NAMES):
        select = select.where(Review.language == tag)
    if asked("copies", COPIES):
        select = select.where(Review.source.is_distinct_from("free"))
    return select


def own(book):
    """The review of a book by whoever asks, deleted or not, as long as it can be brought back; None where there is none."""
    writer = writers.known()
    return db.session.scalar(Review.by(writer, book.id).where(Review.kept())) if writer.may_have_written else None


def opinions(book):
    """The review that speaks best for a book and the one that speaks best against it: [(side, review or None), …].

    What helped readers most, without spoilers. Empty where there are few reviews, or where the address asks for some of
    them only.
    """
    if book.reviews_count < ENOUGH or request.args:
        return []
    best = [strongest(book, side).scalar_subquery() for side in SIDES.values()]
    found = db.session.scalars(sa.select(Review).where(Review.id.in_(best)).order_by(Review.rating.desc())).all()
    favourable = next((review for review in found if review.rating >= 7), None)
    critical = next((review for review in found if review.rating <= 5), None)
    return [("For", favourable), ("Against", critical)] if found else []


def strongest(book, side):
    """The Select of the id of the review that speaks best for one side.

    The most helpful; of equals one without a declared interest, in the site's language, the fullest, the newest.
    """
    candidates = sa.select(Review.id).where(Review.book_id == book.id, sa.text(SPEAKS), side).order_by(*SORTS["helpful"][1])
    length = sa.func.length(Review.body)
    interested = sa.case((FREE | Review.knows_author, 1), else_=0)
    return (
        sa.select(Review.id)
        .where(Review.id.in_(candidates.limit(CANDIDATES)))
        .order_by(Review.helpfulness.desc(), interested)
        .order_by(sa.case((Review.language == "en", 0), else_=1), sa.case((length > FULL, FULL), else_=length).desc())
        .order_by(Review.created_at.desc(), Review.id)
        .limit(1)
    )


def choices(breakdown):
    """How the list can be ordered and narrowed: {argument: (label, [(value, name), …])}."""
    found = {
        "sort": ("Sort by", [(value, name) for value, (name, _) in SORTS.items()]),
        "stars": ("Stars", [("", "All"), *STARS.items()]),
    }
    languages = [tag for tag, _ in breakdown.languages.most_common() if tag]
    if len(languages) > 1:
        found["language"] = ("Language", [("", "All"), *((tag, language_name(tag)) for tag in languages)])
    if breakdown.free:
        found["copies"] = ("Free copies", [("", "All"), *COPIES.items()])
    return found
