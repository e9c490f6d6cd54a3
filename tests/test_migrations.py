"""The migrations make the models' tables, and go up and down with rows in them."""

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from bookreviews.books.models import Book
from bookreviews.extensions import db
from bookreviews.reviews.models import Review
from tests.conftest import ROOT
from tests.factories import a_book, a_review

MIGRATIONS = ROOT / "migrations"


def revisions():
    return [script.revision for script in ScriptDirectory(MIGRATIONS).walk_revisions()][::-1]


def test_the_migrated_tables_are_the_models_tables(app):
    flask_migrate.check(MIGRATIONS)


def test_the_history_has_one_line():
    assert len(ScriptDirectory(MIGRATIONS).get_heads()) == 1


@pytest.mark.parametrize("revision", revisions()[1:])
def test_a_step_down_and_up_again_loses_no_row(app, revision):
    a_review(a_book(isbns=["9780439023481"], subjects=["Dystopia"]), rating=9)
    db.session.remove()
    flask_migrate.downgrade(MIGRATIONS, revisions()[revisions().index(revision) - 1])
    flask_migrate.upgrade(MIGRATIONS)
    assert db.session.scalar(sa.select(Book)).ratings_sum == 9
    assert db.session.scalar(sa.select(Review)).rating == 9


def test_everything_can_be_taken_down_and_made_anew(app):
    a_review()
    db.session.remove()
    flask_migrate.downgrade(MIGRATIONS, "base")
    left = set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}
    flask_migrate.upgrade(MIGRATIONS)
    assert left == set()
    assert db.session.scalar(sa.select(sa.func.count(Book.id))) == 0
