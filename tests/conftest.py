"""Every test that asks for `app` runs on SQLite and on PostgreSQL, on tables made by the migrations."""

import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa

from bookreviews import create_app
from bookreviews.config import FIXED, database_url
from bookreviews.extensions import db
from tests import postgres
from tests.browser import Browser

ROOT = Path(__file__).parent.parent
NO_POSTGRES = (
    "NO POSTGRESQL: none runs here, none is installed. The tests ran on SQLite only. Set TEST_DATABASE_URL to change that."
)


def make_app(url):
    settings = {"TESTING": True, "SECRET_KEY": "test", "SQLALCHEMY_DATABASE_URI": database_url(url), "SITE_NAME": "BookReviews"}
    return create_app(FIXED | settings | {"SITE_URL": None})


def migrated(url):
    app = make_app(url)
    with app.app_context():
        flask_migrate.upgrade(ROOT / "migrations")
    return app


@pytest.fixture(scope="session")
def postgres_url():
    with postgres.database() as url:
        if url is None and os.environ.get("CI") == "true":
            pytest.fail(NO_POSTGRES)
        yield url


@pytest.fixture(scope="session")
def postgres_app(postgres_url):
    if postgres_url is None:
        pytest.skip(NO_POSTGRES)
    app = migrated(postgres_url)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_app(tmp_path_factory):
    path = tmp_path_factory.mktemp("sqlite") / "test.db"
    app = migrated(f"sqlite:///{path}")
    with app.app_context():
        db.engine.dispose()
    shutil.copy(path, path.with_suffix(".empty"))
    return app


def emptied(app):
    """`app` with nothing in its tables."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            db.engine.dispose()
            path = Path(db.engine.url.database)
            for journal in ("-wal", "-shm"):
                Path(f"{path}{journal}").unlink(missing_ok=True)
            shutil.copy(path.with_suffix(".empty"), path)
        else:
            with db.engine.begin() as connection:
                tables = set(sa.inspect(connection).get_table_names()) - {"alembic_version"}
                connection.execute(sa.text(f"TRUNCATE {', '.join(sorted(tables))} RESTART IDENTITY CASCADE"))
    return app


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request):
    """The site with an empty database, on each database in turn, its context pushed."""
    app = emptied(request.getfixturevalue("sqlite_app" if request.param == "sqlite" else "postgres_app"))
    with app.app_context():
        yield app
        db.session.remove()


@pytest.fixture
def browser(app):
    """A visitor's browser."""
    return Browser(app)


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


def pytest_terminal_summary(terminalreporter):
    if any(NO_POSTGRES in str(report.longrepr) for report in terminalreporter.stats.get("skipped", ())):
        terminalreporter.write_line(NO_POSTGRES, red=True, bold=True)
