"""Runs the migrations on the site's own database."""

from contextlib import contextmanager

import sqlalchemy as sa
from alembic import context
from flask import current_app

from bookreviews.extensions import UtcDateTime, db


def ours(name, type_, _parents):
    """Whether autogenerate looks after a table: not those of the search, which each database has in its own way."""
    return not (type_ == "table" and name.startswith("search_"))


def render(type_, item, _context):
    """Types of ours as the plain type they are in the database, so that old migrations do not hang on new code."""
    return "sa.DateTime(timezone=True)" if type_ == "type" and isinstance(item, UtcDateTime) else False


@contextmanager
def foreign_keys_off(connection):
    """SQLite changes a table by copying and dropping it, which must not delete the rows that refer to it."""
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def engine():
    """The way to the database: past a pooler, where there is one, since migrations hold locks and take their time."""
    url = current_app.config["DATABASE_DIRECT_URL"]
    return sa.create_engine(url, poolclass=sa.NullPool) if url else db.engine


with engine().connect() as connection, foreign_keys_off(connection):
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        include_name=ours,
        render_item=render,
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()
