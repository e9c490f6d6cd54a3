"""Search

The folded text of each book, and the words in them. What makes looking inside them quick is each database's own:
trigrams by FTS5 in SQLite, by pg_trgm in PostgreSQL.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

# The index keeps trigrams alone (detail=none), and no second copy of the text (content=search_book).
SQLITE = (
    """CREATE VIRTUAL TABLE search_trigram USING fts5 (
        text, authors, subjects, content='search_book', tokenize='trigram case_sensitive 1', detail=none, columnsize=0
    )""",
    """CREATE TRIGGER search_book_added AFTER INSERT ON search_book BEGIN
        INSERT INTO search_trigram (rowid, text, authors, subjects) VALUES (new.rowid, new.text, new.authors, new.subjects);
    END""",
    """CREATE TRIGGER search_book_gone AFTER DELETE ON search_book BEGIN
        INSERT INTO search_trigram (search_trigram, rowid, text, authors, subjects)
        VALUES ('delete', old.rowid, old.text, old.authors, old.subjects);
    END""",
)
POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    """CREATE INDEX ix_search_book_trigram ON search_book
        USING gin (text gin_trgm_ops, authors gin_trgm_ops, subjects gin_trgm_ops)""",
)


def upgrade():
    op.create_table(
        "search_book",
        sa.Column("rowid", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("subjects", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["rowid"], ["book.id"], name="fk_search_book_rowid_book", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("rowid", name="pk_search_book"),
    )
    op.create_table(
        "search_form",
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("form", "word", name="pk_search_form"),
        sqlite_with_rowid=False,
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade():
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_trigram")
    op.drop_table("search_form")
    op.drop_table("search_book")
