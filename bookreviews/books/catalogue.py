"""The rows of a catalogue's file, whatever its columns are called and in whichever order they stand (pure)."""

from dataclasses import dataclass
from itertools import islice

from bookreviews.books import cells as read
from bookreviews.books.isbn import to_isbn13
from bookreviews.books.sheet import CatalogueError, Sheet, examine, records
from bookreviews.text import fold, says_something

# What a column may be called, folded and without blanks; of several that a file has, the first that is not empty counts.
COLUMNS = {
    "title": "title booktitle worktitle originaltitle",
    "subtitle": "subtitle",
    "authors": "authors author authornames authorname bookauthor bookauthors creator creators",
    "more_authors": "additionalauthors coauthors",
    "primary": "primaryauthor",  # LibraryThing's names stand as in a library: Feist, Raymond E.
    "secondary": "secondaryauthor",
    "isbns": "isbn isbn13 isbn10 isbns isbnuid ean",
    "first_published": "originalpublicationyear originalpublicationdate originalyear firstpublished firstpublishedyear"
    " firstpublicationyear yearfirstpublished firstpublishyear",
    "published": "year published publishedyear yearpublished publicationyear yearofpublication pubyear publishyear"
    " publicationdate publisheddate publishdate datepublished dateofpublication pubdate date",
    "language": "language languages languagecode lang",
    "subjects": "subjects subject genres genre categories category tags",
    "description": "description summary synopsis blurb",
    "publisher": "publisher publishers publishername",
    "pages": "pages pagecount numpages numberofpages pagesnumber",
    "format": "format binding",
    "series": "series seriesname seriestitle",
    "series_position": "seriesposition seriesindex seriesnumber seriesno seriesvolume numberinseries positioninseries",
    "average": "averagerating avgrating ratingaverage",
    "ratings": "workratingscount ratingscount numratings numberofratings ratingcount",
}  # fmt: skip
COLUMNS = {field: names.split() for field, names in COLUMNS.items()}
WANTED = "its first line must name the columns, such as: isbn,title,author,year."
# The file of goodbooks-10k: https://github.com/zygmuntz/goodbooks-10k
GOODBOOKS = {"goodreadsbookid", "bestbookid", "workid"}
# The most characters of a field, and the most values of those that list them, with the most characters of each.
LONGEST = {"title": 1000, "subtitle": 1000, "description": 20_000, "publisher": 300, "format": 100, "series": 300}
MOST = {"authors": (100, 300), "subjects": (100, 100), "isbns": (50, 13)}


@dataclass(frozen=True)
class Survey:
    """What a file turned out to be: how to read it, which columns say what, and whose ratings are in it."""

    sheet: Sheet
    columns: dict[str, tuple[int, ...]]
    scheme: str | None = None
    source: str | None = None

    @property
    def rows(self):
        return self.sheet.rows


@dataclass(frozen=True, slots=True)
class Row:
    """A book as one line of a file tells of it."""

    line: int
    title: str
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    isbns: tuple[str, ...] = ()  # ISBN-13
    year: int | None = None  # first published
    edition_year: int | None = None
    language: str | None = None
    subjects: tuple[str, ...] = ()
    description: str = ""
    publisher: str = ""
    pages: int | None = None
    format: str = ""
    series: str = ""
    series_position: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()  # (scheme, value)
    outside: tuple[float, int] | None = None  # mean of stars, number of ratings


@dataclass(frozen=True, slots=True)
class Reject:
    """A line that is no usable book, and why."""

    line: int
    reason: str
    cells: tuple[str, ...]


class Dropped(Reject):
    """An ISBN that cannot be used, in a line whose book can."""

    __slots__ = ()


class Unusable(Exception):
    """Why a line cannot be used."""


def survey(path):
    """Read a whole file, in constant memory, and learn what it holds.

    :returns: a Survey.
    :raises CatalogueError: with one sentence, for a file that is no catalogue or not all there.
    """
    sheet = examine(path)
    names = [fold(name).replace(" ", "") for name in sheet.header]
    columns = {field: tuple(names.index(name) for name in known if name in names) for field, known in COLUMNS.items()}
    if any(to_isbn13(cell.strip('="')) for cell in sheet.header):
        raise CatalogueError(f"{path} begins with a book; {WANTED}")
    if not columns["title"]:
        raise CatalogueError(f"{path} has no column “title”; {WANTED}")
    if GOODBOOKS.issubset(names):
        columns["identifier"] = (names.index("workid"),)
        return Survey(sheet, columns, scheme="goodreads-work", source="Goodreads")
    return Survey(sheet, columns)


