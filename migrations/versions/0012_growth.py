"""Growth

Numbers that are kept where they are shown, and indexes of what stands: nothing that a page does grows with how much there
is. A review bears what it was counted as, in place of only the rating that counts.
"""

from collections import Counter, defaultdict

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

STANDS = "deleted_at IS NULL AND held_at IS NULL AND hidden_at IS NULL AND barred_at IS NULL AND set_aside_at IS NULL"
SPEAKS = f"{STANDS} AND body <> '' AND NOT spoilers AND waits_until IS NULL AND left_out_at IS NULL"
TALLY = """(CASE WHEN deleted_at IS NOT NULL OR set_aside_at IS NOT NULL THEN NULL
    WHEN hidden_at IS NOT NULL THEN 'removed' WHEN barred_at IS NOT NULL THEN 'banned' WHEN held_at IS NOT NULL THEN 'held'
    ELSE CASE WHEN user_id IS NULL THEN 'guest ' WHEN waits_until IS NOT NULL THEN 'waiting '
            WHEN left_out_at IS NOT NULL THEN 'left_out ' ELSE 'counted ' END || CAST(rating AS TEXT)
        || CASE WHEN body <> '' THEN ',words' ELSE '' END || CASE WHEN source = 'free' THEN ',free' ELSE '' END
        || coalesce(',language ' || language, '')
    END)"""
OUTDATED = {"sqlite": f"tallied IS NOT {TALLY}", "postgresql": f"tallied IS DISTINCT FROM {TALLY}"}
WAITS, ASIDE = "waits_until IS NOT NULL", "set_aside_at IS NOT NULL"
BEFORE = (
    ("ix_review_book_helpful", "book_id helpfulness", None),
    ("ix_review_book_created", "book_id created_at", None),
    ("ix_review_book_rating", "book_id rating", None),
    ("ix_review_user_created", "user_id created_at", None),
    ("ix_review_created", "created_at id", None),
    ("ix_review_deleted", "deleted_at", None),
    ("ix_review_waiting", "waits_until", WAITS),
    ("ix_review_set_aside", "user_id guest", ASIDE),
)
NOW = (
    ("ix_review_book_helpful", "book_id helpfulness created_at id rating language", STANDS),
    ("ix_review_book_created", "book_id created_at id rating language", STANDS),
    ("ix_review_book_rating", "book_id rating created_at id language", STANDS),
    ("ix_review_for", "book_id helpfulness created_at id", f"{SPEAKS} AND rating >= 7"),
    ("ix_review_against", "book_id helpfulness created_at id", f"{SPEAKS} AND rating <= 5"),
    ("ix_review_user_created", "user_id created_at id", "user_id IS NOT NULL"),
    ("ix_review_created", "created_at id", f"{STANDS} AND body <> ''"),
    ("ix_review_deleted", "deleted_at", "deleted_at IS NOT NULL"),
    ("ix_review_set_aside", "user_id id", ASIDE),
    ("ix_review_guest_set_aside", "guest id", ASIDE),
    ("ix_review_waiting", "waits_until book_id", WAITS),
    ("ix_review_book_waiting", "book_id waits_until", WAITS),
    ("ix_review_untallied", "book_id id", OUTDATED),
)
# How many books each subject has, kept by the database: subjects come to books and go in many ways. PostgreSQL counts
# each statement once, so that an import does not write the same row again for every book.
COUNTERS = {
    "sqlite": (
        """CREATE TRIGGER book_subject_came AFTER INSERT ON book_subject
        BEGIN UPDATE subject SET books_count = books_count + 1 WHERE id = NEW.subject_id; END""",
        """CREATE TRIGGER book_subject_went AFTER DELETE ON book_subject
        BEGIN UPDATE subject SET books_count = books_count - 1 WHERE id = OLD.subject_id; END""",
    ),
    "postgresql": (
        """CREATE FUNCTION count_books_of_subjects() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE subject SET books_count = books_count + changes.times * CAST(TG_ARGV[0] AS int)
            FROM (SELECT subject_id, count(*) AS times FROM changed GROUP BY subject_id ORDER BY subject_id) changes
            WHERE id = changes.subject_id;
            RETURN NULL;
        END $$""",
        """CREATE TRIGGER book_subject_came AFTER INSERT ON book_subject REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION count_books_of_subjects('1')""",
        """CREATE TRIGGER book_subject_went AFTER DELETE ON book_subject REFERENCING OLD TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION count_books_of_subjects('-1')""",
    ),
}
# How often each action was taken in a year, for the public log, which only grows.
YEAR = {
    "sqlite": "CAST(strftime('%Y', {}at) AS INTEGER)",
    "postgresql": "CAST(extract(year FROM {}at AT TIME ZONE 'UTC') AS int)",
}
COUNT_ONE = """INSERT INTO decision_count (year, action, count) VALUES ({year}, NEW.action, 1)
    ON CONFLICT (year, action) DO UPDATE SET count = decision_count.count + 1;"""
UNCOUNT_ONE = "UPDATE decision_count SET count = count - 1 WHERE year = {year} AND action = OLD.action;"
COUNTED = """(CASE WHEN deleted_at IS NULL AND held_at IS NULL AND hidden_at IS NULL AND barred_at IS NULL
    AND set_aside_at IS NULL AND user_id IS NOT NULL AND waits_until IS NULL AND left_out_at IS NULL THEN rating END)"""
