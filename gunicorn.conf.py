"""The server. gunicorn reads this file by itself, and WEB_CONCURRENCY (the number of workers) as well."""

import gc
import os
import sys
from contextlib import suppress
from pathlib import Path

from gunicorn.http import message

gc.disable()  # until the app is loaded, see below
from bookreviews.config import ConfigError, from_environ  # noqa: E402

# A wrong variable stops the boot here, with one sentence, instead of in every worker with a traceback.
try:
    settings = from_environ(os.environ, str(Path("instance").absolute()))
except ConfigError as error:
    sys.exit(str(error))

production = bool(os.environ.get("PORT"))
if production:
    bind = f"0.0.0.0:{os.environ['PORT']}"
    accesslog = "-"
else:
    bind = "127.0.0.1:8000"
    loglevel = "warning"

if not os.environ.get("WEB_CONCURRENCY"):
    workers = 2

# Two threads, so that one request that takes long does not hold up a worker. More would only wait for each other; where they
# write to SQLite, even two do (docs/performance.md). None of them waits for a visitor: see worker.py.
worker_class = "bookreviews.worker.PatientWorker"
threads = 1 if settings["SQLALCHEMY_DATABASE_URI"].startswith("sqlite:") else 2

# Of the 1,024 files that a process may commonly open, some are the database's.
worker_connections = 900

# Each worker makes the app for itself, after the fork: connections to the database must not be shared between processes.
preload_app = False

# Longer than the 90 seconds after which Heroku's router closes an idle connection: it must be the one to close,
# lest it sends a request into a connection that we are closing.
keepalive = 100

# A worker whose main loop is silent for this long is replaced; one that is told to stop has this long to finish,
# which is less than the 30 seconds Heroku grants.
timeout = 30
graceful_timeout = 20

# A worker is replaced now and then, not all of them at once, so that no leak lasts.
max_requests = 10_000
max_requests_jitter = 1_000

# A search of 10,000 characters shall get the site's own sentence, not the server's. gunicorn's own bound is 8,190 bytes,
# and its only other choice is none at all, which would let a stranger fill our memory: so its bound is moved.
message.MAX_REQUEST_LINE = limit_request_line = 64 * 1024

# The workers' heartbeat is a file: in memory, where a busy disk cannot make them look dead.
if os.path.isdir("/dev/shm"):
    worker_tmp_dir = "/dev/shm"

# What a visitor's headers say of the path is not believed.
forwarder_headers = ""

# No second way in: its socket in the home folder would be shared by every site of this user.
control_socket_disable = True


def post_request(_worker, request, _environ, _response):
    """Read what the site left of a body it refused: closing the connection on it would take the answer (413) away again."""
    left = 64 * 1024 * 1024
    with suppress(OSError):  # the sender has gone
        while left > 0 and (chunk := request.body.read(64 * 1024)):
            left -= len(chunk)


# The garbage collector would go through all that is loaded, again and again while it is loaded, and later in each worker,
# which would then have a copy of its own of what they all share. https://docs.python.org/3/library/gc.html#gc.freeze


def pre_fork(_server, _worker):
    gc.freeze()


def post_worker_init(_worker):
    gc.enable()
