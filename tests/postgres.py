"""A PostgreSQL for the tests: the one the environment names, the one that runs here, or a throw-away one of our own."""

import getpass
import glob
import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager, suppress
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


class Cluster:
    """A server of our own, on a socket in its folder."""

    def __init__(self, binaries, folder):
        self.binaries, self.folder, self.data = binaries, folder, f"{folder}/data"
        self.url = make_url(f"postgresql://postgres@/postgres?host={folder}")
        # PostgreSQL refuses to run as root.
        self.user = "nobody" if os.geteuid() == 0 else None
        if self.user:
            shutil.chown(folder, self.user)

    def run(self, program, *arguments, check=True):
        command = [self.binaries / program, "-D", self.data, *arguments]
        subprocess.run(command, check=check, user=self.user, cwd=self.folder, stdout=subprocess.DEVNULL)

    def make(self):
        self.run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")

    def copy(self, primary):
        """Become a replica of another."""
        self.run("pg_basebackup", "-h", primary.folder, "-U", "postgres", "-R", "-c", "fast", "--no-sync")

    def start(self):
        careless = "fsync=off", "synchronous_commit=off", "full_page_writes=off", "jit=off"
        settings = *careless, "wal_retrieve_retry_interval=100ms"
        options = " ".join(f"-c {setting}" for setting in ("listen_addresses=", *settings))
        self.run("pg_ctl", "-l", f"{self.folder}/log", "-w", "-o", f"-k {self.folder} {options}", "start")

    def stop(self, check=True):
        self.run("pg_ctl", "-m", "immediate", "stop", check=check)

    def execute(self, statement):
        with psycopg.connect(self.url.render_as_string(), autocommit=True) as connection:
            return connection.execute(statement).fetchall()

    @contextmanager
    def frozen(self):
        """The server says nothing any more, and does not hang up either."""
        main = int(Path(self.data, "postmaster.pid").read_text().split()[0])
        processes = [main, *(pid for (pid,) in self.execute("SELECT pid FROM pg_stat_activity"))]
        send(signal.SIGSTOP, processes)
        try:
            yield
        finally:
            send(signal.SIGCONT, processes)


def send(number, processes):
    for process in processes:
        with suppress(ProcessLookupError):  # such as the one that answered who there is
            os.kill(process, number)


@contextmanager
def cluster(binaries):
    """A server whose files are still to be made, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bookreviews-pg-", ignore_cleanup_errors=True) as folder:
        one = Cluster(binaries, folder)
        try:
            yield one
        finally:
            one.stop(check=False)


@contextmanager
def throw_away(binaries):
    """The address of a server of our own."""
    with cluster(binaries) as one:
        one.make()
        one.start()
        yield one.url


@contextmanager
def pair():
    """A server and its streaming replica; both None where PostgreSQL's programs are not installed."""
    binaries = find_binaries()
    if binaries is None:
        yield None, None
        return
    with cluster(binaries) as primary, cluster(binaries) as replica:
        primary.make()
        primary.start()
        replica.copy(primary)
        replica.start()
        yield primary, replica
