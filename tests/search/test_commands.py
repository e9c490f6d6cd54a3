"""The search, from the command line."""

import sqlalchemy as sa

from bookreviews.books.models import Book
from bookreviews.extensions import db
from bookreviews.search.index import ID, entry, posting
from tests.conftest import emptied
from tests.factories import a_book


def test_check_finds_what_differs_and_rebuild_mends_it(cli):
    book = a_book("Dune")
    a_book("Emma")
    assert cli("search", "check").exit_code == 0
    db.session.execute(sa.update(entry).where(entry.c.rowid == book.id).values(title="| emma |"))
    db.session.commit()
    result = cli("search", "check")
    assert result.exit_code == 1
    assert f"Book {book.id} is not as the search knows it." in result.output
    assert cli("search", "rebuild").exit_code == 0
    result = cli("search", "check")
    assert (result.exit_code, result.output) == (0, "The search knows all books as they are.\n")


def test_check_finds_a_book_the_search_does_not_know(cli):
    a_book("Dune")
    db.session.execute(sa.delete(entry))
    db.session.commit()
    assert cli("search", "check").exit_code == 1
    cli("search", "rebuild")
    assert cli("search", "check").exit_code == 0


def test_rebuild_forgets_books_that_are_gone(sqlite_app):
    """PostgreSQL knows none such; from SQLite another program may delete a book without regard to foreign keys."""
    cli = emptied(sqlite_app).test_cli_runner()
    with sqlite_app.app_context():
        a_book("Dune")
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.execute(sa.delete(Book))
            connection.commit()
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        result = cli.invoke(args=["search", "check"])
        assert (result.exit_code, "Book 1 is gone" in result.output) == (1, True)
        assert cli.invoke(args=["search", "rebuild"]).exit_code == 0
        assert cli.invoke(args=["search", "check"]).exit_code == 0
        db.session.remove()


def test_check_finds_a_book_that_is_not_filed_under_its_words_and_rebuild_forgets_words_of_no_book(cli):
    book = a_book("Dune")
    db.session.execute(sa.delete(posting).where(posting.c.word == "dune"))
    db.session.execute(sa.insert(posting).values(word="emma", place=1))
    db.session.commit()
    assert f"Book {book.id} is not as the search knows it." in cli("search", "check").output
    cli("search", "rebuild")
    assert cli("search", "check").exit_code == 0
    assert db.session.scalars(sa.select(posting.c.word).order_by(posting.c.word)).all() == [
        "@collins",
        "@suzanne",
        "collins",
        "dune",
        "suzanne",
    ]


def test_refresh_moves_the_books_that_have_become_better_known(cli, app):
    books = [a_book("Dune"), a_book("Dune Messiah", outside_count=100)]
    assert cli("search", "refresh").output == "0 books have another place.\n"
    books[0].outside_count = 1000
    db.session.commit()
    assert cli("search", "check").exit_code == 0
    assert cli("search", "refresh").output == "1 books have another place.\n"
    places = db.session.scalars(sa.select(posting.c.place).where(posting.c.word == "dune").order_by(posting.c.place)).all()
    assert [place & ID for place in places] == [book.id for book in books]


def test_an_empty_catalogue_is_well_known(cli):
    assert cli("search", "rebuild").exit_code == 0
    assert cli("search", "check").exit_code == 0
