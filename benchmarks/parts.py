"""What of a book's page takes how long, where it is made anew: in one process, without a server.

    python -m benchmarks.parts [--rounds 9] [--write]

The least that its parts can take, beside a “hello world” of Flask alone: the statements of the page, run once more and read;
and its template, rendered once more with the same values. What PostgreSQL itself does is not counted.
"""

import argparse
import tempfile
from contextlib import ExitStack
from functools import partial
from statistics import median
from time import process_time

import sqlalchemy as sa
from flask import before_render_template
from werkzeug.test import EnvironBuilder, run_wsgi_app

from benchmarks import report
from benchmarks.apps import hello
from benchmarks.sites import databases, prepare
from bookreviews import create_app
from bookreviews.config import from_environ
from bookreviews.extensions import db

OPTIONS = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
OPTIONS.add_argument("--rounds", type=int, default=9, help="how often each is measured")
OPTIONS.add_argument("--write", action="store_true", help="put the figures into docs/performance.md")
TIMES = 50  # in a round


def ask(app, path):
    """Ask an application for a page, and read it."""
    asked = EnvironBuilder(path, headers={"Accept-Encoding": "zstd"})
    _, status, _ = run_wsgi_app(app, asked.get_environ(), buffered=True)
    assert status == "200 OK", status


def took(run):
    """The processor's time of one run, in milliseconds."""
    begin = process_time()
    for _ in range(TIMES):
        run()
    return (process_time() - begin) / TIMES * 1000


def noted(app, path):
    """Ask for a page.

    :returns: the statements that it took, with their values; its template and what that was given.
    """
    statements, templates = [], []

    def note(_connection, statement, _many, values, _options):
        statements.append((statement, values))

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_execute", note)
    with before_render_template.connected_to(lambda _app, **what: templates.append((what["template"], what["context"])), app):
        ask(app, path)
    sa.event.remove(engine, "before_execute", note)
    return statements, templates[-1]


def run(statements):
    """Run statements, and read what they find."""
    connection = db.session.connection()
    for statement, values in statements:
        connection.execute(statement, values).all()


def parts(app, path):
    """What is measured: {name: what does it}. In a request of `app`."""
    statements, (template, values) = noted(app, path)
    return {
        "hello world": partial(ask, hello, "/"),
        "the page": partial(ask, app, path),
        f"its {len(statements)} statements": partial(run, statements),
        "its template": partial(template.render, values),
    }


def main():
    asked = OPTIONS.parse_args()
    lines = ["| database | part | ms | × hello world |", "| --- | --- | ---: | ---: |"]
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        for name, url in stack.enter_context(databases(folder)).items():
            site = prepare(name, url, folder)
            app = create_app(from_environ(site.environ | {"PAGE_CACHE_MB": "0"}, folder))
            path = site.addresses[100]
            ask(app, path)
            with app.test_request_context(path):
                measured = parts(app, path)
                rounds = [{part: took(do) for part, do in measured.items()} for _ in range(asked.rounds)]
                db.session.remove()
                db.engine.dispose()
            for part in measured:
                middle = median(found[part] for found in rounds)
                ratio = median(found[part] / found["hello world"] for found in rounds)
                lines.append(f"| {name} | {part} | {middle:.3f} | {ratio:.1f} |")
    report.publish("parts", lines, asked.write)


if __name__ == "__main__":
    main()
