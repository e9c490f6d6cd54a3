from itertools import chain

import psycopg

from bookreviews.extensions import db
from bookreviews.pages import commands
from bookreviews.retiring import EVERYTHING, changes
from tests.factories import a_book, a_review


def test_changes_are_told_as_they_happen(postgres_app):
    with postgres_app.app_context():
        book = a_book()
        told = changes()
        assert next(told) is EVERYTHING
        a_review(book)
        assert {f"book:{book.id}", "lists"} <= set(next(told))
        told.close()
        db.session.remove()


def test_each_commit_s_tags_are_a_line_and_the_end_of_the_database_a_sentence(postgres_app, monkeypatch):
    def gone():
        raise psycopg.OperationalError("the server went away")
        yield

    monkeypatch.setattr(commands, "changes", lambda: chain([EVERYTHING, ["book:1", "lists"]], gone()))
    answer = postgres_app.test_cli_runner().invoke(args=["pages", "changes"])
    assert answer.output == "*\nbook:1 lists\nError: The database is gone (the server went away).\n"


def test_sqlite_tells_of_no_changes(sqlite_app):
    answer = sqlite_app.test_cli_runner().invoke(args=["pages", "changes"])
    assert answer.exit_code == 1 and "Only PostgreSQL" in answer.output
