"""How helpful a review is: counted from its votes, in the transaction that changes them."""

from math import sqrt

import sqlalchemy as sa

from bookreviews.extensions import db
from bookreviews.votes.models import Vote

# Of the normal distribution, for a confidence of 95 %.
Z = 1.959964


def helpfulness(helpful, unhelpful):
    """What share of all readers finds a review helpful at the least, as few votes tell: 0 to 1.

    The lower bound of the Wilson score interval, so that 9 of 10 rank above 1 of 1. E. B. Wilson, "Probable Inference,
    the Law of Succession, and Statistical Inference", Journal of the American Statistical Association 22 (1927), 209-212;
    https://www.evanmiller.org/how-not-to-sort-by-average-rating.html
    """
    votes = helpful + unhelpful
    if not votes:
        return 0.0
    share = helpful / votes
    middle = share + Z * Z / (2 * votes)
    spread = Z * sqrt((share * (1 - share) + Z * Z / (4 * votes)) / votes)
    return max(0.0, (middle - spread) / (1 + Z * Z / votes))


def forget(review):
    """Take every vote off a review that is about to be another one."""
    db.session.execute(sa.delete(Vote).where(Vote.review_id == review.id))
    review.helpful, review.unhelpful, review.votes_before, review.helpfulness = 0, 0, 0, 0.0
