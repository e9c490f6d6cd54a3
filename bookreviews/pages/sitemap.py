"""All addresses that search engines should know, in the form of sitemaps.org: which parts there are, and what is in one."""

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote

import sqlalchemy as sa
from flask import url_for
from markupsafe import escape
from sqlalchemy.orm import InstrumentedAttribute

from bookreviews.books.models import Author, Book, Subject, ref
from bookreviews.extensions import db
from bookreviews.urls import LARGEST, absolute

# The protocol's bound for one part. A part covers so many ids, whether or not each has its row: none ever moves to another.
SIZE = 50_000
LAST = LARGEST // SIZE
# Enough rows at a time to be fast, few enough to weigh nothing.
BATCH = 1_000


class Kind(NamedTuple):
    """Pages that each show a row."""

    number: InstrumentedAttribute
    name: InstrumentedAttribute
    there: sa.ColumnElement  # the condition of a row that has a page
    endpoint: str
    argument: str
    tail: Callable[[int, str], str]  # what the view takes as its argument, of a row's number and name


KINDS = {
    "books": Kind(Book.id, Book.title, Book.stands(), "books.show", "book_id", ref),
    "authors": Kind(Author.id, Author.name, Author.stands(), "books.author", "author_id", ref),
    "subjects": Kind(Subject.id, Subject.slug, sa.true(), "books.subject", "slug", lambda _number, slug: slug),
}


def parts():
    """The parts that hold anything: ("books", 1), …"""
    for name, kind in KINDS.items():
        for first in db.session.scalars(firsts(kind)):
            yield name, (first - 1) // SIZE + 1


def firsts(kind):
    """The Select of the first number in each part that has any: from each to the next part, whatever lies between."""
    number = sa.func.min(kind.number)
    steps = sa.select(number.label("number")).where(kind.there).cte("steps", recursive=True)
    end = ((steps.c.number - 1) // SIZE + 1) * SIZE
    following = sa.select(number).where(kind.there, kind.number > end).scalar_subquery()
    steps = steps.union_all(sa.select(following).where(steps.c.number.is_not(None)))
    return sa.select(steps.c.number).where(steps.c.number.is_not(None))


def rows(kind, part):
    """The Select of the rows in a part: their numbers and names."""
    last = part * SIZE
    inside = kind.number.between(last - SIZE + 1, last)
    return sa.select(kind.number, kind.name).where(inside, kind.there).order_by(kind.number)


def urlset(kind, part):
    """The text of a part, piece by piece: not all of its rows are in memory at once."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    # The router is asked once instead of 50,000 times: the addresses of a kind differ in their ends.
    start = escape(absolute(url_for(kind.endpoint, **{kind.argument: "0"})).removesuffix("0"))
    found = db.session.execute(rows(kind, part).execution_options(yield_per=BATCH))
    for batch in found.partitions():
        yield "".join(f"<url><loc>{start}{quote(kind.tail(*row), safe='')}</loc></url>\n" for row in batch)
    yield "</urlset>\n"
