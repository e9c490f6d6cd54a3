"""What a line of a catalogue's file says."""

import csv
import io

import pytest

from bookreviews.books.catalogue import CatalogueError, Dropped, Reject, Row, rows, survey

GOODBOOKS = (
    "book_id,goodreads_book_id,best_book_id,work_id,books_count,isbn,isbn13,authors,original_publication_year,original_title,"
    "title,language_code,average_rating,ratings_count,work_ratings_count,work_text_reviews_count,ratings_1,ratings_2,ratings_3,"
    "ratings_4,ratings_5,image_url,small_image_url"
)


@pytest.fixture
def items(tmp_path):
    """What a file with this header and these lines holds."""

    def read(header, *lines):
        path = tmp_path / "books.csv"
        path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        return list(rows(survey(path)))

    return read


@pytest.fixture
def book(items):
    """The one book of a file with these columns: `book(title="Dune", year="1965")`."""

    def read(**cells):
        cells = {"title": "Dune"} | cells
        line = io.StringIO()
        csv.writer(line).writerow(cells.values())
        (row,) = (item for item in items(",".join(cells), line.getvalue().rstrip("\r\n")) if isinstance(item, Row))
        return row

    return read


def test_the_short_layout(items):
    (row,) = items("isbn,title,author,year", "0380795272,Krondor: The Betrayal,Raymond E. Feist,1998")
    assert row == Row(2, "Krondor: The Betrayal", authors=("Raymond E. Feist",), isbns=("9780380795277",), year=1998)


def test_the_layout_of_goodbooks(items):
    line = (
        '2,3,3,4640799,491,439554934,9.78043955493e+12,"J.K. Rowling, Mary GrandPré",1997.0,Harry Potter and the Philosopher\'s'
        ' Stone,"Harry Potter and the Sorcerer\'s Stone (Harry Potter, #1)",eng,4.44,4602479,4800065,75867,1,2,3,4,5,http://a,b'
    )
    (row,) = items(GOODBOOKS, line)
    assert row == Row(
        line=2,
        title="Harry Potter and the Sorcerer's Stone",
        authors=("J.K. Rowling", "Mary GrandPré"),
        isbns=("9780439554930",),
        year=1997,
        language="en",
        series="Harry Potter",
        series_position="1",
        identifiers=(("goodreads-work", "4640799"),),
        outside=(4.44, 4800065),
    )


def test_columns_are_known_in_any_order_and_case_and_others_are_passed_over(items):
    (row,) = items(
        "My Notes;PAGES;Shelves;publisher;Authors;Sub-Title;Book Title;ISBN-13;Genres;First Published;Language;Summary",
        "mine;412.0;3;Chilton & Co;Frank Herbert;A Novel;Dune;978-0-441-17271-9;Fiction, Science fiction;1965;English;Sand.",
    )
    assert row == Row(
        line=2,
        title="Dune",
        subtitle="A Novel",
        authors=("Frank Herbert",),
        isbns=("9780441172719",),
        year=1965,
        language="en",
        subjects=("Fiction", "Science fiction"),
        description="Sand.",
        publisher="Chilton & Co",
        pages=412,
    )


def test_the_year_of_an_edition_is_apart_from_that_of_the_work(items):
    (row,) = items("Title,Year Published,Original Publication Year", "Dune,1990,1965")
    assert (row.year, row.edition_year) == (1965, 1990)


