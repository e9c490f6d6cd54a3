"""Trust

The ledger of ratings that count, cases and decisions of moderators, and what takes a review off the site or out of the
score.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

MOMENTS = ("hidden_at", "barred_at", "waits_until", "left_out_at", "joined_at")
STANDS = "deleted_at IS NULL AND held_at IS NULL AND user_id IS NOT NULL"
STILL_HAS_ITS_BOOK = "EXISTS (SELECT 1 FROM book WHERE book.id = OLD.book_id)"

# Nothing that is in the ledger changes, whoever asks. Rows go with their book, whose own row is gone by then.
GUARDS = {
    "postgresql": (
        f"""CREATE FUNCTION rating_change_stays() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' OR {STILL_HAS_ITS_BOOK} THEN
                RAISE EXCEPTION 'the ledger of ratings is append-only';
            END IF;
            RETURN OLD;
        END $$""",
        """CREATE TRIGGER rating_change_stays BEFORE UPDATE OR DELETE ON rating_change
        FOR EACH ROW EXECUTE FUNCTION rating_change_stays()""",
    ),
    "sqlite": (
        """CREATE TRIGGER rating_change_is_not_replaced BEFORE INSERT ON rating_change
        WHEN EXISTS (SELECT 1 FROM rating_change WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'the ledger of ratings is append-only'); END""",
        """CREATE TRIGGER rating_change_is_not_changed BEFORE UPDATE ON rating_change
        BEGIN SELECT RAISE(ABORT, 'the ledger of ratings is append-only'); END""",
        f"""CREATE TRIGGER rating_change_stays BEFORE DELETE ON rating_change WHEN {STILL_HAS_ITS_BOOK}
        BEGIN SELECT RAISE(ABORT, 'the ledger of ratings is append-only'); END""",
    ),
}


def moment(name, nullable=False):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade():
    for name in MOMENTS:
        op.add_column("review", moment(name, nullable=True))
    op.add_column("review", sa.Column("counted", sa.Integer(), nullable=True))
    op.add_column("review_version", sa.Column("hidden", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("user", moment("banned_at", nullable=True))
    waits = sa.text("waits_until IS NOT NULL")
    op.create_index("ix_review_waiting", "review", ["waits_until"], sqlite_where=waits, postgresql_where=waits)
    op.execute(f"UPDATE review SET counted = rating WHERE {STANDS}")

    op.create_table(
        "rating_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        moment("at"),
        sa.Column("before", sa.Integer(), nullable=True),
        sa.Column("after", sa.Integer(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.CheckConstraint("coalesce(before, after) IS NOT NULL", name=op.f("ck_rating_change_says_something")),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name=op.f("fk_rating_change_book_id_book"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_change")),
    )
    # What is known of the past: when a rating was given. What it was before a change, and why, is not.
    op.execute(
        "INSERT INTO rating_change (book_id, review_id, at, before, after, cause)"
        f" SELECT book_id, id, created_at, NULL, rating, 'began' FROM review WHERE {STANDS} ORDER BY created_at, id"
    )
    op.create_index("ix_rating_change_book", "rating_change", ["book_id", "at", "id"])
    op.create_index("ix_rating_change_review", "rating_change", ["review_id", "id"])
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)

    op.create_table(
        "moderation_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("book_id", sa.Integer(), nullable=True),
        sa.Column("review_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        moment("opened_at"),
        moment("closed_at", nullable=True),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name=op.f("fk_moderation_case_book_id_book"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_moderation_case_review_id_review"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_moderation_case_user_id_user"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_case")),
    )
    is_open, of_review = sa.text("closed_at IS NULL"), sa.text("closed_at IS NULL AND review_id IS NOT NULL")
    op.create_index(
        "ix_moderation_case_open", "moderation_case", ["opened_at", "id"], sqlite_where=is_open, postgresql_where=is_open
    )
    op.create_index(
        "uq_moderation_case_review", "moderation_case", ["review_id", "kind"], unique=True,
        sqlite_where=of_review, postgresql_where=of_review,
    )  # fmt: skip
    for column in ("book_id", "user_id"):
        op.create_index(f"ix_moderation_case_{column}", "moderation_case", [column])

    op.execute(
        "INSERT INTO moderation_case (kind, book_id, review_id, opened_at)"
        " SELECT 'review', book_id, id, held_at FROM review WHERE held_at IS NOT NULL AND deleted_at IS NULL"
    )

    op.create_table(
        "flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        moment("at"),
        sa.ForeignKeyConstraint(
            ["case_id"], ["moderation_case.id"], name=op.f("fk_flag_case_id_moderation_case"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
        sa.UniqueConstraint("case_id", "rule", name=op.f("uq_flag_case_id_rule")),
    )

    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        moment("at"),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        *(
            sa.Column(f"{name}_id", sa.Integer(), nullable=True)
            for name in ("moderator", "case", "book", "review", "user")
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{name}_id"], [f"{table}.id"], name=op.f(f"fk_decision_{name}_id_{table}"), ondelete="SET NULL"
            )
            for name, table in (
                ("moderator", "user"), ("case", "moderation_case"), ("book", "book"), ("review", "review"), ("user", "user"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )  # fmt: skip
    op.create_index("ix_decision_at", "decision", ["at", "id"])
    op.create_index("ix_decision_book_id", "decision", ["book_id", "at", "id"])
    for column in ("review_id", "user_id", "moderator_id", "case_id"):
        op.create_index(f"ix_decision_{column}", "decision", [column])


def downgrade():
    for table in ("decision", "flag", "moderation_case", "rating_change"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION rating_change_stays()")
    # What was off the site stays off it.
    op.execute("UPDATE review SET held_at = coalesce(held_at, hidden_at, barred_at)")
    for number, of in (("ratings_count", "count(*)"), ("ratings_sum", "coalesce(sum(rating), 0)")):
        op.execute(
            f"UPDATE book SET {number} = (SELECT {of} FROM review WHERE book_id = book.id AND {STANDS})"
            " WHERE id IN (SELECT book_id FROM review WHERE counted IS NULL)"
        )
    op.drop_index("ix_review_waiting", "review")
    for name in ("counted", *MOMENTS):
        op.drop_column("review", name)
    op.drop_column("review_version", "hidden")
    op.drop_column("user", "banned_at")
