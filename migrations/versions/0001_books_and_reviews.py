"""Books and reviews"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table(
        "author",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_author")),
        sa.UniqueConstraint("name_key", name=op.f("uq_author_name_key")),
    )
    op.create_table(
        "book",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("subtitle", sa.Text(), server_default="", nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("first_published", sa.Integer(), nullable=True),
        sa.Column("series", sa.Text(), server_default="", nullable=False),
        sa.Column("series_position", sa.Text(), server_default="", nullable=False),
        sa.Column("sort_title", sa.Text(), nullable=False),
        sa.Column("match_key", sa.Text(), nullable=False),
        sa.Column("sample", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ratings_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ratings_sum", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reviews_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("outside_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "score",
            sa.Double(),
            sa.Computed(
                "CASE WHEN ratings_count = 0 THEN 0 ELSE CAST(35 + ratings_sum AS DOUBLE PRECISION) / (5 + ratings_count) END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column("popularity", sa.Integer(), sa.Computed("ratings_count + outside_count", persisted=True), nullable=False),
        sa.Column("year_key", sa.Integer(), sa.Computed("coalesce(first_published, -10000)", persisted=True), nullable=False),
        sa.CheckConstraint("first_published <> 0", name=op.f("ck_book_no_year_zero")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book")),
    )
    with op.batch_alter_table("book", schema=None) as batch_op:
        batch_op.create_index("ix_book_best", ["score", "popularity", "id"], unique=False)
        batch_op.create_index("ix_book_language", ["language"], unique=False)
        batch_op.create_index("ix_book_match", ["match_key"], unique=False)
        batch_op.create_index("ix_book_newest", ["year_key", "popularity", "id"], unique=False)
        batch_op.create_index("ix_book_reviewed", ["reviews_count", "popularity", "id"], unique=False)
        batch_op.create_index("ix_book_title", ["sort_title", "id"], unique=False)

    op.create_table(
        "subject",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject")),
        sa.UniqueConstraint("slug", name=op.f("uq_subject_slug")),
    )
    op.create_table(
        "book_author",
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), server_default="author", nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["author.id"], name=op.f("fk_book_author_author_id_author"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name=op.f("fk_book_author_book_id_book"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("book_id", "author_id", "role", name=op.f("pk_book_author")),
    )
    with op.batch_alter_table("book_author", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_book_author_author_id"), ["author_id"], unique=False)

    op.create_table(
        "book_subject",
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name=op.f("fk_book_subject_book_id_book"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_book_subject_subject_id_subject"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("book_id", "subject_id", name=op.f("pk_book_subject")),
    )
    with op.batch_alter_table("book_subject", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_book_subject_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("isbn13", sa.Text(), nullable=True),
        sa.Column("format", sa.Text(), server_default="", nullable=False),
        sa.Column("publisher", sa.Text(), server_default="", nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name=op.f("fk_edition_book_id_book"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("isbn13", name=op.f("uq_edition_isbn13")),
    )
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edition_book_id"), ["book_id"], unique=False)

    op.create_table(
        "identifier",
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name=op.f("fk_identifier_book_id_book"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("scheme", "value", name=op.f("pk_identifier")),
    )
    with op.batch_alter_table("identifier", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identifier_book_id"), ["book_id"], unique=False)

    op.create_table(
        "outside_rating",
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("average", sa.Double(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name=op.f("fk_outside_rating_book_id_book"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("book_id", "source", name=op.f("pk_outside_rating")),
    )
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("guest", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("spoilers", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("rating BETWEEN 1 AND 10", name=op.f("ck_review_rating_in_range")),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name=op.f("fk_review_book_id_book"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("book_id", "guest", name=op.f("uq_review_book_id_guest")),
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index("ix_review_book_created", ["book_id", "created_at"], unique=False)
        batch_op.create_index("ix_review_book_rating", ["book_id", "rating"], unique=False)
        batch_op.create_index("ix_review_created", ["created_at", "id"], unique=False)
        batch_op.create_index("ix_review_deleted", ["deleted_at"], unique=False)


def downgrade():
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_index("ix_review_deleted")
        batch_op.drop_index("ix_review_created")
        batch_op.drop_index("ix_review_book_rating")
        batch_op.drop_index("ix_review_book_created")

    op.drop_table("review")
    op.drop_table("outside_rating")
    with op.batch_alter_table("identifier", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identifier_book_id"))

    op.drop_table("identifier")
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_edition_book_id"))

    op.drop_table("edition")
    with op.batch_alter_table("book_subject", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_book_subject_subject_id"))

    op.drop_table("book_subject")
    with op.batch_alter_table("book_author", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_book_author_author_id"))

    op.drop_table("book_author")
    op.drop_table("subject")
    with op.batch_alter_table("book", schema=None) as batch_op:
        batch_op.drop_index("ix_book_title")
        batch_op.drop_index("ix_book_reviewed")
        batch_op.drop_index("ix_book_newest")
        batch_op.drop_index("ix_book_match")
        batch_op.drop_index("ix_book_language")
        batch_op.drop_index("ix_book_best")

    op.drop_table("book")
    op.drop_table("author")