@pytest.mark.parametrize(
    ("cell", "isbns"),
    [
        ("0439023483", ["9780439023481"]),
        ("439023483", ["9780439023481"]),  # lost its zero
        ("2253049", []),
        ("60256656", ["9780060256654"]),  # lost two
        ("80442957x", ["9780804429573"]),
        ("080442957X", ["9780804429573"]),
        ("439023483.0", ["9780439023481"]),
        ('="0439023483"', ["9780439023481"]),  # Goodreads
        ('=""', []),
        ("'0439023483", ["9780439023481"]),
        ("[0439023483]", ["9780439023481"]),  # LibraryThing
        ("978-0-439-02348-1", ["9780439023481"]),
        ("978 0 439 02348 1", ["9780439023481"]),
        ("ISBN 0-439-02348-3", ["9780439023481"]),
        ("0439023483; 9780441172719", ["9780439023481", "9780441172719"]),
        ("0439023483, 9780439023481", ["9780439023481"]),
        ("9.78043902348e+12", []),  # rounded
        ("9,78043902348E+12", []),
        ("", []),
    ],
)
def test_isbns_are_read_as_files_write_them(book, cell, isbns):
    assert list(book(isbn=cell).isbns) == isbns


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("0439023484", "its check digit is wrong"),
        ("812971060", "its check digit is wrong"),
        ("9780439023482", "its check digit is wrong"),
        ("0000000000", "it is no ISBN"),
        ("1111111111", "it is no ISBN"),
        ("76783609419.0", "it is no ISBN"),
        ("2940012345678", "it is no ISBN"),
        ("B00ABC1234", "it is no ISBN"),
        ("n/a", "it is no ISBN"),
    ],
)
def test_an_isbn_that_is_none_is_dropped_and_its_book_kept(items, cell, reason):
    dropped, row = items("title,isbn", f"Dune,{cell}")
    assert dropped == Dropped(2, f"ISBN dropped: {reason}", ("Dune", cell))
    assert (row.title, row.isbns) == ("Dune", ())


def test_a_rounded_isbn_is_no_reason_to_complain(items):
    assert [type(item) for item in items("title,isbn,isbn13", "Dune,,9.78044117272e+12")] == [Row]


def test_two_isbns_that_differ_are_two_editions(book):
    assert book(isbn10="0439023483", isbn13="9780441172719").isbns == ("9780441172719", "9780439023481")


@pytest.mark.parametrize(
    ("cell", "authors"),
    [
        ("Suzanne Collins", ["Suzanne Collins"]),
        ("Neil Gaiman, Terry Pratchett", ["Neil Gaiman", "Terry Pratchett"]),
        ("Neil Gaiman;Terry Pratchett", ["Neil Gaiman", "Terry Pratchett"]),
        ("Neil Gaiman | Terry Pratchett", ["Neil Gaiman", "Terry Pratchett"]),
        ("Gaiman, Neil; Pratchett, Terry", ["Neil Gaiman", "Terry Pratchett"]),
        ("Martin Luther King, Jr.", ["Martin Luther King, Jr."]),
        ("Martin Luther King, Jr., Clayborne Carson", ["Martin Luther King, Jr.", "Clayborne Carson"]),
        ("Henry Louis Gates Jr., Toni Morrison", ["Henry Louis Gates Jr.", "Toni Morrison"]),
        ("A. B. Smith, Ph.D., C. Jones, III", ["A. B. Smith, Ph.D.", "C. Jones, III"]),
        ("Gates, Jr.; Toni Morrison", ["Gates, Jr.", "Toni Morrison"]),
        ("Robert          Jackson", ["Robert Jackson"]),
        ("Alan Moore, ALAN MOORE, Alan  Moore", ["Alan Moore"]),
        (" , ,Homer,", ["Homer"]),
        ("Bront&euml;", ["Brontë"]),
        ("!!!", ["!!!"]),
        ("", []),
    ],
)
def test_authors_are_told_apart(book, cell, authors):
    assert list(book(author=cell).authors) == authors


def test_further_authors_may_have_a_column_of_their_own(items):
    (row,) = items("Title,Author,Additional Authors", 'Good Omens,Neil Gaiman,"Terry Pratchett, Neil Gaiman"')
    assert row.authors == ("Neil Gaiman", "Terry Pratchett")


def test_names_as_libraries_write_them_are_turned(items):
    (row,) = items("Title\tPrimary Author\tSecondary Author", "Rayuela\tCortázar, Julio\tRabassa, Gregory|Other, Ann")
    assert row.authors == ("Julio Cortázar", "Gregory Rabassa", "Ann Other")


