"""Every test that asks for `app` runs on SQLite and on PostgreSQL, on tables made by the migrations."""

import gc
import os
import time
from contextlib import contextmanager
from contextvars import Context
from functools import cache
from pathlib import Path
from threading import Thread

import flask_migrate
import pytest
import sqlalchemy as sa
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server
from werkzeug.test import run_wsgi_app

from bookreviews import background, create_app
from bookreviews.books.models import Book
from bookreviews.config import database_url, from_environ
from bookreviews.extensions import db
from bookreviews.retiring import EVERYTHING
from bookreviews.search.index import ending, filed, posting
from tests import chromium as chromium_of_the_system
from tests import postgres
from tests.browser import Browser

ROOT = Path(__file__).parent.parent
NO_POSTGRES = (
    "NO POSTGRESQL: none runs here, none is installed. The tests ran on SQLite only. Set TEST_DATABASE_URL to change that."
)

NO_CHROMIUM = "NO BROWSER: no Chromium or Chrome is installed. The tests in a real browser were left out."


def missing(sentence):
    """Skip a test for want of something; fail it where everything should be there."""
    pytest.fail(sentence) if os.environ.get("CI") == "true" else pytest.skip(sentence)


SETTINGS = from_environ({"SECRET_KEY": "test"}, "") | {
    "TESTING": True,
    "RATELIMIT_ENABLED": False,
    "COVERS_URL": "memory:///",
    "SPAM_SECONDS": 0,  # nobody here takes as long as people do
    # Passwords hashed as cheaply as can be.
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {"argon2__memory_cost": 8, "argon2__time_cost": 1, "argon2__parallelism": 1},
}


def make_app(url):
    return create_app(SETTINGS | {"SQLALCHEMY_DATABASE_URI": database_url(url)})


def migrated(url):
    app = make_app(url)
    with app.app_context():
        flask_migrate.upgrade(ROOT / "migrations")
    return app


@pytest.fixture(scope="session")
def postgres_url():
    with postgres.database() as url:
        if url is None:
            missing(NO_POSTGRES)
        yield url


@pytest.fixture(scope="session")
def postgres_app(postgres_url):
    app = migrated(postgres_url)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_app(tmp_path_factory):
    app = migrated(f"sqlite:///{tmp_path_factory.mktemp('sqlite')}/test.db")
    yield app
    with app.app_context():
        db.engine.dispose()


def emptied(app):
    """`app` with nothing in its tables and no pictures, and ids that begin at 1."""
    app.extensions.pop("covers", None)
    with app.app_context():
        with db.engine.begin() as connection:
            if connection.dialect.name == "postgresql":  # which takes them all at once
                connection.exec_driver_sql(";".join((*deletes(), *resets())))
            else:
                for statement in deletes():
                    connection.exec_driver_sql(statement)
    app.extensions["news"].retire(EVERYTHING)  # no session has seen that
    return app


@cache
def deletes():
    """What empties the tables; where there are few rows, that is much quicker than TRUNCATE."""
    # What the search knows goes with the books, and so does the ledger, which lets nobody delete from it.
    tables = posting, ending, filed, Book.__table__, *reversed(db.metadata.sorted_tables)
    return [f'DELETE FROM "{table.name}"' for table in tables]


@cache
def resets():
    """What makes PostgreSQL count ids from 1 again."""
    return [f"SELECT setval('{name}', 1, false)" for name in sa.inspect(db.engine).get_sequence_names()]


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request):
    """The site with an empty database, on each database in turn, its context pushed."""
    app = emptied(request.getfixturevalue("sqlite_app" if request.param == "sqlite" else "postgres_app"))
    with app.app_context():
        yield app
        db.session.remove()


@pytest.fixture
def made_anew(sqlite_app):
    """Make the site anew, with other settings: `made_anew(DEBUG=True)`."""
    apps = []

    def make(**settings):
        database = {"SQLALCHEMY_DATABASE_URI": sqlite_app.config["SQLALCHEMY_DATABASE_URI"]}
        apps.append(create_app(SETTINGS | database | settings))
        return apps[-1]

    yield make
    background.finish()  # what they still had to send is sent, and its connection given back
    for app in apps:
        with app.app_context():
            db.engine.dispose()


def wait_until(true, seconds=20):
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to be"
        time.sleep(0.01)


@pytest.fixture
def browser(app):
    """A visitor's browser."""
    return Browser(app)


def whole(app):
    """`app` with each answer read before it is sent: Werkzeug's server leaves a file open where a browser hangs up."""

    def answer(environ, start_response):
        parts, status, headers = run_wsgi_app(app, environ, buffered=True)
        start_response(status, headers.to_wsgi_list())
        return parts

    return answer


@pytest.fixture
def site(app):
    """The address of the site, served to real browsers."""
    server = make_server("127.0.0.1", 0, whole(app), threaded=True)
    thread = Thread(target=Context().run, args=(server.serve_forever, 0.02))  # looks that often whether it shall end
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def chromium():
    """A real browser."""
    if chromium_of_the_system.executable() is None:
        missing(NO_CHROMIUM)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium_of_the_system.launch_options())
        yield browser
        browser.close()


# Nothing moves slowly: one would have to wait until a button stands still before it can be clicked.
PHONE = {"viewport": {"width": 390, "height": 844}, "reduced_motion": "reduce"}


@pytest.fixture
def page(chromium, site):
    """A page of a phone's browser, at the site."""
    with chromium.new_context(base_url=site, **PHONE) as context:
        context.set_default_timeout(10_000)
        yield context.new_page()
        context.unroute_all(behavior="ignoreErrors")  # of what is asked for while the page is closed


@pytest.fixture(params=["scripts off", "scripts blocked", "parts of the scripts blocked", "scripts broken"])
def plain_page(request, chromium, site):
    """A page, like `page`, whose scripts do not do what they should."""
    off = request.param == "scripts off"
    with chromium.new_context(base_url=site, java_script_enabled=not off, **PHONE) as context:
        context.set_default_timeout(10_000)
        if request.param == "scripts blocked":
            context.route("**/*.js", lambda route: route.abort())
        if request.param == "parts of the scripts blocked":
            context.route(lambda url: url.endswith(".js") and not url.endswith("/site.js"), lambda route: route.abort())
        if request.param == "scripts broken":
            context.route("**/*.js", lambda route: route.fulfill(content_type="text/javascript", body="throw Error()"))
        yield context.new_page()
        context.unroute_all(behavior="ignoreErrors")  # of what is asked for while the page is closed


@pytest.fixture
def cli(app):
    """Run one of the site's commands: `cli("catalogue", "stats")`."""
    runner = app.test_cli_runner()
    return lambda *args, **options: runner.invoke(args=[str(arg) for arg in args], **options)


@pytest.fixture
def queries(app):
    """Count statements: `with queries() as found: …` leaves the statements in `found`."""

    @contextmanager
    def recorded():
        found = []

        def record(_connection, _cursor, statement, _parameters, _context, _many):
            found.append(statement)

        sa.event.listen(db.engine, "before_cursor_execute", record)
        try:
            yield found
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", record)

    return recorded


def pytest_collection_finish():
    """Let the garbage collector look less often, and not at what stays until the end: it took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)


def pytest_terminal_summary(terminalreporter):
    skipped = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", ())]
    for sentence in (NO_POSTGRES, NO_CHROMIUM):
        if any(sentence in reason for reason in skipped):
            terminalreporter.write_line(sentence, red=True, bold=True)
