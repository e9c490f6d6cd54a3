"""Reviews that say nearly the same."""

from collections import Counter
from functools import cache

import sqlalchemy as sa

from bookreviews.dialects import add_pairs
from bookreviews.extensions import db, execute
from bookreviews.reviews.models import Review
from bookreviews.spam.models import Sketch
from bookreviews.spam.shingles import resemblance, shingles, sketch

# From this resemblance on two texts are nearly the same: of three words in a row both have most.
ALIKE = 0.5
# However often a text was sent, so many reviews are looked at: the newest with each hash, and the likeliest of these.
NEWEST, LIKELIEST = 50, 20
# Two texts that are nearly the same share fewer hashes than this once in a hundred times.
SHARED = 2
KEPT = sa.select(Sketch.hash, Sketch.review_id).where(Sketch.review_id.in_(sa.bindparam("reviews", expanding=True)))


def text_of(review):
    """What is compared of a review."""
    return f"{review.title}\n{review.body}"


def of(review):
    """The reviews that say nearly the same as a review: [(the other one, resemblance from 0 to 1), …], the likest first.

    Whoever wrote them, of whichever book; also such as wait or were removed, but none that its writer deleted. At most
    LIKELIEST are told.
    """
    candidates = likeliest(review)
    if not candidates:
        return []
    own = shingles(text_of(review))
    there = Review.id.in_(candidates) & Review.deleted_at.is_(None)
    others = db.session.scalars(sa.select(Review).where(there).order_by(Review.id))
    pairs = [(other, resemblance(own, shingles(text_of(other)))) for other in others]
    return sorted((pair for pair in pairs if pair[1] >= ALIKE), key=lambda pair: -pair[1])


def likeliest(review):
    """The ids of reviews that share hashes with a review, by which they may be like it."""
    hashes = {f"hash_{place}": number for place, number in enumerate(sketch(text_of(review)))}
    if not hashes:
        return []
    found = Counter(execute(having(len(hashes)), hashes | {"review": review.id}).scalars())
    return [review_id for review_id, shared in found.most_common(LIKELIEST) if shared >= SHARED]


@cache
def having(number):
    """The Select of the ids of other reviews with some hashes, the newest with each; its parameters are those, and `review`."""
    some = [
        sa.select(Sketch.review_id)
        .where(Sketch.hash == sa.bindparam(f"hash_{place}"), Sketch.review_id != sa.bindparam("review"))
        .order_by(Sketch.review_id.desc())
        .limit(NEWEST)
        .subquery()
        for place in range(number)
    ]
    return sa.union_all(*map(sa.select, some))


def keep(review, first=False):
    """Keep what stands for a review's text; the caller holds its book.

    :param first: whether these are its first words, so that nothing is kept yet.
    """
    put([review], set() if first else kept_of([review]))


def keep_all(reviews):
    """The same for several.

    :returns: for how many something else was kept until now, or nothing.
    """
    return put(reviews, kept_of(reviews))


def kept_of(reviews):
    """The hashes that are kept of reviews, as (hash, review's id)."""
    return {tuple(row) for row in execute(KEPT, {"reviews": [review.id for review in reviews]})}


def put(reviews, kept):
    """Keep what stands for the texts of reviews in place of what is kept of them; of how many that is another one."""
    right = {(number, review.id) for review in reviews for number in sketch(text_of(review))}
    wrong = {review_id for _number, review_id in kept ^ right}
    if wrong:
        if kept:
            execute(sa.delete(Sketch).where(Sketch.review_id.in_(wrong)))
        add_pairs(Sketch.__table__, {pair for pair in right if pair[1] in wrong})
    return len(wrong)