BATCH = 10_000
SORTS = {
    "best": ("score", "popularity", "id"),
    "reviewed": ("reviews_count", "popularity", "id"),
    "newest": ("year_key", "popularity", "id"),
    "title": ("sort_title", "id"),
}


def make(indexes):
    for name, columns, condition in indexes:
        conditions = condition if isinstance(condition, dict) else dict.fromkeys(("sqlite", "postgresql"), condition)
        where = {f"{database}_where": sa.text(text) for database, text in conditions.items() if text}
        op.create_index(name, "review", columns.split(), **where)


def drop(indexes):
    for name, *_ in indexes:
        op.drop_index(name, "review")


def count_decisions():
    database = op.get_bind().dialect.name
    year = YEAR[database]
    op.create_table(
        "decision_count",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", "action", name=op.f("pk_decision_count")),
    )
    op.execute(f"INSERT INTO decision_count SELECT {year.format('')}, action, count(*) FROM decision GROUP BY 1, 2")
    for way, event, row, statement in (("came", "INSERT", "NEW", COUNT_ONE), ("went", "DELETE", "OLD", UNCOUNT_ONE)):
        body = f"BEGIN {statement.format(year=year.format(row + '.'))}"
        if database == "sqlite":
            op.execute(f"CREATE TRIGGER decision_{way} AFTER {event} ON decision {body} END")
        else:
            op.execute(f"CREATE FUNCTION decision_{way}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} RETURN NULL; END $$")
            op.execute(
                f"CREATE TRIGGER decision_{way} AFTER {event} ON decision FOR EACH ROW EXECUTE FUNCTION decision_{way}()"
            )
    for column in ("action", "rule", "role"):
        op.create_index(f"ix_decision_{column}", "decision", [column, "at", "id"])


def forget_decisions():
    sqlite = op.get_bind().dialect.name == "sqlite"
    for way in ("came", "went"):
        op.execute(f"DROP TRIGGER decision_{way}" + ("" if sqlite else " ON decision"))
        if not sqlite:
            op.execute(f"DROP FUNCTION decision_{way}()")
    for column in ("action", "rule", "role"):
        op.drop_index(f"ix_decision_{column}", "decision")
    op.drop_table("decision_count")


def upgrade():
    count_decisions()
    drop(BEFORE)
    op.add_column("review", sa.Column("tallied", sa.Text(), nullable=True))
    op.execute(f"UPDATE review SET tallied = {TALLY} WHERE {TALLY} IS NOT NULL")
    op.drop_column("review", "counted")
    make(NOW)
    op.add_column("book", sa.Column("tallies", sa.JSON(), server_default="{}", nullable=False))
    keep_tallies(op.get_bind())
    # SQLite cannot add a column that is computed and stored to a table that is there; PostgreSQL before 18 has no other.
    stored = op.get_bind().dialect.name == "postgresql"
    op.add_column("book", sa.Column("decade", sa.Integer(), sa.Computed("first_published / 10", persisted=stored)))
    op.drop_index("ix_book_language", "book")
    for narrowed in ("language", "decade"):
        for sort, columns in SORTS.items():
            op.create_index(f"ix_book_{narrowed}_{sort}", "book", [narrowed, *columns])
    op.add_column("subject", sa.Column("books_count", sa.Integer(), server_default="0", nullable=False))
    op.execute("UPDATE subject SET books_count = (SELECT count(*) FROM book_subject WHERE subject_id = subject.id)")
    op.create_index("ix_subject_books_count", "subject", ["books_count"])
    for statement in COUNTERS[op.get_bind().dialect.name]:
        op.execute(statement)


def keep_tallies(connection):
    """Count what each book's reviews are part of, some thousand books at a time."""
    found = sa.text(
        "SELECT book_id, tallied, count(*) FROM review WHERE tallied IS NOT NULL AND book_id BETWEEN :first AND :last"
        " GROUP BY book_id, tallied"
    )
    keep = sa.update(sa.table("book", sa.column("id"), sa.column("tallies", sa.JSON)))
    keep = keep.where(sa.column("id") == sa.bindparam("key")).values(tallies=sa.bindparam("told"))
    last = connection.scalar(sa.text("SELECT max(book_id) FROM review")) or 0
    for first in range(1, last + 1, BATCH):
        tallies = defaultdict(Counter)
        for book_id, tallied, times in connection.execute(found, {"first": first, "last": first + BATCH - 1}):
            tallies[book_id].update(dict.fromkeys(tallied.split(","), times))
        if tallies:
            connection.execute(keep, [{"key": key, "told": dict(sorted(told.items()))} for key, told in tallies.items()])


def downgrade():
    forget_decisions()
    for way in ("came", "went"):
        sqlite = op.get_bind().dialect.name == "sqlite"
        op.execute(f"DROP TRIGGER book_subject_{way}" + ("" if sqlite else " ON book_subject"))
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION count_books_of_subjects()")
    op.drop_index("ix_subject_books_count", "subject")
    op.drop_column("subject", "books_count")
    for narrowed in ("language", "decade"):
        for sort in SORTS:
            op.drop_index(f"ix_book_{narrowed}_{sort}", "book")
    op.create_index("ix_book_language", "book", ["language"])
    op.drop_column("book", "decade")
    op.drop_column("book", "tallies")
    drop(NOW)
    op.add_column("review", sa.Column("counted", sa.Integer(), nullable=True))
    op.execute(f"UPDATE review SET counted = {COUNTED} WHERE {COUNTED} IS NOT NULL")
    op.drop_column("review", "tallied")
    make(BEFORE)
