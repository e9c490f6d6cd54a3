"""No page reads a whole table, or sorts more than a page: what it costs does not grow with what there is.

Every page is asked for, and what it asks of the database is asked again for its plan; so a new list cannot be forgotten.
PostgreSQL, which would read tables as small as these from end to end, is told to do so only where it must.
"""

import re

import pytest
import sqlalchemy as sa

from bookreviews.books import listing as books
from bookreviews.books.models import Book
from bookreviews.extensions import db
from bookreviews.reviews import listing as reviews
from tests.browser import Browser
from tests.factories import a_book, a_reader, a_review, a_vote

# The search is measured by itself (benchmarks/search.py); moderators look through what waits, a few people at a time.
ELSEWHERE = ("search.", "security.", "static", "moderation.", "merging.", "curation.")
# A handful of rows, however large the site is.
SMALL = {"role", "user_role", "decision_count"}
# What is sorted for all that: of one reader, of one review, of an author, of a subject of few books; books beside a book;
# the candidates for the best word on a book; and in SQLite one book's reviews of some stars.
BOUNDED = (
    "user_id =", "guest =", "review_id =", "book_author.author_id =", "book_subject.subject_id =", "case_id =",
    "rating >= 7", "review.rating BETWEEN", "subject.books_count >",
)  # fmt: skip


@pytest.fixture
def asked(app):
    """Every statement that is sent to the database, with its values: {statement: values}."""
    found = {}

    def record(_connection, _cursor, statement, parameters, _context, _many):
        if statement.startswith(("SELECT", "WITH")):
            found.setdefault(statement, parameters)

    sa.event.listen(db.engine, "before_cursor_execute", record)
    yield found
    sa.event.remove(db.engine, "before_cursor_execute", record)


@pytest.fixture
def site(app):
    """A book that has a bit of everything, and addresses that lead to it."""
    reader = a_reader("ann")
    for number in range(3):
        book = a_book(f"Book {number}", ["Ann Other"], subjects=["Fiction"], language="en", first_published=1999)
        review = a_review(book, by=reader, language="en")
    a_review(book, 2, language="fr")
    a_review(book, 9, by=a_reader("bea"))
    a_vote(review)
    fill()
    values = {
        "book_id": book.ref, "author_id": book.id, "slug": "fiction", "number": 1, "name": "ann", "kind": "books",
        "review_id": review.id, "isbn": "9780439023481",
    }  # fmt: skip
    return values | {"author_id": db.session.scalar(sa.text("SELECT author_id FROM book_author"))}


def fill():
    """Add so many other books that nobody would read all of them to find one."""
    keys = {"title": "Another", "sort_title": "another", "match_key": "another|"}
    db.session.execute(sa.insert(Book), [keys] * 2_000)
    db.session.commit()
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.text("ANALYZE"))
        db.session.commit()


def addresses(app, site):
    """The pages that a visitor can read, and what their lists can be asked for."""
    for rule in app.url_map.iter_rules():
        known = rule.arguments <= site.keys() and not rule.endpoint.startswith(ELSEWHERE)
        if "GET" in rule.methods and known:
            yield rule.build({name: site[name] for name in rule.arguments})[1]
    for sort in books.SORTS:
        for narrowed in ("", "&subject=fiction", "&language=en", "&decade=1990", "&stars=3"):
            yield f"/books?sort={sort}{narrowed}"
    for sort in reviews.SORTS:
        for narrowed in ("", "&stars=4", "&language=en", "&copies=own"):
            yield f"/books/{site['book_id']}?sort={sort}{narrowed}"


def faults(statement, values):
    """What the plan of a statement tells: which tables are read whole, and whether anything is sorted."""
    return on_sqlite(statement, values) if db.engine.dialect.name == "sqlite" else on_postgresql(statement, values)


def on_sqlite(statement, values):
    rows = [row[3] for row in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    whole = [
        row
        for row in rows
        if re.fullmatch(r"SCAN \w+", row) and row.split()[1].removesuffix("_1") not in parts(statement) | SMALL
    ]
    return whole, "USE TEMP B-TREE FOR ORDER BY" in rows


def parts(statement):
    """What a statement calls the results of its own parts, which are not tables."""
    named = re.findall(r"(\w+)\(\w+\) AS", statement) + re.findall(r"\) AS (\w+)", statement)
    return {name.removesuffix("_1") for name in named} | {"CONSTANT"}


def on_postgresql(statement, values):
    connection = db.session.connection()
    for way in ("seqscan", "sort", "incremental_sort", "bitmapscan", "hashagg", "hashjoin", "mergejoin", "material"):
        connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
    plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values).scalar()[0]["Plan"]
    nodes = list(walk(plan))
    whole = {node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan" or reads_all(node, statement)} - SMALL
    return sorted(whole), any(node["Node Type"] in ("Sort", "Incremental Sort") for node in nodes)


def reads_all(node, statement):
    """Whether a node goes through all of an index, and no LIMIT or extreme ends that early."""
    early = "LIMIT" in statement or "min(" in statement
    # Of other tables it prefers that, as small as they are here, to sorting a reader's few rows.
    return node.get("Relation Name") == "book" and "Index Name" in node and "Index Cond" not in node and not early


def walk(node):
    """A node of a plan, and those below it."""
    yield node
    for below in node.get("Plans", ()):
        yield from walk(below)


def test_no_page_reads_a_whole_table_or_sorts_more_than_a_page(app, browser, asked, site):
    asked.clear()
    member = Browser(app).login(a_reader("cyd"))
    asked.clear()
    for address in addresses(app, site):
        for visitor in (browser, member):
            assert visitor.open("GET", address).status_code < 500, address
    wrong = []
    for statement, values in list(asked.items()):
        whole, sorts = faults(statement, values)
        if whole or sorts and "LIMIT" in statement and not any(words in statement for words in BOUNDED):
            wrong.append(f"{whole or 'sorts'}: {statement}")
    assert wrong == [], "\n\n".join(wrong)
