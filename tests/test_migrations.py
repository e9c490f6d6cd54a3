"""The migrations make the models' tables, and go up and down with rows in them."""

import shutil

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from bookreviews.books.models import Book, Credit
from bookreviews.extensions import db
from bookreviews.ledger import sums
from bookreviews.ledger.models import RatingMonth
from bookreviews.reviews.models import Review
from tests.conftest import ROOT
from tests.factories import a_book, a_reader, a_review

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
    assert db.session.scalar(sa.select(Book)).guests_sum == 9
    assert db.session.scalar(sa.select(Review)).rating == 9


def test_the_sums_of_the_ledger_are_counted_from_the_rows_that_are_there(app):
    book = a_book()
    for rating in (8, 8, 3):
        a_review(book, rating, by=a_reader())
    db.session.remove()
    flask_migrate.downgrade(MIGRATIONS, "0013")
    flask_migrate.upgrade(MIGRATIONS)
    assert sorted(db.session.scalars(sa.select(RatingMonth.times))) == [1, 2]
    assert not sums.wrong(1, 1)
    a_review(db.session.scalar(sa.select(Book)), 8, by=a_reader())
    assert sorted(db.session.scalars(sa.select(RatingMonth.times))) == [1, 3]


RECREATE = """
from alembic import op
revision, down_revision = "9999", {head!r}
def upgrade():
    with op.batch_alter_table("author", recreate="{recreate}"):
        pass
def downgrade():
    pass
"""


def test_a_migration_that_makes_a_table_anew_loses_no_row_that_refers_to_it(app, tmp_path):
    a_book(authors=["Suzanne Collins"])
    db.session.remove()
    folder = shutil.copytree(MIGRATIONS, tmp_path / "migrations")
    recreate = "always" if db.engine.dialect.name == "sqlite" else "auto"
    (folder / "versions" / "9999.py").write_text(RECREATE.format(head=revisions()[-1], recreate=recreate))
    flask_migrate.upgrade(folder)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Credit)) == 1
    if db.engine.dialect.name == "sqlite":
        assert db.session.scalar(sa.text("PRAGMA foreign_keys")) == 1
    db.session.remove()
    flask_migrate.downgrade(folder, revisions()[-1])


def test_everything_can_be_taken_down_and_made_anew(app):
    a_review()
    db.session.remove()
    flask_migrate.downgrade(MIGRATIONS, "base")
    left = set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}
    flask_migrate.upgrade(MIGRATIONS)
    assert left == set()
    assert db.session.scalar(sa.select(sa.func.count(Book.id))) == 0
