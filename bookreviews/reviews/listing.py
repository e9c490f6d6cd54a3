"""The reviews of a book: what an address may ask of the list, and the queries that answer."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

import sqlalchemy as sa
from flask import request

from bookreviews.extensions import execute, now
from bookreviews.languages import NAMES, language_name
from bookreviews.paging import asked, paginate
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

# What a list shows of reviews that anyone may read.
COLUMNS = (
    Review.id, Review.book_id, Review.user_id, Review.guest, Review.name, Review.rating, Review.title, Review.body,
    Review.body_html, Review.language, Review.spoilers, Review.source, Review.knows_author, Review.stopped_at,
    Review.created_at, Review.updated_at, Review.waits_until, Review.left_out_at,
    Review.helpful, Review.unhelpful, Review.votes_before,
    sa.true().label("is_public"),
)  # fmt: skip

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
        breakdown.waits_from, breakdown.waits_until = execute(ends.where(*waiting)).one()
    return breakdown


def reviews(book):
    """The Page of a book's reviews that the address asks for, in the order it asks for: rows of COLUMNS."""
    sort, stars = asked("sort", SORTS, "helpful"), asked("stars", STARS)
    language, copies = asked("language", NAMES), asked("copies", COPIES)
    values = {"book": book.id}
    if stars:
        values |= {"most": 2 * int(stars)}
    if language:
        values |= {"language": language}
    return paginate(select(sort, bool(stars), bool(language), bool(copies)), run=execute, **values)


@cache
def select(sort, of_stars, in_language, without_free):
    """The Select of a book's reviews in an order; its parameters are `book`, `most` (half stars) and `language`."""
    some = sa.select(*COLUMNS).where(Review.stands(), Review.book_id == sa.bindparam("book")).order_by(*SORTS[sort][1])
    if of_stars:
        most = sa.bindparam("most", type_=sa.Integer)
        some = some.where(Review.rating.between(most - 1, most))
    if in_language:
        some = some.where(Review.language == sa.bindparam("language"))
    return some.where(Review.source.is_distinct_from("free")) if without_free else some


def own(book):
    """The review of a book by whoever asks, deleted or not, as long as it can be brought back; None where there is none."""
    writer = writers.known()
    review = writers.review_of(writer, book.id) if writer.may_have_written else None
    return review if review and review.is_kept else None


def opinions(book):
    """The review that speaks best for a book and the one that speaks best against it: [(side, review or None), …].

    What helped readers most, without spoilers. Empty where there are few reviews, or where the address asks for some of
    them only.
    """
    if book.reviews_count < ENOUGH or request.args:
        return []
    found = execute(strongest(), {"book": book.id}).all()
    favourable = next((review for review in found if review.rating >= 7), None)
    critical = next((review for review in found if review.rating <= 5), None)
    return [("For", favourable), ("Against", critical)] if found else []


@cache
def strongest():
    """The Select of the reviews, by COLUMNS, that speak best for the sides, that for it first; its parameter is `book`."""
    best = [strongest_id(side).scalar_subquery() for side in SIDES.values()]
    return sa.select(*COLUMNS).where(Review.id.in_(best)).order_by(Review.rating.desc())


def strongest_id(side):
    """The Select of the id of the review that speaks best for one side.

    The most helpful; of equals one without a declared interest, in the site's language, the fullest, the newest.
    """
    of_book = Review.book_id == sa.bindparam("book")
    candidates = sa.select(Review.id).where(of_book, sa.text(SPEAKS), side).order_by(*SORTS["helpful"][1])
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
