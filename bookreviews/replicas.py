"""Reading from replicas of the database (DATABASE_REPLICA_URLS); without any, nothing here costs anything.

What a GET reads comes from a replica, all of it from the same one. Everything else uses the primary: POSTs, jobs, commands,
Flask-Security's pages, and whoever has written something that no replica has replayed yet. A GET that a replica fails, or
that turns out to write, which a replica refuses, is answered once more as a whole, from the primary: nobody notices.

How far a server has come is a position in the write-ahead log, a whole number of bytes.
https://www.postgresql.org/docs/current/hot-standby.html
"""

import os
import socket
from collections import deque
from contextlib import suppress
from functools import cache
from random import sample
from threading import Event, Lock, Thread, Timer
from time import monotonic, time
from weakref import WeakSet

import psycopg
import sqlalchemy as sa
from flask import current_app, has_request_context, request, session
from flask_sqlalchemy.session import Session as FlaskSession

READING = "bookreviews.reading"  # where a request's environ keeps what it reads from; None: the primary
WRITTEN = "written"  # what the session calls the position and the moment of its last commit

# A server that was promoted is no replica any more, and has no position as one.
REPLAYED = "SELECT CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0')::bigint END"
FLUSHED = "SELECT (pg_current_wal_flush_lsn() - '0/0')::bigint"  # what replicas are sent
INSERTED = "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint"  # beyond every commit that has been answered
END = 2**63 - 1  # no replica ever comes so far

PAUSE = 1  # seconds between two looks at the servers
PATIENCE = 2  # seconds after which a server that says nothing is left out
# Seconds for which a commit is remembered longer than a replica may lag. It is forgotten so that a database that was
# restored, and counts from an earlier position again, does not send people to the primary for ever.
MARGIN = 60

# What reads from the primary even where it is a GET: links in mails act on GET, seconds after they were written; and what is
# sent piece by piece cannot be read again once it has begun.
ON_PRIMARY = {"security", "pages.sitemap_part"}


class ReadAgain(BaseException):
    """A replica has failed a request. No Exception: nothing on the way out shall take it for an error of its own."""


class Session(FlaskSession):
    """A session that reads from where its request reads."""

    def get_bind(self, mapper=None, clause=None, bind=None, **kwargs):
        if bind is None and has_request_context() and (reading := request.environ.get(READING)):
            bind = reading.engine()
        found = super().get_bind(mapper=mapper, clause=clause, bind=bind, **kwargs)
        return without_transactions(found) if only_reads() and found.dialect.name == "postgresql" else found

    def commit(self):
        """Commit; whoever asked for it reads from nowhere that has not replayed it."""
        super().commit()
        if has_request_context() and (replicas := current_app.extensions.get("replicas")):
            reading = request.environ.get(READING)
            if not (reading and reading.engine()):
                session[WRITTEN] = [replicas.inserted(), int(time())]


def only_reads():
    """Whether this is a request that writes nothing."""
    if not has_request_context() or request.method not in ("GET", "HEAD"):
        return False
    return not ON_PRIMARY & {request.blueprint, request.endpoint}


@cache
def without_transactions(engine):
    """An engine whose statements are each a transaction of their own.

    As good for reading, where each sees what is committed anyhow; it spares the statements that begin and end one, with
    which psycopg would forget what it has prepared. https://www.psycopg.org/psycopg3/docs/advanced/prepare.html
    """
    return engine.execution_options(isolation_level="AUTOCOMMIT")


class Server:
    """A server of the database: whether it can be read from, and how far it has come.

    Each statement is a transaction of its own, as good as any on a server that takes no writes, and without the
    statements that would begin and end one.
    """

    def __init__(self, url, question, options):
        arguments = options.get("connect_args", {}) | {"connect_timeout": PATIENCE}
        alone = {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True, "pool_pre_ping": False}
        self.engine = sa.create_engine(url, **options | alone | {"connect_args": arguments})
        self.question = question
        self.serves = False
        self.connections = WeakSet()
        sa.event.listen(self.engine, "connect", lambda connection, _record: self.connections.add(connection))

    def ask(self, question):
        with self.engine.connect() as connection:
            return connection.exec_driver_sql(question).scalar()

    def look(self):
        """How far the server has come; None where it does not say so in time."""
        late = Timer(PATIENCE, self.hang_up)
        late.start()
        try:
            return self.ask(self.question)
        except sa.exc.SQLAlchemyError:
            return None
        finally:
            late.cancel()

    def hang_up(self):
        """Let nobody wait for a server that says nothing: end its connections, as if it had gone."""
        self.serves = False
        for connection in list(self.connections):
            with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(connection.fileno())) as line:
                line.shutdown(socket.SHUT_RDWR)

    def fail(self, context):
        """Have a request whose query failed answered from the primary; a listener of SQLAlchemy's."""
        if context.is_disconnect:
            self.serves = False
        reading = has_request_context() and request.environ.get(READING)
        if reading and reading.again and context.sqlalchemy_exception:
            current_app.logger.warning("Read again from the primary, as a replica failed: %s", context.original_exception)
            raise ReadAgain


