"""Files as people have them: in any encoding, packed or not, whole or not."""

import gzip
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bookreviews.books.catalogue import CatalogueError, Reject, Row, rows, survey

TEXT = "isbn,title,author,year\n0441172717,Dune,Frank Herbert,1965\n,Der Prozeß – “Roman”,Franz Kafka,1925\n"
TITLES = ["Dune", "Der Prozeß – “Roman”"]


@pytest.fixture
def read(tmp_path):
    """The titles in a file of these bytes; a Reject's reason in the place of one."""

    def titles(content):
        path = tmp_path / "books.csv"
        path.write_bytes(content)
        found = survey(path)
        items = list(rows(found))
        assert found.rows == len(items)
        return [item.title if isinstance(item, Row) else item.reason for item in items]

    return titles


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_the_encoding_is_found_out(read, encoding, newline):
    assert read(TEXT.replace("\n", newline).encode(encoding)) == TITLES


def test_latin_1_is_read(read):
    assert read("title\nCaf\xe9 No\xebl\n".encode("latin-1")) == ["Café Noël"]


def test_a_few_bytes_of_another_encoding_spoil_only_themselves(read):
    assert read("title\nÉmile\nŒuvres\n".encode() + b"Cort\xe1zar\n") == ["Émile", "Œuvres", "Cortázar"]


def test_a_packed_file_is_known_by_its_bytes_not_by_its_name(read):
    assert read(gzip.compress(TEXT.encode())) == TITLES
    assert read(gzip.compress(TEXT.encode("utf-16"))) == TITLES


@pytest.mark.parametrize("delimiter", ["\t", ";", "|"])
def test_cells_may_be_parted_in_other_ways(read, delimiter):
    assert read(TEXT.replace(",", delimiter).encode()) == TITLES


def test_quotation_marks_may_be_only_text_between_tabs(read):
    assert read(b'title\tauthor\n"Quoted" title\tAnn\nThe 12" ruler\tBob\n"Open\tCy\n') == [
        '"Quoted" title',
        'The 12" ruler',
        '"Open',
    ]


def test_quotation_marks_between_tabs_may_also_quote(read):
    assert read(b'title\tisbn\n"Dune ""One"""\t"=""0441172717"""\n') == ['Dune "One"']


def test_a_cell_may_have_lines_and_delimiters_in_it(read):
    assert read(b'title,description\n"Eats, Shoots\r\n& Leaves","a\n\nb"\nDune,\n') == ["Eats, Shoots & Leaves", "Dune"]


def test_blank_lines_before_the_header_are_passed_over(read):
    assert read(b"\n\r\n,,\ntitle\nDune\n") == ["Dune"]


def test_a_large_cell_is_no_trouble(read):
    assert read(b"title,review\nDune," + b"x" * 500_000 + b"\n") == ["Dune"]


def test_a_header_without_books_is_a_catalogue_of_none(read):
    assert read(b"isbn,title,author,year") == []


def test_a_last_line_without_its_end_is_whole_when_its_cells_are(read):
    assert read(TEXT.rstrip("\n").encode()) == TITLES


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n \n\t\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\xff\xfe", "is empty"),
        (gzip.compress(b"", mtime=0), "is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "is not a text file"),
        (b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + bytes(300), "is not a text file"),
        (gzip.compress(bytes(range(256)) * 20, mtime=0), "is not a text file"),
        (gzip.compress(TEXT.encode() * 50, mtime=0)[:-20], "damaged or cut short"),
        (b"\x1f\x8b\x08" + bytes(20), "damaged or cut short"),
        (TEXT.encode() + b",Half a", "cut short: its last line ends in the middle"),
        (TEXT.encode()[:-12], "cut short: its last line ends in the middle"),
        (b'title,description\nDune,"Sand and\nmore sand\n', "cut short or no table: a quotation mark opened in line 2"),
        (TEXT.encode() + b"x,Caf\xc3", "it ends in the middle of a character"),
        (TEXT.encode("utf-16")[:-1], "it ends in the middle of a character"),
        (b"title\n" + b"x" * 9_000_000, "a line of more than 8,388,608 characters"),
        (b'title\n"' + b"x\n" * 600_000, "a quotation mark opened in line 2 is never closed"),
        (b"<!doctype html><title>Log in</title>", "has no column “title”"),
    ],
)
def test_what_is_no_catalogue_or_not_all_there_is_refused_in_one_sentence(read, content, words):
    with pytest.raises(CatalogueError) as error:
        read(content)
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_what_is_not_there_is_told_so(tmp_path):
    with pytest.raises(CatalogueError, match="There is no file"):
        survey(tmp_path / "nothing.csv")
    with pytest.raises(CatalogueError, match="is not a file"):
        survey(tmp_path)


HEADERS = st.sampled_from(
    ["", "title\n", "title,author,isbn,year,series,pages,average_rating,ratings_count\n", "title\tisbn\n"]
)
CELLS = st.text(st.sampled_from("\",;|\t\n\r\0'=#()&.-–0123456789XxeE+ aé\u0301️ﷺ²٣"), max_size=200)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=500), st.builds(str.__add__, HEADERS, st.one_of(CELLS, st.text())).map(str.encode)))
def test_no_file_is_too_strange(content):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "books.csv")
        path.write_bytes(content)
        try:
            found = survey(path)
        except CatalogueError:
            return
        for item in rows(found):
            assert isinstance(item, Row | Reject)
            assert isinstance(item, Reject) or 0 < len(item.title) <= 1000
