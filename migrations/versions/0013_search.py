"""Search that does not grow

The words of each book, and the books of each word in the order in which they are known, in place of an index of trigrams:
a search looks at the best known books of a word, however many there are.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

BATCH, LONGEST = 1000, 30
ISBN = re.compile(r"97[89]\d{10}|\d{9}[\dx]")
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")  # compared as SQLite compares it
ROWS = sa.text("""
    SELECT rowid, text, authors, subjects, popularity FROM search_book JOIN book ON book.id = rowid
    WHERE rowid > :last ORDER BY rowid LIMIT :batch
""")
TRIGRAMS = {
    "sqlite": (
        """CREATE VIRTUAL TABLE search_trigram USING fts5 (
            text, authors, subjects, content='search_book', tokenize='trigram case_sensitive 1', detail=none, columnsize=0
        )""",
        """CREATE TRIGGER search_book_added AFTER INSERT ON search_book BEGIN
            INSERT INTO search_trigram (rowid, text, authors, subjects)
            VALUES (new.rowid, new.text, new.authors, new.subjects);
        END""",
        """CREATE TRIGGER search_book_gone AFTER DELETE ON search_book BEGIN
            INSERT INTO search_trigram (search_trigram, rowid, text, authors, subjects)
            VALUES ('delete', old.rowid, old.text, old.authors, old.subjects);
        END""",
        "INSERT INTO search_trigram (search_trigram) VALUES ('rebuild')",
    ),
    "postgresql": (
        """CREATE INDEX ix_search_book_trigram ON search_book
            USING gin (text gin_trgm_ops, authors gin_trgm_ops, subjects gin_trgm_ops)""",
    ),
}
NO_TRIGRAMS = {
    "sqlite": ("DROP TRIGGER search_book_added", "DROP TRIGGER search_book_gone", "DROP TABLE search_trigram"),
    "postgresql": ("DROP INDEX ix_search_book_trigram",),
}


def upgrade():
    for statement in NO_TRIGRAMS[op.get_bind().dialect.name]:
        op.execute(statement)
    op.add_column("search_book", sa.Column("place", sa.BigInteger(), nullable=False, server_default="0"))
    for table, columns in (("posting", {"word": WORD, "place": sa.BigInteger()}), ("ending", {"ending": WORD, "word": WORD})):
        op.create_table(
            f"search_{table}",
            *(sa.Column(name, kind, nullable=False) for name, kind in columns.items()),
            sa.PrimaryKeyConstraint(*columns, name=f"pk_search_{table}"),
            sqlite_with_rowid=False,
        )
    fill(op.get_bind())
    op.create_index("ix_search_book_place", "search_book", ["place"])


def fill(connection):
    """File the books that the search knows, a thousand at a time."""
    last = 0
    while rows := connection.execute(ROWS, {"last": last, "batch": BATCH}).all():
        places = {row.rowid: place(row.popularity, row.rowid) for row in rows}
        run = connection.execute
        update = sa.text("UPDATE search_book SET place = :place WHERE rowid = :rowid")
        run(update, [{"rowid": key, "place": place} for key, place in places.items()])
        filed = [{"word": word, "place": places[row.rowid]} for row in rows for word in filed_under(row)]
        learned = {(part, word) for row in rows for word in words(f"{row.text} {row.subjects}") for part in endings(word)}
        add(connection, "search_posting", "word, place", filed)
        add(connection, "search_ending", "ending, word", [{"ending": part, "word": word} for part, word in sorted(learned)])
        last = rows[-1].rowid


def place(popularity, book_id):
    step = max(popularity.bit_length() - 4, 0)
    return (2**31 - 1 - (popularity >> step << step)) << 32 | book_id


def add(connection, table, columns, rows):
    values = ", ".join(f":{column}" for column in columns.split(", "))
    if rows:
        connection.execute(sa.text(f"INSERT INTO {table} ({columns}) VALUES ({values}) ON CONFLICT DO NOTHING"), rows)


def filed_under(row):
    for mark, text in (("", row.text), ("@", row.authors), ("=", row.subjects)):
        yield from (mark + word for word in words(text))
    for isbn in {word for word in row.text.split() if ISBN.fullmatch(word) and len(word) == 13}:
        yield from (f"#{isbn[6:]}", f"#{isbn[9:]}")


def words(text):
    return {word[:LONGEST] for word in text.split() if word != "|" and not ISBN.fullmatch(word)}


def endings(word):
    yield f" {word}"
    yield from (word[start:] for start in range(1, len(word)) if len(word[start:].encode()) >= 3)


def downgrade():
    op.drop_index("ix_search_book_place", "search_book")
    op.drop_table("search_ending")
    op.drop_table("search_posting")
    op.drop_column("search_book", "place")
    for statement in TRIGRAMS[op.get_bind().dialect.name]:
        op.execute(statement)
