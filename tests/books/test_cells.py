"""The cells of real files."""

import doctest

import pytest

from bookreviews.books import cells, isbn
from bookreviews.books.catalogue import rows, survey


@pytest.mark.parametrize("module", [cells, isbn])
def test_the_examples_in_the_docstrings_are_true(module):
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    "cell, names",
    [
        ("J.K. Rowling/Mary GrandPré", ("J.K. Rowling", "Mary GrandPré")),
        ("A. Author, B. Author & C. Author", ("A. Author", "B. Author", "C. Author")),
        ("['Neil Gaiman', \"Tim O'Brien\"]", ("Neil Gaiman", "Tim O'Brien")),
        ("[]", ()),
        ("AT&T", ("AT&T",)),
        ("R&D / QA", ("R&D", "QA")),
    ],
)
def test_several_authors_in_one_cell_are_told_apart(cell, names):
    assert cells.people(cell) == names


@pytest.mark.parametrize(
    "cell, year",
    [
        ("720 BCE", -720),
        ("720 B.C.E.", -720),
        ("−720", -720),
        ("AD 120", 120),
        ("120 CE", 120),
        ("A.D. 98", 98),
        ("[1997]", 1997),
    ],
)
def test_years_are_understood_as_people_write_them(cell, year):
    assert cells.year(cell) == year


def test_a_note_behind_an_isbn_does_no_harm():
    assert cells.isbns("0439023483 (pbk.), ISBN: 0-441-17271-7 (hbk)") == (["9780439023481", "9780441172719"], [])


def test_printed_music_has_no_isbn():
    assert isbn.to_isbn13("979-0-2600-0043-8") is None


def test_a_title_that_cannot_be_seen_is_none(tmp_path):
    path = tmp_path / "books.csv"
    path.write_text("title,author\n\u200b,A\n&#8203;,B\nSeen,C\n")
    assert [getattr(row, "reason", None) or row.title for row in rows(survey(path))] == ["it has no title"] * 2 + ["Seen"]
