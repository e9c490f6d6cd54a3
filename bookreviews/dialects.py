"""SQL that each database writes in its own way."""

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from bookreviews.extensions import db, execute


def written(result, **texts):
    """A function of SQL.

    :param result: the type of what it returns.
    :param texts: how each database writes it, by its name: `{0}`, `{1}`, … stand for the arguments, `{all}` for all of them.
    """

    class Written(FunctionElement):
        type = result
        inherit_cache = True

    for database, text in texts.items():
        compiles(Written, database)(writing(text))
    return Written


def writing(text):
    """What makes such a text of a function and its arguments."""

    def write(element, compiler, **options):
        each = [compiler.process(clause, **options) for clause in element.clauses]
        return text.format(*each, all=", ".join(each))

    return write


def is_one_of(column, values):
    """The condition that a column has one of many values, a list.

    Of PostgreSQL's parameters each has to be named and looked for in the statement: there the list is one of them.
    """
    if db.engine.dialect.name == "postgresql":
        return column == sa.any_(sa.literal(values, sa.ARRAY(column.type)))
    return column.in_(values)


def add_pairs(table, pairs):
    """Add pairs to a table of two columns, unless they are there: two may add the same one at the same moment.

    In one order for all, so that they wait for each other instead of locking each other out.
    """
    if not pairs:
        return
    one, other = table.columns
    insert = f"INSERT INTO {table.name} ({one.name}, {other.name}) {{}} ON CONFLICT DO NOTHING"
    if db.engine.dialect.name == "postgresql":  # to which many statements are much more work than one
        firsts, seconds = map(list, zip(*sorted(pairs), strict=True))
        both = f"SELECT * FROM unnest(CAST(:firsts AS {one.type}[]), CAST(:seconds AS {other.type}[]))"
        execute(sa.text(insert.format(both)), {"firsts": firsts, "seconds": seconds})
    else:
        rows = [{"first": first, "second": second} for first, second in sorted(pairs)]
        execute(sa.text(insert.format("VALUES (:first, :second)")), rows)