@pytest.mark.parametrize(
    ("cell", "year"),
    [
        ("1997", 1997),
        ("1997.0", 1997),
        ("-720.0", -720),
        ("-720", -720),
        ("720 BC", -720),
        ("c. 720 B.C.E.", -720),
        ("8.0", 8),
        ("c. 1851", 1851),
        ("[1851?]", 1851),
        ("1997-05-03", 1997),
        ("03/05/1997", 1997),
        ("February 5, 2007", 2007),
        ("0", None),
        ("0.0", None),
        ("9999", None),
        ("-5001", None),
        ("nan", None),
        ("1e400", None),
        ("²", None),
        ("", None),
        ("soon", None),
    ],
)
def test_years_are_read_as_files_write_them(book, cell, year):
    assert book(year=cell).year == year


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("Catching Fire (The Hunger Games, #2)", ("Catching Fire", "The Hunger Games", "2")),
        ("The Shining (The Shining #1)", ("The Shining", "The Shining", "1")),
        ("The Color of Magic (Discworld, #1; Rincewind #1)", ("The Color of Magic", "Discworld", "1")),
        ("Harry Potter Boxset (Harry Potter, #1-7)", ("Harry Potter Boxset", "Harry Potter", "1-7")),
        ("Four (Divergent, #0.1 - 0.4)", ("Four", "Divergent", "0.1-0.4")),
        ("The Oedipus Cycle (The Theban Plays, #1–3)", ("The Oedipus Cycle", "The Theban Plays", "1-3")),
        ("Moonlight Mile (Kenzie & Gennaro,#6)", ("Moonlight Mile", "Kenzie & Gennaro", "6")),
        ("Judy Moody (Judy Moody, # 1)", ("Judy Moody", "Judy Moody", "1")),
        ("Steel and Snow (A Song of Ice and Fire, #3: Part 1 of 2)", ("Steel and Snow", "A Song of Ice and Fire", "3")),
        ("I Am America (And So Can You!)", ("I Am America (And So Can You!)", "", "")),
        ("The Silmarillion (Middle-Earth Universe)", ("The Silmarillion (Middle-Earth Universe)", "", "")),
        ("#GIRLBOSS", ("#GIRLBOSS", "", "")),
        ("Saga #1", ("Saga #1", "", "")),
        ("(Series, #1)", ("(Series, #1)", "", "")),
        ("(#1)", ("(#1)", "", "")),
    ],
)
def test_a_series_in_the_title_is_taken_from_it(book, cell, told):
    row = book(title=cell)
    assert (row.title, row.series, row.series_position) == told


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"series": "The Hunger Games #2"}, ("The Hunger Games", "2")),
        ({"series": "(The Hunger Games, #2)"}, ("The Hunger Games", "2")),
        ({"series": "The Hunger Games"}, ("The Hunger Games", "")),
        ({"series": "The Hunger Games", "series_index": "2.0"}, ("The Hunger Games", "2")),
        ({"series": "The Hunger Games", "series_index": "?"}, ("The Hunger Games", "")),
        ({"series": "", "series_index": "1.0"}, ("", "")),
        ({"title": "Dune (Dune #1)", "series": "Dune Chronicles #1"}, ("Dune Chronicles", "1")),
    ],
)
def test_a_series_may_have_columns_of_its_own(book, cells, told):
    row = book(**cells)
    assert (row.series, row.series_position) == told


@pytest.mark.parametrize(
    ("cell", "title"),
    [
        ("  The  Black Unicorn ", "The Black Unicorn"),
        ("Pride &amp; Prejudice", "Pride & Prejudice"),
        ("Pride &amp;amp; Prejudice", "Pride & Prejudice"),
        ("Caf&#233; &#x2013; Bar", "Café – Bar"),
        ("Sex &notes & R&B", "Sex &notes & R&B"),  # no entity without its semicolon
        ("a&#0;b&#x110000;", "a\ufffdb\ufffd"),
        ("Two\nlines", "Two lines"),
        ("Fi\x00rst", "First"),
        ("Cafe\u0301", "Café"),
        ("\u202eevil", "evil"),
        ("<b>Bold</b>", "<b>Bold</b>"),
        ("'=1+1", "=1+1"),  # as our own rejects file has it
        ("'Tis", "'Tis"),
        ("1984", "1984"),
    ],
)
def test_titles_are_cleaned(book, cell, title):
    assert book(title=cell).title == title


