"""Extensions, unbound; and what holds for every table: names of constraints, moments in UTC."""

import sqlite3
from datetime import UTC, datetime

import sqlalchemy as sa
from flask_compress import Compress
from flask_mail import Mail
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.orm import DeclarativeBase, registry

from bookreviews.replicas import Session

# Named constraints: a migration can only drop what has a name.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(sa.TypeDecorator):
    """An aware moment in UTC, also on SQLite, which keeps no time zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value, dialect):
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value, dialect):
        return value and (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC))


class Base(DeclarativeBase):
    """The base of all models."""

    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMES),
        type_annotation_map={datetime: UtcDateTime, str: sa.Text},
    )


@sa.event.listens_for(sa.Engine, "connect")
def set_pragmas(connection, _record):
    """SQLite as a server needs it: readers beside a writer, foreign keys enforced, patience with locks."""
    if isinstance(connection, sqlite3.Connection):
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=10000"):
            connection.execute(f"PRAGMA {pragma}")


def now():
    """This moment, aware and in UTC."""
    return datetime.now(UTC)


db = SQLAlchemy(model_class=Base, session_options={"class_": Session})


def execute(statement, values=None):
    """Run a statement in the session's transaction, but past the session itself: of columns, not of models.

    It takes half the time. What it finds are rows; of what it changes the session, and whoever keeps pages, hear nothing.

    :param values: of its parameters; of an INSERT or UPDATE also those of many rows.
    """
    session = db.session()
    session.flush()
    return session.connection().execute(statement, values)


migrate = Migrate()
csrf = CSRFProtect()
compress = Compress()
mail = Mail()
