"""Which rows are the same work, and what becomes of a book that is there already."""

import pytest
import sqlalchemy as sa

from bookreviews.books.catalogue import Row
from bookreviews.books.importer import store
from bookreviews.books.models import Book, Credit, Edition, OutsideRating
from bookreviews.extensions import db
from bookreviews.search.index import index
from tests.factories import a_book, a_reader, a_review

ISBNS = ("9780441172719", "9780439023481", "9780380795277")


def outcome(*rows, **options):
    """(added, updated, unchanged) after storing rows."""
    counts = store(list(rows), **({"source": "Goodreads"} | options))
    db.session.commit()
    return counts["added"], counts["updated"], counts["unchanged"]


def a_row(title="Dune", authors=("Frank Herbert",), **facts):
    return Row(2, title, authors=authors, **facts)


def books():
    return db.session.scalars(Book.listed().order_by(Book.id)).all()


def number(value):
    return {"identifiers": (("goodreads-work", value),)}


@pytest.fixture(params=["in one batch", "one after the other"])
def together(request):
    """Store rows in one batch, and in several: it must come to the same."""

    def stored(*rows):
        batches = [rows] if request.param == "in one batch" else [[row] for row in rows]
        return tuple(map(sum, zip(*(outcome(*batch) for batch in batches), strict=True)))

    return stored


def test_rows_with_one_number_are_one_work_whatever_they_say(app, together):
    rows = a_row(isbns=ISBNS[:1], **number("1")), a_row("Duna", ("F. Herbert",), isbns=ISBNS[1:2], **number("1"))
    assert together(*rows) == (1, 1, 0)
    assert [book.title for book in books()] == ["Dune"]
    assert db.session.scalars(sa.select(Edition.isbn13).order_by(Edition.isbn13)).all() == sorted(ISBNS[:2])


def test_rows_with_one_isbn_are_one_work(app, together):
    assert together(a_row(isbns=ISBNS[:1]), a_row("Duna", ("F. Herbert",), isbns=ISBNS[:2])) == (1, 1, 0)
    assert len(books()) == 1


def test_rows_with_one_title_and_author_are_one_work(app, together):
    rows = a_row("Cien años de soledad", isbns=ISBNS[:1]), a_row("CIEN ANOS  DE SOLEDAD", isbns=ISBNS[1:2]), a_row("Cien", ())
    assert together(*rows) == (2, 1, 0)


def test_rows_with_different_numbers_are_different_works_though_title_and_author_agree(app, together):
    rows = a_row(isbns=ISBNS[:1], **number("1")), a_row(isbns=ISBNS[1:2], **number("2"))
    assert together(*rows) == (2, 0, 0)
    assert together(*rows) == (0, 0, 2)


def test_an_isbn_stays_with_the_work_that_has_it(app, together):
    rows = a_row(isbns=ISBNS[:1], **number("1")), a_row("Emma", ("Jane Austen",), isbns=ISBNS[:1], **number("2"))
    assert together(*rows) == (2, 0, 0)
    assert db.session.scalar(Book.with_isbn(ISBNS[0])).title == "Dune"
    assert together(*rows) == (0, 0, 2)


def test_different_places_in_a_series_are_different_works(app, together):
    one, two = ({"series": "Dune", "series_position": place} for place in "12")
    assert together(a_row(**one), a_row(**two), a_row(**one), a_row(series="Dune")) == (2, 0, 2)


def test_a_title_of_signs_is_a_title(app, together):
    assert together(a_row("???"), a_row("!!!"), a_row("!!!")) == (2, 0, 1)
    assert together(a_row("Signs", ("***",)), a_row("Signs", ("###",))) == (2, 0, 0)


def test_a_title_as_long_as_may_be_fits_into_the_indexes(app, together):
    row = a_row("𝒟ﷺ漢" * 333, ("ﷺ𝒟漢" * 100,))
    assert together(row, row) == (1, 0, 1)


def test_what_is_there_stays_and_what_is_not_is_filled_in(app):
    a_book("Dune", ["Frank Herbert"], isbns=ISBNS[:1], first_published=1965, description="Ours.")
    facts = {"subtitle": "A Novel", "language": "en", "subjects": ("Fiction",), "publisher": "Ace", "edition_year": 1990}
    row = a_row("DUNE", isbns=ISBNS[:1], year=1966, description="Theirs.", series="Dune", series_position="1", **facts)
    assert outcome(row) == (0, 1, 0)
    (book,) = books()
    assert (book.title, book.first_published, book.description) == ("Dune", 1965, "Ours.")
    assert (book.subtitle, book.language, book.series, book.series_position) == ("A Novel", "en", "Dune", "1")
    (edition,) = db.session.scalars(sa.select(Edition).where(Edition.book_id == book.id))
    assert (edition.publisher, edition.year, edition.language) == ("Ace", 1990, "en")
    assert outcome(row) == (0, 0, 1)


