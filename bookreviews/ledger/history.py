"""How a score came about: the ledger of a book, month by month."""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from bookreviews.extensions import db
from bookreviews.ledger.models import RatingMonth

# How many months are shown one by one; what was before is one sum.
MONTHS = 24
STARS = (5, 4, 3, 2, 1)


@dataclass(frozen=True)
class Month:
    """What became of a book's score in a month; ratings that changed went from one number of stars to another."""

    year: int
    month: int
    came: Counter  # ratings that began to count, by stars, a half star counted for the star it begins
    went: int  # ratings that counted no more
    count: int  # how many counted at its end
    half_stars: int  # of all of these

    @property
    def mean(self):
        """The mean at its end in stars; None where nothing counted."""
        return self.half_stars / self.count / 2 if self.count else None

    @property
    def total(self):
        """How many began to count."""
        return self.came.total()


def months(book):
    """The months in which a book's score changed, the oldest first."""
    found, count, half_stars = [], 0, 0
    for month, changes in groupby(db.session.execute(RatingMonth.of(book)), key=attrgetter("month")):
        came, went = Counter(), 0
        for _, before, after, times in changes:
            came[(after + 1) // 2] += times
            went += times * (before > 0)
            count += times * ((after > 0) - (before > 0))
            half_stars += times * (after - before)
        del came[0]
        found.append(Month(*divmod(month, 100), came, went, count, half_stars))
    return found


@dataclass(frozen=True)
class Bar:
    """A month in the chart, in its units: where it stands, and its stars as parts of one column."""

    x: int
    label: str
    parts: list  # of (stars, top, height)


# The chart: how wide a month is, and how high the highest column.
WIDE, HIGH = 30, 120


def chart(months):
    """The columns of a chart: for each month how many ratings of each number of stars began to count."""
    most = max((month.total for month in months), default=0) or 1
    bars = []
    for place, month in enumerate(months):
        top, parts = HIGH, []
        for star in reversed(STARS):
            height = round(month.came[star] * HIGH / most, 2)
            top -= height
            if height:
                parts.append((star, round(top, 2), height))
        bars.append(Bar(place * WIDE, f"{month.month:02}/{month.year % 100:02}", parts))
    return bars
