"""Long lists by keyset: a page begins after a row, not after a number of rows, so it is as quick and as stable at the
thousandth page as at the first. See https://use-the-index-luke.com/no-offset"""

from dataclasses import dataclass

import sqlalchemy as sa
from flask import request
from sqlakeyset import BadBookmark, InvalidPage, PageSerializationError, select_page, unserialize_bookmark
from sqlakeyset.columns import parse_ob_clause
from sqlalchemy.exc import DataError, DBAPIError, ProgrammingError, StatementError
from werkzeug.exceptions import BadRequest

from bookreviews.extensions import db

PER_PAGE = 20
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


def paginate(select, per_page=PER_PAGE):
    """The page of `select`, a Select of one entity, that the address asks for with `?page=`.

    :param select: ordered, and so that no two rows tie (the order ends with an id).
    :raises BadRequest: where `page` is nothing we wrote.
    """
    bookmark = request.args.get("page", "")
    try:
        found = select_page(db.session(), begun(select, bookmark), per_page=per_page, page=bookmark)
    except (*UNREADABLE, StatementError) as error:
        # A value that no column takes is told by a StatementError; the database's own troubles are such as well.
        if not bookmark or isinstance(error, DBAPIError) and not isinstance(error, UNREADABLE):
            raise
        db.session.rollback()
        raise BadRequest("This list has no such page; its address may have been cut off.") from None
    paging = found.paging
    return Page(
        [row[0] for row in found],
        paging.bookmark_previous if paging.has_previous else None,
        paging.bookmark_next if paging.has_next else None,
    )


def begun(select, bookmark):
    """`select` from the place of a bookmark on, said as one comparison of rows, whose place an index knows.

    With psycopg the library compares column by column: of many rows that are alike in the first one all would be read.
    """
    marker, order = unserialize_bookmark(bookmark), parse_ob_clause(select)
    ways = {column.is_ascending for column in order}
    if not marker.place or len(ways) > 1:
        return select
    columns = [column.comparable_value for column in order]
    values = [sa.literal(value, column.type) for value, column in zip(marker.place, columns, strict=True)]
    row, place = sa.tuple_(*columns), sa.tuple_(*values)
    return select.where(row > place if ways == {not marker.backwards} else row < place)
