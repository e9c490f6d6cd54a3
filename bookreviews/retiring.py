"""Telling all who keep pages which rows a commit has changed.

The tags of rows that a session writes are gathered, and stamped before its commit and after it, before anybody is answered:
on this machine every process sees that at once (stamps.py). On PostgreSQL the commit itself tells all machines, by NOTIFY, and
each process that keeps pages listens; while it hears nothing it trusts no page.
https://www.postgresql.org/docs/current/sql-notify.html
"""

import time
from contextlib import contextmanager
from functools import cache
from itertools import chain
from pathlib import Path
from threading import Thread

import psycopg
import sqlalchemy as sa
from flask import current_app

from bookreviews.extensions import db
from bookreviews.stamps import Stamps, place
from bookreviews.tags import RETIRES

CHANNEL = "bookreviews_pages"
LONGEST_NOTICE = 7_900  # bytes; PostgreSQL takes 8,000
# In seconds: between two looks whether all is well, between two tries when it is not, and after which a database that says
# nothing is gone.
LOOK, AGAIN, SILENCE = 2, 1, 5
# An idle connection that some router has dropped is found out.
KEEPALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 2, "connect_timeout": 5}
# In the place of tags: whatever is kept.
EVERYTHING = None
# Tables of no model that pages show.
SHOWN_TABLES = {"book_subject"}


class News:
    """What this process knows of changes, and tells of them; it listens from the first question on.

    :param forget: called when some may have been missed.
    """

    def __init__(self, app, forget):
        self.app, self.forget = app, forget
        self.stamps, self.listener, self.until, self.well = None, None, 0, True

    @property
    def reliable(self):
        """Whether every change is heard of."""
        return time.monotonic() < self.until or self.look()

    def look(self):
        """See to it that changes are heard of; whether they are already."""
        if is_postgresql(self.url()):
            if self.listener is None:
                self.listener = Thread(target=self.listen, name="news of pages", daemon=True)
                self.listener.start()
            return False
        try:
            self.share()
            self.until = time.monotonic() + LOOK
        except OSError as error:
            self.fail(error)
            return False
        return True

    def share(self):
        """Have stamps in common with all processes of this machine.

        :raises OSError: where that cannot be.
        """
        if self.stamps is None or not self.stamps.is_shared:
            self.forget()
            if self.stamps and self.stamps.is_spoilt:
                Path(self.stamps.path).unlink(missing_ok=True)
            self.stamps = Stamps(place(self.url()))

    @property
    def origin(self):
        """What tells this machine from others; 0 where it has no stamps."""
        try:
            self.share()
        except OSError as error:
            self.fail(error)
            return 0
        return self.stamps.origin

    def retire(self, tags):
        """Let no page stand that shows a row with one of these tags, or no page at all: EVERYTHING."""
        replicas = self.app.extensions.get("replicas")
        self.stamp(tags, replicas.inserted() if replicas else 0)

    def stamp(self, tags, position=None):
        """Stamp tags, or everything, for all of this machine; see Stamps.stamp."""
        try:
            if self.stamps and not self.stamps.is_spoilt:
                self.stamps.stamp(tags, position)
            if not (self.stamps and self.stamps.is_shared):  # where somebody removed them, some may share those still
                self.share()
                self.stamps.stamp(tags, position)
        except OSError as error:
            self.fail(error)

    def listen(self):
        """Hear of changes on any machine, for as long as the process lives."""
        while True:
            try:
                self.hear()
            except (psycopg.Error, OSError) as error:
                self.fail(error)
            time.sleep(AGAIN)

    def hear(self):
        """The same, until something goes wrong."""
        with listening(self.app) as connection:
            self.forget()
            while True:
                self.share()
                self.until, self.well = time.monotonic() + SILENCE, True
                self.read(connection, LOOK)
                connection.execute("SELECT 1")  # is it still there?
                self.read(connection, 0)

    def read(self, connection, seconds):
        """Stamp what others have changed, as they tell it in so many seconds."""
        for origin, tags in notices(connection, seconds):
            if origin != str(self.stamps.origin):  # those of this machine are stamped already
                self.retire(tags)

    def fail(self, error):
        """Trust no page; say so, once."""
        self.until = 0
        if self.well:
            self.app.logger.warning("Pages are made afresh each time, as changes cannot be heard of: %s", error)
        self.well = False

    def url(self):
        """The address of the database."""
        with self.app.app_context():
            return db.engine.url