def test_the_place_in_another_series_is_not_mixed_in(app):
    a_book("Dune", ["Frank Herbert"], series="Dune Chronicles")
    assert outcome(a_row(series="Great Books", series_position="7")) == (0, 0, 1)
    assert outcome(a_row(series="Dune chronicles", series_position="1")) == (0, 1, 0)


def test_further_authors_are_added_behind_the_first(app, together):
    rows = [a_row(authors=names) for names in (("A",), ("A", "B"), ("A", "C"), ("A", "B", "C"))]
    assert together(*rows) == (1, 2, 1)
    assert [author.name for author in books()[0].authors] == ["A", "B", "C"]
    assert together(*rows) == (0, 0, 4)


def test_another_list_of_authors_changes_nothing(app):
    a_book("Dune", ["Frank Herbert"], isbns=ISBNS[:1])
    assert outcome(a_row(authors=("Someone Else", "Frank Herbert"), isbns=ISBNS[:1])) == (0, 0, 1)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Credit)) == 1


def test_an_edition_without_isbn_is_kept_once_and_only_if_something_is_told_of_it(app, together):
    plain, ace, other = a_row(), a_row(publisher="Ace", pages=604), a_row(publisher="Ace", pages=500)
    assert together(plain, ace, other, ace) == (1, 2, 1)
    assert together(plain, ace, other) == (0, 0, 3)
    assert db.session.scalars(sa.select(Edition.pages).order_by(Edition.pages)).all() == [500, 604]


def test_of_several_ratings_of_one_source_the_one_by_most_people_stays(app, together):
    rows = [a_row(outside=rating) for rating in ((4.0, 10), (4.5, 20), (3.0, 5), (4.2, 20))]
    assert together(*rows) == (1, 1, 2)
    assert together(*rows) == (0, 0, 4)
    outcome(a_row(outside=(2.0, 7)), source="Elsewhere")
    found = sa.select(OutsideRating.average, OutsideRating.count).order_by(OutsideRating.count)
    assert db.session.execute(found).all() == [(2.0, 7), (4.5, 20)]
    assert books()[0].outside_count == 27


def test_outside_ratings_are_not_the_readers_own(app):
    book = a_book("Dune", ["Frank Herbert"])
    a_review(book, rating=3, by=a_reader())
    outcome(a_row(outside=(4.5, 1000)))
    db.session.refresh(book)
    assert (book.ratings_count, book.ratings_sum, book.outside_count) == (1, 3, 1000)


def test_a_book_of_the_sample_becomes_the_catalogues(app):
    outcome(a_row(), sample=True)
    assert outcome(a_row(), sample=True) == (0, 0, 1)
    assert outcome(a_row()) == (0, 1, 0)
    assert outcome(a_row(), sample=True) == (0, 0, 1)
    assert [book.sample for book in books()] == [False]


def test_what_was_changed_is_found_and_what_was_not_is_left_alone(app, monkeypatch):
    indexed = []
    monkeypatch.setattr("bookreviews.books.importer.index", lambda ids: indexed.append(list(ids)) or index(ids))
    outcome(a_row(), a_row("Emma", ("Jane Austen",)))
    outcome(a_row(), a_row("Emma", ("Jane Austen",), year=1815))
    dune, emma = (book.id for book in books())
    assert indexed == [[dune, emma], [emma]]


def test_thousands_of_books_of_one_name_are_told_apart(app, queries):
    rows = [a_row("Poems", **number(str(serial))) for serial in range(1_500)]
    assert outcome(*rows) == (1_500, 0, 0)
    assert outcome(*rows, a_row("Poems")) == (0, 0, 1_501)


def test_a_row_with_many_isbns_and_authors_is_no_trouble(app):
    """All of them are more than the 32,766 values that SQLite takes in one statement."""
    isbns = [tuple(f"979{serial:010}" for serial in range(start, start + 50)) for start in range(0, 33_000, 50)]
    rows = [a_row(f"Book {at}", tuple(f"Author {at} {n}" for n in range(50)), isbns=some) for at, some in enumerate(isbns)]
    assert outcome(*rows) == (660, 0, 0)
    assert outcome(*rows) == (0, 0, 660)
