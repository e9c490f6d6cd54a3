"""`make run`: brings the database up to date, gives a new one the sample catalogue, and serves."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import flask_migrate
import sqlalchemy as sa

from bookreviews import create_app
from bookreviews.config import ConfigError
from bookreviews.extensions import db


def main():
    # Taken out of the environment, where it would tell the server to listen to the whole world, as on Heroku.
    port = os.environ.pop("PORT", "") or "8000"
    refuse_a_bad_port(port)
    prepare()
    print(f"BookReviews is at http://127.0.0.1:{port} (Ctrl-C stops it).", flush=True)
    run = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "bookreviews:create_app()"]
    os.execv(run[0], run)


def refuse_a_bad_port(port):
    """Stop with a sentence where the server would stop with pages of log."""
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        sys.exit(f"PORT={port} is not a port: it takes a number from 1 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except PermissionError:
            sys.exit(f"Port {port} is not for ordinary users; choose one above 1023: PORT=8001 make run.")
        except OSError:
            sys.exit(
                f"Port {port} is in use. Stop what is running there, or choose another: PORT={int(port) % 65535 + 1} make run."
            )


def prepare():
    """Migrate the database; load the sample into one that is new, and only then: whoever clears it wants it gone."""
    try:
        app = create_app()
    except ConfigError as error:
        sys.exit(str(error))
    # Kept until the sample is in, so that an interrupted load goes on the next time.
    wanted = Path(app.instance_path, "sample-wanted")
    with app.app_context():
        if not sa.inspect(db.engine).has_table("alembic_version"):
            wanted.parent.mkdir(parents=True, exist_ok=True)
            wanted.touch()
        flask_migrate.upgrade()
        db.engine.dispose()
    if wanted.exists():
        print("Loading the sample catalogue …", flush=True)
        load = [sys.executable, "-m", "flask", "--app", "bookreviews", "sample", "load"]
        if status := subprocess.run(load).returncode:
            sys.exit(status)
        wanted.unlink()


if __name__ == "__main__":
    main()