class Reading:
    """What a request reads from: chosen with its first query, and then it stays."""

    def __init__(self, replicas):
        self.replicas = replicas
        self.server = self.position = None  # None: the primary
        self.chosen = False
        self.again = True  # whether nothing was answered yet, so that all can be read again

    def engine(self):
        """The engine of a replica; None: the primary's."""
        if not self.chosen:
            self.chosen = True
            if only_reads():
                self.server, self.position = self.replicas.one_beyond(self.replicas.written())
        return self.server and self.server.engine


class Replicas:
    """The replicas of this site's database, watched by a thread of each process.

    How far a replica may lag is measured by what the primary had come to so many seconds ago; the time of the last
    commit that a replica has replayed would tell nothing where nobody writes.
    """

    def __init__(self, app):
        options = app.config["SQLALCHEMY_ENGINE_OPTIONS"]
        self.log = app.logger
        self.lag = app.config["REPLICA_LAG"]
        self.primary = Server(app.config["SQLALCHEMY_DATABASE_URI"], FLUSHED, options)
        self.servers = [Server(url, REPLAYED, options) for url in app.config["DATABASE_REPLICA_URLS"]]
        for server in self.servers:
            sa.event.listen(server.engine, "handle_error", server.fail)
        self.tide = deque()  # (moment, position) of the primary, the first one as long ago as a replica may lag
        self.unwatched = Lock()
        self.watcher = Thread(target=self.watch, name="replicas", daemon=True)
        self.ended = Event()

    def begin(self):
        """Watch from the first request on: what a process did before it was forked from another would not last."""
        if self.unwatched.acquire(blocking=False):
            self.watcher.start()

    def end(self):
        """Stop watching, and hang up."""
        self.ended.set()
        if self.watcher.is_alive():
            self.watcher.join()
        for server in (self.primary, *self.servers):
            server.engine.dispose()

    def one_beyond(self, written):
        """A replica that has replayed what was written, and its position; both None where there is none."""
        for server in sample(self.servers, len(self.servers)):
            if server.serves and (position := server.ask(REPLAYED) or 0) >= max(written, self.floor):
                return server, position
        return None, None

    @property
    def floor(self):
        """The position from which on a replica does not lag; 0 where the primary was never seen."""
        return self.tide[0][1] if self.tide else 0

    def written(self):
        """The position of the last commit of this request's visitor, as long as it is remembered; else 0."""
        if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:  # asking the session would make the answer vary
            return 0
        position, moment = session.get(WRITTEN, (0, 0))
        return position if time() - moment < self.lag + MARGIN else 0

    def inserted(self):
        """The primary's position, just after a commit."""
        try:
            return self.primary.ask(INSERTED)
        except sa.exc.SQLAlchemyError:  # of which the commit shall not suffer
            return END

    def watch(self):
        self.look()
        while not self.ended.wait(PAUSE):
            self.look()

    def look(self):
        """Note how far the primary has come; leave out replicas that lag or do not answer, and take them back."""
        if position := self.primary.look():
            self.note(position, monotonic())
        for server in self.servers:
            served, server.serves = server.serves, (server.look() or 0) >= max(self.floor, 1)
            if server.serves != served:
                does = "is read from" if server.serves else "lags or does not answer: it is left out"
                self.log.warning("The replica %s %s", server.engine.url, does)

    def note(self, position, moment):
        self.tide.append((moment, position))
        while len(self.tide) > 1 and self.tide[1][0] <= moment - self.lag:
            self.tide.popleft()

    def around(self, wsgi_app):
        """`wsgi_app`, whose GETs read from replicas."""

        def answer(environ, start_response):
            if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or READING in environ:  # a part of another request
                return wsgi_app(environ, start_response)
            self.begin()
            reading = environ[READING] = Reading(self)
            try:
                return wsgi_app(environ, start_response)
            except ReadAgain:
                environ[READING] = None
                return wsgi_app(environ, start_response)
            finally:
                reading.again = False

        return answer


def settle():
    """Choose what this request reads from, by what its reader wrote, before a part of it is read as visitors do."""
    if reading := request.environ.get(READING):
        reading.engine()


def position(environ):
    """How far the database had come that a request reads from, before its first query; None: it reads from the primary."""
    reading = environ.get(READING)
    return reading and reading.position


def init_app(app):
    if app.config["DATABASE_REPLICA_URLS"]:
        replicas = app.extensions["replicas"] = Replicas(app)
        app.wsgi_app = replicas.around(app.wsgi_app)
