"""A PostgreSQL for the tests: the one the environment names, the one that runs here, or a throw-away one of our own."""

import getpass
import glob
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

BINARIES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)


@contextmanager
def database(name="bookreviews_test"):
    """The address of a new, empty database, dropped afterwards; None where no PostgreSQL can be had."""
    with server() as url:
        if url is None:
            yield None
            return
        name = f"{name}_{os.getpid()}"
        administer(url, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
        yield url.set(database=name).render_as_string(hide_password=False)
        administer(url, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def server():
    """The address of a server in which we may create databases."""
    if os.environ.get("TEST_DATABASE_URL"):
        yield make_url(os.environ["TEST_DATABASE_URL"].replace("postgres://", "postgresql://", 1))
    elif url := next(filter(answers, standard_addresses()), None):
        yield url
    elif binaries := find_binaries():
        with throw_away(binaries) as url:
            yield url
    else:
        yield None


def administer(url, *statements):
    with psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def standard_addresses():
    for user in (getpass.getuser(), "postgres"):
        for host in ("/var/run/postgresql", "/tmp", "127.0.0.1"):
            yield make_url(f"postgresql://{user}@/postgres?host={host}&connect_timeout=2")


def answers(url):
    try:
        with psycopg.connect(url.render_as_string(hide_password=False)) as connection:
            may = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            return connection.execute(may).fetchone()[0]
    except psycopg.OperationalError:
        return False


def find_binaries():
    """The newest folder with PostgreSQL's server programs, or None."""
    found = shutil.which("initdb")
    folders = [str(Path(found).resolve().parent)] if found else []
    for pattern in BINARIES:
        folders += sorted(glob.glob(pattern), reverse=True)
    return next((Path(f) for f in folders if Path(f, "initdb").exists() and Path(f, "pg_ctl").exists()), None)


@contextmanager
def throw_away(binaries):
    """The address of a server of our own, on a socket in a temporary folder, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bookreviews-pg-", ignore_cleanup_errors=True) as folder:
        # PostgreSQL refuses to run as root.
        user = "nobody" if os.geteuid() == 0 else None
        if user:
            shutil.chown(folder, user)
        data, log = f"{folder}/data", f"{folder}/log"
        run = {"check": True, "user": user, "cwd": folder, "stdout": subprocess.DEVNULL}
        subprocess.run([binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"], **run)
        options = f"-k {folder} -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        subprocess.run([binaries / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start"], **run)
        try:
            yield make_url(f"postgresql://postgres@/postgres?host={folder}")
        finally:
            subprocess.run([binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **run)
