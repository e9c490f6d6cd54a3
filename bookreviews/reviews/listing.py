"""The reviews of a book: what an address may ask of the list, and the queries that answer."""

from collections import Counter, namedtuple

import sqlalchemy as sa

from bookreviews.extensions import db
from bookreviews.languages import NAMES, language_name
from bookreviews.paging import asked
from bookreviews.reviews.models import Review

SORTS = {
    "newest": ("Newest", (Review.created_at.desc(), Review.id.desc())),
    "highest": ("Highest", (Review.rating.desc(), Review.created_at.desc(), Review.id.desc())),
    "lowest": ("Lowest", (Review.rating, Review.created_at.desc(), Review.id.desc())),
}

STARS = {str(star): str(star) for star in (5, 4, 3, 2, 1)}

# stars: {5: 12, 4: 7, …, 1: 0}, a half star counted for the star it begins; languages: the tags of reviews with words.
Breakdown = namedtuple("Breakdown", "stars languages")


def breakdown(book):
    """How a book's ratings spread over stars, and its reviews over languages."""
    found = db.session.execute(
        sa.select(Review.rating, Review.language, sa.func.count())
        .where(Review.book_id == book.id, Review.deleted_at.is_(None))
        .group_by(Review.rating, Review.language)
    )
    stars, languages = Counter({star: 0 for star in (5, 4, 3, 2, 1)}), Counter()
    for rating, language, count in found:
        stars[(rating + 1) // 2] += count
        languages[language] += count
    return Breakdown(dict(stars), [tag for tag, _ in languages.most_common() if tag])


def reviews(book):
    """The Select of a book's reviews that the address asks for, in the order it asks for."""
    select = Review.of(book).order_by(*SORTS[asked("sort", SORTS, "newest")][1])
    if stars := asked("stars", STARS):
        select = select.where(Review.rating.in_((2 * int(stars) - 1, 2 * int(stars))))
    if tag := asked("language", NAMES):
        select = select.where(Review.language == tag)
    return select


def choices(breakdown):
    """How the list can be ordered and narrowed: {argument: (label, [(value, name), …])}."""
    found = {
        "sort": ("Sort by", [(value, name) for value, (name, _) in SORTS.items()]),
        "stars": ("Stars", [("", "All"), *STARS.items()]),
    }
    if len(breakdown.languages) > 1:
        found["language"] = ("Language", [("", "All"), *((tag, language_name(tag)) for tag in breakdown.languages)])
    return found
