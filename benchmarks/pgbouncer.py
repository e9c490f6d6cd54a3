"""The site through PgBouncer in transaction mode: reads and writes on fewer connections than there are threads.

    python -m benchmarks.pgbouncer [--seconds 60]

Needs the programs of PostgreSQL and of PgBouncer.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from benchmarks.storm import Storm, environment, fill, served
from tests import postgres

CONNECTIONS = 3  # for the eight threads of two gunicorns

# What docs/scaling.md recommends, but for where it listens and whom it believes.
SETTINGS = """
[databases]
bookreviews = host={host} dbname=postgres user=postgres

[pgbouncer]
listen_addr =
unix_socket_dir = {folder}
auth_type = any
pool_mode = transaction
default_pool_size = {connections}
max_client_conn = 1000
log_connections = 0
log_disconnections = 0
"""


@contextmanager
def pooled(url):
    """The address of a PgBouncer before a server."""
    program = shutil.which("pgbouncer") or sys.exit("PgBouncer is not installed.")
    with tempfile.TemporaryDirectory(prefix="bookreviews-pgbouncer-") as folder:
        settings = Path(folder, "pgbouncer.ini")
        settings.write_text(SETTINGS.format(host=url.query["host"], folder=folder, connections=CONNECTIONS))
        user = "nobody" if os.geteuid() == 0 else None  # it refuses to run as root
        if user:
            shutil.chown(folder, user)
        pooler = subprocess.Popen([program, "--quiet", str(settings)], user=user)
        time.sleep(1)
        try:
            yield f"postgresql://postgres@/bookreviews?host={folder}&port=6432"
        finally:
            pooler.terminate()
            pooler.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=60, help="of the storm (60)")
    seconds = parser.parse_args().seconds
    binaries = postgres.find_binaries() or sys.exit("PostgreSQL is not installed.")
    with postgres.throw_away(binaries) as url, pooled(url) as pooler:
        settings = environment(DATABASE_URL=pooler, DATABASE_DIRECT_URL=url.render_as_string())
        books = fill(settings)
        found = Storm()
        with served(settings), found.rages(books, readers=4, writers=4):
            time.sleep(seconds)
    done = ", ".join(f"{found[name]} {name}s" for name in ("read", "review", "error", "violation"))
    print(f"{CONNECTIONS} connections for 8 threads: {done}")


if __name__ == "__main__":
    main()
