"""The sums of the ledger by month, held against its rows. The database keeps them (see migration 0014)."""

from collections import Counter

import sqlalchemy as sa

from bookreviews.dialects import written
from bookreviews.extensions import db
from bookreviews.ledger.models import RatingChange, RatingMonth

KEY = ("book_id", "month", "before", "after")


# The month of a moment, in UTC: 202611.
month_of = written(
    sa.Integer(),
    sqlite="CAST(strftime('%Y%m', {0}) AS INTEGER)",
    postgresql="CAST(to_char({0} AT TIME ZONE 'UTC', 'YYYYMM') AS INTEGER)",
)


def counted(*conditions):
    """The Select of the sums as the rows have them, of those rows for which the conditions are true."""
    before, after = (sa.func.coalesce(column, 0) for column in (RatingChange.before, RatingChange.after))
    values = RatingChange.book_id, month_of(RatingChange.at), before, after
    key = [value.label(name) for name, value in zip(KEY, values, strict=True)]
    return sa.select(*key, sa.func.count().label("times")).where(*conditions).group_by(*values)


def keep(*conditions):
    """Keep the sums as the rows have them, where none are kept."""
    db.session.execute(sa.insert(RatingMonth.__table__).from_select([*KEY, "times"], counted(*conditions)))


def mend(book_id):
    """Make the sums of a book what its rows say; the caller holds the book."""
    db.session.execute(sa.delete(RatingMonth.__table__).where(RatingMonth.book_id == book_id))
    keep(RatingChange.book_id == book_id)


def wrong(first, last):
    """How many sums of the books from `first` to `last` are not what the rows say: {book's id: sums}."""
    kept = sa.select(*(getattr(RatingMonth, name) for name in KEY), -RatingMonth.times)
    both = sa.union_all(
        counted(RatingChange.book_id.between(first, last)), kept.where(RatingMonth.book_id.between(first, last))
    ).subquery()
    differing = sa.select(both.c.book_id).group_by(*(both.c[name] for name in KEY)).having(sa.func.sum(both.c.times) != 0)
    return Counter(db.session.scalars(differing))