@contextmanager
def listening(app):
    """A connection to PostgreSQL that hears of changes."""
    direct = app.config["DATABASE_DIRECT_URL"]  # a pooler would give what is heard to somebody else
    with app.app_context():
        url = sa.make_url(direct) if direct else db.engine.url
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True, **KEEPALIVE) as connection:
        connection.execute(f"LISTEN {CHANNEL}")
        yield connection


def notices(connection, seconds):
    """What a connection hears in so many seconds: (the origin of whoever changed something, its tags or EVERYTHING), …"""
    for notice in connection.notifies(timeout=seconds):
        origin, *tags = notice.payload.split()
        yield origin, tags or EVERYTHING


def changes():
    """The tags of what any process changes, or EVERYTHING, as it happens, without end; first EVERYTHING.

    :raises psycopg.Error: where the database is gone.
    """
    with listening(current_app) as connection:
        yield EVERYTHING  # what was changed before is not known
        while True:
            yield from (tags for _, tags in notices(connection, LOOK))
            connection.execute("SELECT 1")


def is_postgresql(url):
    return url.get_backend_name() == "postgresql"


def note(session, tags):
    """Note that a session changes rows with these tags, or nobody knows which: EVERYTHING."""
    session.info.setdefault("changed", set()).update({EVERYTHING} if tags is EVERYTHING else tags)


def retire(*tags):
    """Note that this transaction changes rows with these tags; without any, that it may change all of them."""
    note(db.session(), tags or EVERYTHING)


@sa.event.listens_for(db.session, "after_flush")
def note_rows(session, _context):
    for row in chain(session.new, session.dirty, session.deleted):
        note(session, getattr(row, "cache_tags", ()))
    for row in session.dirty:
        if hasattr(row, "cache_tags"):
            note(session, type(row).cache_tags.fget(Before(row)))


class Before:
    """A row as it was before it was changed: an edition that goes to another book goes away from one, too."""

    def __init__(self, row):
        self.row = row

    def __getattr__(self, name):
        gone = sa.inspect(self.row).attrs[name].history.deleted
        return gone[0] if gone else getattr(self.row, name)


@sa.event.listens_for(db.session, "do_orm_execute")
def note_statement(state):
    """Statements that change many rows say what they change, or all of it may have."""
    if (state.is_insert or state.is_update or state.is_delete) and is_shown(state.statement.table):
        note(state.session, state.execution_options.get(RETIRES, EVERYTHING))


@cache
def is_shown(table):
    """Whether pages that are kept show rows of a table."""
    return table.name in SHOWN_TABLES | {
        mapper.local_table.name for mapper in db.Model.registry.mappers if hasattr(mapper.class_, "cache_tags")
    }


@sa.event.listens_for(db.session, "before_commit")
def announce(session):
    """Have the commit tell other machines what it changes; and tell this one already now, lest a process that is killed
    right after it leaves pages that nobody retires."""
    session.flush()
    changed = session.info.get("changed")
    if not changed or session.in_nested_transaction():
        return
    news, tags = current_app.extensions["news"], EVERYTHING if EVERYTHING in changed else sorted(changed)
    news.stamp(tags)
    if is_postgresql(db.engine.url):
        notice = " ".join([str(news.origin), *(tags or ())])
        notice = notice if len(notice) <= LONGEST_NOTICE else str(news.origin)
        session.connection().execute(sa.select(sa.func.pg_notify(CHANNEL, notice)))


@sa.event.listens_for(db.session, "after_commit")
def tell_processes(session):
    if not session.in_nested_transaction() and (changed := session.info.pop("changed", None)):
        current_app.extensions["news"].retire(EVERYTHING if EVERYTHING in changed else changed)


@sa.event.listens_for(db.session, "after_rollback")
def forget_changes(session):
    session.info.pop("changed", None)