def rows(survey):
    """Read a surveyed file once more, a line at a time.

    :returns: an iterator over a Row or a Reject for every line, with a Dropped before it for every ISBN left out.
    """
    for line, cells in islice(records(survey.sheet), 1, None):
        try:
            row, faults = parsed(line, cells, survey)
        except Unusable as reason:
            yield Reject(line, str(reason), tuple(cells or ()))
            continue
        for fault in faults:
            yield Dropped(line, f"ISBN dropped: {fault}", tuple(cells))
        yield row


def parsed(line, cells, survey):
    """A Row, and what is wrong with those of its ISBNs that cannot be used.

    :raises Unusable: with the reason why there is none.
    """
    check(cells, survey)
    said = {field: first(cells, columns) for field, columns in survey.columns.items()}
    title, series, place = read.titled(said["title"])
    if said["series"]:
        series, place = read.series(said["series"])
    isbns, faults = listed_isbns(cells, survey.columns["isbns"])
    first_published, published = read.year(said["first_published"]), read.year(said["published"])
    row = Row(
        line=line,
        title=title,
        subtitle=read.plain(said["subtitle"]),
        authors=authors(said),
        isbns=isbns,
        year=first_published or published,
        edition_year=published if survey.columns["first_published"] else None,
        language=read.language(said["language"]),
        subjects=read.subjects(said["subjects"]),
        description=read.paragraphs(said["description"]),
        publisher=read.plain(said["publisher"]),
        pages=read.pages(said["pages"]),
        format=read.plain(said["format"]),
        series=series,
        series_position=place or (read.position(said["series_position"]) if series else ""),
        identifiers=identifiers(said.get("identifier"), survey.scheme),
        outside=outside(said),
    )
    measure(row)
    return row, faults


def check(cells, survey):
    """See that the cells stand below the columns they belong to.

    Cells beyond the header mean that a comma in a text was not quoted, and every cell after it has moved. Cells that
    are missing at the end may only be empty ones that were left out; not so where the title, the authors or the
    ISBNs are missing, or where an ISBN stands in another column.

    :raises Unusable: where they do not.
    """
    if cells is None:
        raise Unusable("its quotation marks do not match")
    if tuple(cells) == survey.sheet.header:
        raise Unusable("it is the header once more")
    if any(map(str.strip, cells[len(survey.sheet.header) :])):
        raise Unusable("it has more cells than there are columns")
    if len(cells) < len(survey.sheet.header):
        isbns = survey.columns["isbns"]
        needed = max(survey.columns["title"][:1] + survey.columns["authors"][:1] + isbns)
        if len(cells) <= needed or any(to_isbn13(cell.strip('="')) for at, cell in enumerate(cells) if at not in isbns):
            raise Unusable("it has fewer cells than there are columns")


def first(cells, columns):
    """What the first of `columns` that says anything says."""
    return next((cells[at] for at in columns if at < len(cells) and cells[at].strip()), "")


def authors(said):
    """The names of those who made the book, in the order of the cover."""
    if said["authors"]:
        return read.unlike(read.people(said["authors"]) + read.people(said["more_authors"]))
    return read.turned_people(said["primary"] + "|" + said["secondary"])


def listed_isbns(cells, columns):
    """The ISBNs of a line, each once, and what is wrong with others."""
    found, faults = [], []
    for at in columns:
        if at < len(cells) and cells[at]:
            good, bad = read.isbns(cells[at])
            found += good
            faults += bad
    return tuple(dict.fromkeys(found)), faults


def identifiers(text, scheme):
    """The work's number in the catalogue that the file is from."""
    value = (text or "").strip().removesuffix(".0")
    return ((scheme, value),) if value.isascii() and value.isdigit() and len(value) < 20 else ()


def outside(said):
    """The mean and the number of ratings, where both are told."""
    average, ratings = read.average(said["average"]), read.number(said["ratings"])
    return (average, ratings) if average and ratings else None


def measure(row):
    """See that the book has a name, and nothing in it is out of all proportion.

    :raises Unusable: where that is not so.
    """
    if not says_something(row.title):
        raise Unusable("it has no title")
    for field, length in LONGEST.items():
        if len(getattr(row, field)) > length:
            raise Unusable(f"its {field} has more than {length:,} characters")
    for field, (most, length) in MOST.items():
        values = getattr(row, field)
        if len(values) > most:
            raise Unusable(f"it has more than {most} {field}")
        if any(len(value) > length for value in values):
            raise Unusable(f"one of its {field} has more than {length:,} characters")
