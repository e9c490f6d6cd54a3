"""The ledger by month

How a book's score came about is told by sums, kept by the database as the ledger gets its rows, which only come and never
change: the page costs as much as there are months, not ratings.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

MONTH = {
    "sqlite": "CAST(strftime('%Y%m', {}at) AS INTEGER)",
    "postgresql": "CAST(to_char({}at AT TIME ZONE 'UTC', 'YYYYMM') AS int)",
}
COLUMNS = "(book_id, month, before, after, times)"
SUMS = "book_id, {month}, coalesce(before, 0), coalesce(after, 0), count(*) FROM {rows} GROUP BY 1, 2, 3, 4"
ADD = "ON CONFLICT (book_id, month, before, after) DO UPDATE SET times = rating_month.times + excluded.times"
KEEP = {
    "sqlite": f"""CREATE TRIGGER rating_change_came AFTER INSERT ON rating_change
        BEGIN
            INSERT INTO rating_month {COLUMNS}
            VALUES (NEW.book_id, {MONTH["sqlite"].format("NEW.")}, coalesce(NEW.before, 0), coalesce(NEW.after, 0), 1)
            {ADD};
        END""",
    # Each statement once, in the order of the key, so that those at the same moment do not wait for each other.
    "postgresql": f"""CREATE FUNCTION keep_rating_months() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO rating_month {COLUMNS}
            SELECT {SUMS.format(month=MONTH["postgresql"].format(""), rows="came")} ORDER BY 1, 2, 3, 4
            {ADD};
            RETURN NULL;
        END $$;
        CREATE TRIGGER rating_change_came AFTER INSERT ON rating_change REFERENCING NEW TABLE AS came
        FOR EACH STATEMENT EXECUTE FUNCTION keep_rating_months()""",
}
FORGET = {
    "sqlite": "DROP TRIGGER rating_change_came",
    "postgresql": "DROP TRIGGER rating_change_came ON rating_change; DROP FUNCTION keep_rating_months()",
}


def upgrade():
    database = op.get_bind().dialect.name
    key = "book_id", "month", "before", "after"
    op.create_table(
        "rating_month",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in (*key, "times")),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name=op.f("fk_rating_month_book_id_book"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_rating_month")),
        sqlite_with_rowid=False,
    )
    # The trigger first: PostgreSQL lets nobody write to the ledger from then on, until all is there.
    op.execute(KEEP[database])
    sums = SUMS.format(month=MONTH[database].format(""), rows="rating_change")
    op.execute(f"INSERT INTO rating_month {COLUMNS} SELECT {sums}")


def downgrade():
    op.execute(FORGET[op.get_bind().dialect.name])
    op.drop_table("rating_month")
