"""Long lists by keyset: a page begins after a row, not after a number of rows, so it is as quick and as stable at the
thousandth page as at the first. See https://use-the-index-luke.com/no-offset"""

from dataclasses import dataclass
from functools import lru_cache

import sqlalchemy as sa
from flask import request
from sqlakeyset import BadBookmark, InvalidPage, Marker, PageSerializationError, unserialize_bookmark
from sqlakeyset.columns import parse_ob_clause
from sqlakeyset.paging import prepare_paging
from sqlakeyset.results import Paging
from sqlalchemy.exc import DataError, DBAPIError, ProgrammingError, StatementError
from werkzeug.exceptions import BadRequest

from bookreviews.extensions import db

PER_PAGE = 20
FIRST = Marker(None)
# What a mangled bookmark leads to: in the library, in the driver, in the database.
UNREADABLE = (
    BadBookmark,
    InvalidPage,
    PageSerializationError,
    ValueError,
    TypeError,
    OverflowError,
    DataError,
    ProgrammingError,
)


@dataclass(frozen=True)
class Page:
    """One page of a list: its rows, and what `?page=` takes for the pages beside it (None: there is none)."""

    rows: list
    previous: str | None
    next: str | None

    def __iter__(self):
        return iter(self.rows)

    def __bool__(self):
        return bool(self.rows)


def asked(name, known, default=""):
    """The value of argument `name`, one of `known`.

    :raises BadRequest: for another value.
    """
    value = request.args.get(name) or default
    if value and value not in known:
        raise BadRequest(f"“{value[:40]}” is not something this list knows as “{name}”.")
    return value


def paginate(select, per_page=PER_PAGE, shape=None, run=db.session.execute, **values):
    """The page of `select` that the address asks for with `?page=`.

    :param select: of one entity, or of columns; ordered so that no two rows tie (the order ends with an id).
    :param shape: what makes of its rows what the page holds; without it, they are that: entities, single values, or rows.
    :param run: what runs it; of columns that is `execute`.
    :param values: of its parameters.
    :raises BadRequest: where `page` is nothing we wrote.
    """
    dialect = db.session.get_bind().dialect
    bookmark = request.args.get("page", "")
    if not bookmark:
        return fetched(prepared(select, per_page, dialect), per_page, shape, run, values)
    try:
        marker = unserialize_bookmark(bookmark)
        return fetched(prepare(select, per_page, dialect, marker), per_page, shape, run, values, marker)
    except (*UNREADABLE, StatementError) as error:
        # A value that no column takes is told by a StatementError; the database's own troubles are such as well.
        if isinstance(error, DBAPIError) and not isinstance(error, UNREADABLE):
            raise
        db.session.rollback()
        raise BadRequest("This list has no such page; its address may have been cut off.") from None


def page_of(rows, per_page=PER_PAGE, shape=None):
    """The page of a short list, known as a whole, that the address asks for by its number.

    :raises BadRequest: where the list has no such page.
    """
    last = max(1, -(-len(rows) // per_page))
    number = int(asked("page", [str(page) for page in range(1, last + 1)], "1"))
    some = rows[(number - 1) * per_page : number * per_page]
    previous, following = (str(page) if 1 <= page <= last else None for page in (number - 1, number + 1))
    return Page(shape(some) if shape else some, previous, following)


def prepare(select, per_page, dialect, marker=FIRST):
    """What the library would ask the database for a page, from the place of a marker on.

    With psycopg it compares column by column: of many rows that are alike in the first one all would be read. Where that
    can be, it is said as one comparison of rows, whose place an index knows.
    """
    place, order = marker.place, parse_ob_clause(select)
    ways = {column.is_ascending for column in order}
    if place and len(ways) == 1:
        columns = [column.comparable_value for column in order]
        values = [sa.literal(value, column.type) for value, column in zip(place, columns, strict=True)]
        here, there = sa.tuple_(*columns), sa.tuple_(*values)
        select, place = select.where(here > there if ways == {not marker.backwards} else here < there), None
    return prepare_paging(select, per_page, place, marker.backwards, orm=False, dialect=dialect)


# Those that are the same for every request are prepared once.
prepared = lru_cache(128)(prepare)


def fetched(asked_for, per_page, shape, run, values, marker=FIRST):
    """The Page that was prepared."""
    rows = run(asked_for.select, values).all()
    places = [tuple(column.get_from_row(row) for column in asked_for.mapped_order_columns) for row in rows]
    if rows and len(rows[0]) == 1 + len(asked_for.extra_columns):
        rows = [row[0] for row in rows]
    paging = Paging(rows, per_page, marker.backwards, marker.place, places)
    return Page(
        shape(paging.rows) if shape else paging.rows,
        paging.bookmark_previous if paging.has_previous else None,
        paging.bookmark_next if paging.has_next else None,
    )