def test_a_description_keeps_its_paragraphs(book):
    assert book(description="One.\r\n\r\nTwo &amp; three.").description == "One.\n\nTwo & three."


def test_the_original_title_stands_in_for_a_missing_one(items):
    (row,) = items("original_title,title", "La Peste, ")
    assert row.title == "La Peste"


@pytest.mark.parametrize(
    ("cell", "language"),
    [("eng", "en"), ("en-US", "en"), ("ger", "de"), ("French", "fr"), ("und", None), ("", None), ("?", None)],
)
def test_languages_become_tags(book, cell, language):
    assert book(language=cell).language == language


@pytest.mark.parametrize(("cell", "pages"), [("374", 374), ("374.0", 374), ("viii, 306 p.", 306), ("0", None), ("-3", None)])
def test_pages_are_counted(book, cell, pages):
    assert book(pages=cell).pages == pages


@pytest.mark.parametrize(
    ("average", "count", "outside"),
    [
        ("4.34", "4780653", (4.34, 4780653)),
        ("4,34", "4,780,653", (4.34, 4780653)),
        ("4.34", "12.0", (4.34, 12)),
        ("4.34", "", None),
        ("4.34", "0", None),
        ("0.00", "0", None),
        ("5.01", "3", None),
        ("nan", "3", None),
        ("inf", "3", None),
        ("4.34", "99999999999", None),
        ("four", "some", None),
    ],
)
def test_an_outside_rating_needs_a_mean_and_a_number(book, average, count, outside):
    assert book(average_rating=average, ratings_count=count).outside == outside


@pytest.mark.parametrize(
    ("lines", "reasons"),
    [
        (["0439023483,,Ann,1998"], ["it has no title"]),
        (["0439023483, &nbsp; ,Ann,1998"], ["it has no title"]),
        ([f"0439023483,{'x' * 1001},Ann,1998"], ["its title has more than 1,000 characters"]),
        ([f"0439023483,Dune,{'x' * 301},1998"], ["one of its authors has more than 300 characters"]),
        (["0439023483,Dune," + "|".join(map(str, range(101)))], ["it has more than 100 authors"]),
        (["0439023483,Krondor, The Betrayal,Raymond E. Feist,1998"], ["it has more cells than there are columns"]),
        (["0439023483,Krondor"], ["it has fewer cells than there are columns"]),
        (["Dune,0439023483,Ann"], ["it has fewer cells than there are columns"]),
        (["isbn,title,author,year"], ["it is the header once more"]),
        (['0439023483,"Dune" Messiah,Ann,1998'], ["its quotation marks do not match"]),
    ],
)
def test_a_line_that_cannot_be_used_is_rejected_with_the_reason(items, lines, reasons):
    found = items("isbn,title,author,year", *lines, "0441172717,Dune,Frank Herbert,1965")
    assert [item.reason for item in found if isinstance(item, Reject)] == reasons
    assert [item.title for item in found if isinstance(item, Row)] == ["Dune"]


@pytest.mark.parametrize("line", ["0441172717,Dune,Frank Herbert", "0441172717,Dune,Frank Herbert,,,,", ",Dune,,"])
def test_empty_cells_may_be_missing_or_too_many(items, line):
    assert [item.title for item in items("isbn,title,author,year", line)] == ["Dune"]


def test_lines_are_counted_as_an_editor_counts_them(items):
    found = items("title,description", "One,", "", ",,", 'Two,"three\nlines\nlong"', "Three,")
    assert [(item.title, item.line) for item in found] == [("One", 2), ("Two", 5), ("Three", 8)]


@pytest.mark.parametrize("header", ["", "0439023483,Dune,Frank Herbert,1965", "isbn,name,writer,when", "Titel,Autor", "{}"])
def test_a_file_must_name_a_title_column(items, header):
    with pytest.raises(CatalogueError, match="its first line must name the columns"):
        items(header or "x", "0441172717,Dune,Frank Herbert,1965")
