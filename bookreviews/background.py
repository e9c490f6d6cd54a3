"""Work that nobody waits for, in a thread of each process."""

from concurrent.futures import ThreadPoolExecutor

from flask import current_app

worker = ThreadPoolExecutor(1, "background")


def soon(task, *args):
    """Do a task of this site as soon as can be, in an app context of its own; where it fails, the log says so."""
    worker.submit(do, current_app._get_current_object(), task, args)


def do(app, task, args):
    with app.app_context():
        try:
            task(*args)
        except Exception:  # of a thread, which nobody would hear of otherwise
            app.logger.exception("%s failed in the background", task.__qualname__)


def finish():
    """Wait until what was to be done soon is done."""
    worker.submit(lambda: None).result()
