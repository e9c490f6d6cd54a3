"""`catalogue import`, as its operator sees it."""

import csv
import gzip
import os
import signal
import subprocess
import sys
import time

import pytest
import sqlalchemy as sa

from bookreviews.books import commands
from bookreviews.books.models import Author, Book, Edition, OutsideRating, Subject
from bookreviews.extensions import db

HEADER = "isbn,title,author,year"
LINES = ["0441172717,Dune,Frank Herbert,1965", "0439023483,The Hunger Games,Suzanne Collins,2008"]


@pytest.fixture
def catalogue(tmp_path):
    """Write a file: `catalogue("0441172717,Dune,Frank Herbert,1965")`."""

    def write(*lines, header=HEADER, name="books.csv"):
        path = tmp_path / name
        path.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
        return path

    return write


def last_line(result):
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()[-1]


def number_of(model):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def rejects(path):
    with path.with_name(f"{path.name}.rejects.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def many_books(number):
    """Lines of so many books, their ISBNs valid."""
    for serial in range(number):
        digits = f"978{serial:09}"
        check = -sum(int(digit) * (1, 3)[at % 2] for at, digit in enumerate(digits)) % 10
        yield f"{digits}{check},Book number {serial},Author {serial % 97},{1900 + serial % 100}"


def test_books_come_into_the_catalogue_and_are_found(cli, catalogue, browser):
    assert last_line(cli("catalogue", "import", catalogue(*LINES))) == "added 2, updated 0, unchanged 0, rejected 0"
    book = db.session.scalar(Book.with_isbn("9780441172719"))
    assert (book.title, [author.name for author in book.authors], book.first_published) == ("Dune", ["Frank Herbert"], 1965)
    assert "Dune" in browser.get(f"/books/{book.ref}").words
    assert "The Hunger Games" in browser.get("/search?q=hungr gam").words


def test_a_second_import_adds_nothing(cli, catalogue):
    path = catalogue(*LINES)
    cli("catalogue", "import", path)
    assert last_line(cli("catalogue", "import", path)) == "added 0, updated 0, unchanged 2, rejected 0"
    assert (number_of(Book), number_of(Edition), number_of(Author)) == (2, 2, 2)


def test_the_progress_is_shown_apart_from_the_result(cli, catalogue):
    result = cli("catalogue", "import", catalogue(*LINES))
    assert "2/2" in result.stderr and "rows/s" in result.stderr
    assert result.stdout == "added 2, updated 0, unchanged 0, rejected 0\n"


def test_what_cannot_be_used_is_written_beside_the_file(cli, catalogue):
    path = catalogue(LINES[0], "0439023484,Catching Fire,Suzanne Collins,2009", ",,Nobody,1900", "=1+1,=cmd|' /C calc',@x,-5,+")
    result = cli("catalogue", "import", path)
    assert last_line(result) == "added 2, updated 0, unchanged 0, rejected 2"
    assert f"What could not be used is in {path}.rejects.csv:" in result.stdout
    assert "1 × ISBN dropped: its check digit is wrong" in result.stdout
    assert "1 × rejected: it has no title" in result.stdout
    assert rejects(path) == [
        ["line", "reason", "isbn", "title", "author", "year"],
        ["3", "ISBN dropped: its check digit is wrong", "0439023484", "Catching Fire", "Suzanne Collins", "2009"],
        ["4", "it has no title", "", "", "Nobody", "1900"],
        ["5", "it has more cells than there are columns", "'=1+1", "'=cmd|' /C calc'", "'@x", "'-5", "'+"],
    ]


def test_a_mended_file_of_rejects_can_be_imported(cli, catalogue):
    path = catalogue("0441172718,=Dune,+Frank Herbert,-5")
    cli("catalogue", "import", path)
    mended = path.with_name("books.csv.rejects.csv")
    mended.write_text(mended.read_text().replace("0441172718", "0441172717"))
    assert last_line(cli("catalogue", "import", mended)) == "added 0, updated 1, unchanged 0, rejected 0"
    book = db.session.scalar(Book.with_isbn("9780441172719"))
    assert (book.title, book.authors[0].name, book.first_published) == ("=Dune", "+Frank Herbert", -5)


def test_rejects_of_yesterday_do_not_stay(cli, catalogue):
    cli("catalogue", "import", catalogue(",,Nobody,1900"))
    path = catalogue(*LINES)
    cli("catalogue", "import", path)
    assert not path.with_name("books.csv.rejects.csv").exists()


def test_rejects_go_to_the_current_folder_where_that_of_the_file_takes_none(cli, catalogue, tmp_path, monkeypatch):
    path = catalogue(",,Nobody,1900")
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    # A folder in its place stands for one that cannot be written: tests may run as root, who can write everywhere.
    path.with_name("books.csv.rejects.csv").mkdir()
    assert last_line(cli("catalogue", "import", path)) == "added 0, updated 0, unchanged 0, rejected 1"
    assert (here / "books.csv.rejects.csv").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty."),
        (bytes(range(256)) * 8, "is not a text file."),
        (
            gzip.compress(b"title\n" + bytes(range(32, 127)) * 80)[:-20],
            "is damaged or cut short: it cannot be unpacked to its end.",
        ),
        (
            b"isbn,title,author,year\n0441172717,Dune,Frank Herbert,1965\n0439023483,The Hun",
            "its last line ends in the middle.",
        ),
        (b"0441172717,Dune,Frank Herbert,1965\n", "begins with a book; its first line must name the columns"),
        (None, "There is no file"),
    ],
)
def test_what_is_no_catalogue_ends_with_status_2_and_one_sentence(cli, tmp_path, content, words):
    path = tmp_path / "books.csv"
    if content is not None:
        path.write_bytes(content)
    result = cli("catalogue", "import", path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr and result.stderr.count("\n") == 1
    assert number_of(Book) == 0
    assert os.listdir(tmp_path) == ["books.csv"] * (content is not None)


def test_outside_ratings_keep_their_source(cli, catalogue):
    header = "title,average_rating,ratings_count"
    cli("catalogue", "import", catalogue("Dune,4.2,900", header=header, name="someshop.csv.gz"))
    cli("catalogue", "import", catalogue("Dune,4.4,100", header=header), "--source", "Other Shop")
    found = sa.select(OutsideRating.source, OutsideRating.average, OutsideRating.count).order_by(OutsideRating.source)
    assert db.session.execute(found).all() == [("Other Shop", 4.4, 100), ("someshop", 4.2, 900)]
    book = db.session.scalar(sa.select(Book))
    assert (book.outside_count, book.popularity, book.ratings_count) == (1000, 1000, 0)


def test_subjects_and_editions_come_along(cli, catalogue):
    header = "title,author,isbn13,published,language,subjects,description,publisher,pages,binding,series"
    line = "Dune,Frank Herbert,9780441172719,1965,eng,Fiction; Science fiction; fiction,Sand.,Ace,604,Paperback,Dune #1"
    cli("catalogue", "import", catalogue(line, header=header))
    book = db.session.scalar(sa.select(Book))
    assert (book.language, book.description, book.series, book.series_position) == ("en", "Sand.", "Dune", "1")
    edition = db.session.scalar(sa.select(Edition).where(Edition.book_id == book.id))
    assert (edition.publisher, edition.pages, edition.format, edition.language) == ("Ace", 604, "Paperback", "en")
    assert db.session.scalars(sa.select(Subject.slug).order_by(Subject.slug)).all() == ["fiction", "science-fiction"]


def test_a_batch_takes_the_same_statements_whatever_its_size(cli, catalogue, queries):
    def statements(lines):
        with queries() as found:
            cli("catalogue", "import", catalogue(*lines))
        # SQLite numbers books one by one.
        return len([statement for statement in found if not statement.startswith("INSERT INTO book ")])

    lines = list(many_books(1_000))
    few = statements(lines[:10])
    assert statements(lines[10:]) <= few <= 24


def test_more_books_than_a_batch_are_no_trouble(cli, catalogue):
    lines = list(many_books(2_500))
    assert last_line(cli("catalogue", "import", catalogue(*lines[:5]))) == "added 5, updated 0, unchanged 0, rejected 0"
    assert last_line(cli("catalogue", "import", catalogue(*lines))) == "added 2495, updated 0, unchanged 5, rejected 0"


def test_ctrl_c_keeps_what_is_there_and_says_how_to_go_on(cli, catalogue, monkeypatch):
    batches, store = [], commands.store

    def interrupted(rows, source):
        batches.append(rows)
        if len(batches) == 2:
            raise KeyboardInterrupt
        return store(rows, source)

    monkeypatch.setattr(commands, "store", interrupted)
    path = catalogue(*many_books(1_500))
    result = cli("catalogue", "import", path)
    assert result.exit_code == 130
    assert "Interrupted. What was imported stays; run the same command again for the rest." in result.stderr
    assert number_of(Book) == 1_000
    assert last_line(cli("catalogue", "import", path)) == "added 500, updated 0, unchanged 1000, rejected 0"


def start(app, path):
    """Import a file in a process of its own."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    command = [sys.executable, "-m", "flask", "--app", "bookreviews", "catalogue", "import", str(path)]
    environment = os.environ | {"DATABASE_URL": url, "SECRET_KEY": "test"}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def test_an_import_that_was_killed_is_completed_by_the_next(app, cli, catalogue):
    path = catalogue(*many_books(4_000))
    process = start(app, path)
    while number_of(Book) == 0 and process.poll() is None:
        db.session.rollback()
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    db.session.rollback()
    there = number_of(Book)
    assert 0 < there < 4_000 and there % commands.BATCH == 0
    db.session.rollback()
    assert last_line(cli("catalogue", "import", path)) == f"added {4_000 - there}, updated 0, unchanged {there}, rejected 0"
    assert whole() == [tuple(line.split(",")) for line in sorted(many_books(4_000))]
    assert (number_of(Edition), number_of(Author)) == (4_000, 97)


def whole():
    """Every book as a line of the file has it."""
    found = sa.select(Edition.isbn13, Book.id).join(Book).order_by(Edition.isbn13)
    books = {book.id: book for book in db.session.scalars(Book.listed())}
    told = ((isbn, books[number]) for isbn, number in db.session.execute(found))
    return [(isbn, book.title, book.authors[0].name, str(book.first_published)) for isbn, book in told]


def test_two_imports_at_the_same_moment_make_one_catalogue(app, catalogue):
    path = catalogue(*many_books(2_500))
    both = [start(app, path) for _ in range(2)]
    outcomes = [process.communicate()[0].split() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum(int(words[1].strip(",")) for words in outcomes) == 2_500
    assert (number_of(Book), number_of(Edition), number_of(Author)) == (2_500, 2_500, 97)
