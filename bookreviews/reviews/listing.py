"""The reviews of a book: what an address may ask of the list, and the queries that answer."""

from collections import Counter, namedtuple

import sqlalchemy as sa
from flask import request

from bookreviews.extensions import db
from bookreviews.languages import NAMES, language_name
from bookreviews.paging import asked
from bookreviews.reviews import writers
from bookreviews.reviews.models import Review

SORTS = {
    "helpful": ("Most helpful", (Review.helpfulness.desc(), Review.created_at.desc(), Review.id.desc())),
    "newest": ("Newest", (Review.created_at.desc(), Review.id.desc())),
    "highest": ("Highest", (Review.rating.desc(), Review.created_at.desc(), Review.id.desc())),
    "lowest": ("Lowest", (Review.rating, Review.created_at.desc(), Review.id.desc())),
}

# The sides of an opinion, by half stars; what lies between takes none.
SIDES = {"For": Review.rating >= 7, "Against": Review.rating <= 5}
# With fewer reviews than this, all of them are read as quickly.
ENOUGH = 3
# From this length on a review is not taken for a better one because it is longer.
FULL = 1_000

STARS = {str(star): str(star) for star in (5, 4, 3, 2, 1)}

# Where reviews of copies that were given away stand among the others, or not.
COPIES = {"own": "Left out"}
FREE = Review.source == "free"

# stars: {5: 12, 4: 7, …, 1: 0} of the members' ratings, a half star counted for the star it begins;
# languages: the tags of reviews with words;
# free: how many got a free copy.
Breakdown = namedtuple("Breakdown", "stars languages free")


def breakdown(book):
    """How a book's ratings spread over stars, its reviews over languages, and how many are of free copies."""
    found = db.session.execute(
        sa.select(
            Review.rating,
            Review.language,
            sa.func.count(),
            sa.func.count(Review.user_id),
            sa.func.sum(sa.case((FREE, 1), else_=0)),
        )
        .where(Review.book_id == book.id, Review.stands())
        .group_by(Review.rating, Review.language)
    )
    stars, languages, free = Counter({star: 0 for star in (5, 4, 3, 2, 1)}), Counter(), 0
    for rating, language, count, by_members, of_free_copies in found:
        stars[(rating + 1) // 2] += by_members
        languages[language] += count
        free += of_free_copies
    return Breakdown(dict(stars), [tag for tag, _ in languages.most_common() if tag], free)


def reviews(book):
    """The Select of a book's reviews that the address asks for, in the order it asks for."""
    select = Review.of(book).order_by(*SORTS[asked("sort", SORTS, "helpful")][1])
    if stars := asked("stars", STARS):
        select = select.where(Review.rating.in_((2 * int(stars) - 1, 2 * int(stars))))
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
    length = sa.func.length(Review.body)
    interested = sa.case((FREE | Review.knows_author, 1), else_=0)
    return (
        Review.of(book)
        .with_only_columns(Review.id)
        .where(side, Review.body != "", sa.not_(Review.spoilers))
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
    if len(breakdown.languages) > 1:
        found["language"] = ("Language", [("", "All"), *((tag, language_name(tag)) for tag in breakdown.languages)])
    if breakdown.free:
        found["copies"] = ("Free copies", [("", "All"), *COPIES.items()])
    return found
