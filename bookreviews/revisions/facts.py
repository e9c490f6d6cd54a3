"""The facts of a book, each a text by its name: as forms hold them, as a history compares them, and back to rows.

An edition's are called `edition_5_publisher`, with its number, or `edition_new_publisher` before it has one.
"""

import re
from dataclasses import dataclass
from hashlib import sha256

import sqlalchemy as sa

from bookreviews.books import cells
from bookreviews.books.catalogue import LONGEST, MOST
from bookreviews.books.importer import LONGEST_KEY
from bookreviews.books.isbn import to_isbn13
from bookreviews.books.models import Author, Book, Credit, Edition, Subject, book_subject, match_key, name_key
from bookreviews.books.works import insert, numbered
from bookreviews.extensions import db
from bookreviews.languages import NAMES, language_name
from bookreviews.reviews.changes import diff, fold
from bookreviews.search.index import index
from bookreviews.templating import year
from bookreviews.text import clean_line, clean_text, says_something, slug, sort_key

LABELS = {
    "title": "Title",
    "subtitle": "Subtitle",
    "authors": "Authors",
    "series": "Series",
    "series_position": "Place in the series",
    "first_published": "First published",
    "language": "Language",
    "subjects": "Subjects",
    "description": "Description",
}
# Of an edition, by its columns.
EDITION_LABELS = {
    "isbn13": "ISBN",
    "publisher": "Publisher",
    "year": "Year",
    "format": "Format",
    "pages": "Pages",
    "language": "Language",
}
OF_EDITION = re.compile(rf"edition_(new|[0-9]{{1,10}})_({'|'.join(EDITION_LABELS)})")
NEW_EDITION = {f"edition_new_{column}": "" for column in EDITION_LABELS}
COLUMNS = tuple(name for name in LABELS if name not in ("authors", "subjects"))
LISTS = ("authors", "subjects")  # one a line

ROLES = ("author", "editor", "translator", "illustrator", "narrator", "introduction", "afterword", "contributor")
CREDITED = re.compile(rf"(.*\S)\s*\(({'|'.join(ROLES)})\)", re.IGNORECASE)


def of(book_id):
    """The facts of a book."""
    book = db.session.execute(sa.select(*(getattr(Book, name) for name in COLUMNS)).where(Book.id == book_id)).one()
    credits = sa.select(Author.name, Credit.role).join(Credit).where(Credit.book_id == book_id)
    subjects = sa.select(Subject.name).join(book_subject).where(book_subject.c.book_id == book_id).order_by(Subject.name)
    found = {name: written(name, value) for name, value in book._asdict().items()} | {
        "authors": "\n".join(credit(*row) for row in db.session.execute(credits.order_by(Credit.position, Author.id))),
        "subjects": "\n".join(db.session.scalars(subjects)),
    }
    found = {name: found[name] for name in LABELS}
    editions = sa.select(*Edition.__table__.c).where(Edition.book_id == book_id).order_by(Edition.id)
    for row in db.session.execute(editions):
        for column in EDITION_LABELS:
            found[f"edition_{row.id}_{column}"] = written(column, getattr(row, column))
    return found


def kind(name):
    """What sort of fact this is: its own name, or of an edition the column’s."""
    edition = OF_EDITION.fullmatch(name)
    return edition[2] if edition else name


def edition(name):
    """The number of the edition that a fact is of, or "new"; None for a fact of the book."""
    found = OF_EDITION.fullmatch(name)
    return found and found[1]


def is_gone(name, known):
    """Whether a fact is of an edition that is none of the book's any more, whose facts are `known`."""
    return name not in known and edition(name) not in (None, "new")


def label(name, known=()):
    """What people call a fact.

    :param known: the facts of the book, by which an edition can be told from others.
    """
    edition = OF_EDITION.fullmatch(name)
    if not edition:
        return LABELS[name]
    number, column = edition.groups()
    which = known[f"edition_{number}_isbn13"] if f"edition_{number}_isbn13" in known else ""
    of_which = "the new edition" if number == "new" else f"the edition {which}" if which else "an edition"
    return f"{EDITION_LABELS[column]} of {of_which}"


def written(name, value):
    """The text of a column's value."""
    if kind(name) in ("first_published", "year"):
        return year(value)
    return "" if value is None else str(value)


def credit(name, role):
    """Who made a book, and how, in a line."""
    return name if role == "author" else f"{name} ({role})"


def credited(line):
    """The name and the role in a line: “Chris Riddell (illustrator)”."""
    found = CREDITED.fullmatch(line)
    return (found[1], found[2].lower()) if found else (line, "author")


def value(name, text):
    """What a column holds for a text; None where it is none, or empty."""
    readers = {"first_published": cells.year, "year": cells.year, "pages": cells.pages, "isbn13": to_isbn13}
    if kind(name) in readers:
        return readers[kind(name)](text) if text else None
    if kind(name) == "series_position":
        return cells.position(text)
    return text or None if kind(name) == "language" else text


def clean(name, text):
    """A text as it was typed, without what nobody sees."""
    if kind(name) in LISTS:
        return "\n".join(filter(None, map(clean_line, (text or "").splitlines())))
    return clean_text(text) if name == "description" else clean_line(text)


def canonical(name, text):
    """A text as it would be read back: years, ISBNs and the like in one spelling; what cannot be read as it is."""
    text = clean(name, text)
    if kind(name) in LISTS:
        return text
    return written(name, value(name, text)) or text


def digest(text):
    """A short sign of a text, by which a form knows what it was shown with."""
    return sha256(text.encode()).hexdigest()[:12]


def fault(name, text):
    """What is wrong with the text of a fact, in a sentence; empty where nothing is."""
    if kind(name) in LISTS:
        return fault_of_list(kind(name), text.splitlines())
    longest = LONGEST.get(kind(name))
    if longest and len(text) > longest:
        return f"This has at most {longest:,} characters; there are {len(text):,}."
    if name == "title" and not says_something(text):
        return "A book has a title. Please type it."
    if kind(name) == "language":
        return "" if not text or text in NAMES else "Please choose a language of the list."
    return FAULTS[kind(name)] if text and kind(name) in FAULTS and not value(name, text) else ""


FAULTS = {
    "first_published": "A year is written as 1965 or as 750 BC, and is not far ahead.",
    "year": "A year is written as 1965, and is not far ahead.",
    "series_position": "A place in a series is a number, such as 2, 0.5 or 1-3.",
    "pages": "Pages are a number from 1 to 50,000.",
    "isbn13": "A digit is wrong or missing: an ISBN has 10 or 13 of them, the last of which checks the others.",
}


def fault_of_list(name, lines):
    """What is wrong with a list of names."""
    most, longest = MOST[name]
    if len(lines) > most:
        return f"There are at most {most} {name}, one a line; here are {len(lines)}."
    if any(len(line) > longest for line in lines):
        return f"A name has at most {longest} characters. Write one a line."
    if not all(map(says_something if name == "authors" else slug, lines)):
        return "There is a line without a name."
    return ""


def isbn_elsewhere(name, text):
    """The title of the book that has an ISBN with another edition than the fact's; None for other facts, and without one."""
    edition = OF_EDITION.fullmatch(name)
    if not edition or edition[2] != "isbn13" or not text:
        return None
    other = sa.select(Book.title).join(Edition).where(Edition.isbn13 == to_isbn13(text))
    return db.session.scalar(other if edition[1] == "new" else other.where(Edition.id != int(edition[1])))


def change(book_id, texts):
    """Make facts of a book what `texts` say, in the caller's transaction; the caller holds it (editing.hold).

    :returns: what is otherwise than it was: {name: [before, after]}.
    """
    before = of(book_id)
    write(book_id, texts)
    after = of(book_id)
    return {
        name: [before.get(name, ""), after.get(name, "")]
        for name in before | after
        if before.get(name, "") != after.get(name, "")
    }


def write(book_id, texts):
    """Write facts into the rows, and let the search know them."""
    columns = {name: value(name, texts[name]) for name in COLUMNS if name in texts}
    if columns:
        db.session.execute(sa.update(Book).where(Book.id == book_id).values(columns))
    if "authors" in texts:
        write_authors(book_id, texts["authors"])
    if "subjects" in texts:
        write_subjects(book_id, texts["subjects"])
    for number in dict.fromkeys(found[1] for found in map(OF_EDITION.fullmatch, texts) if found):
        write_edition(book_id, number, texts)
    write_keys(book_id)
    index([book_id])


def write_authors(book_id, text):
    credits = [credited(line) for line in text.splitlines()]
    ids = numbered(Author, Author.name_key, {name_key(name): name for name, _ in reversed(credits)})
    once = dict.fromkeys((ids[name_key(name)], role) for name, role in credits)
    db.session.execute(sa.delete(Credit.__table__).where(Credit.book_id == book_id))
    rows = [{"author_id": author, "role": role, "position": place} for place, (author, role) in enumerate(once)]
    insert(Credit.__table__, [row | {"book_id": book_id} for row in rows])


def write_subjects(book_id, text):
    ids = numbered(Subject, Subject.slug, {slug(name): name for name in text.splitlines()[::-1]})
    db.session.execute(sa.delete(book_subject).where(book_subject.c.book_id == book_id))
    insert(book_subject, [{"book_id": book_id, "subject_id": subject} for subject in ids.values()])


def write_edition(book_id, number, texts):
    """Write the facts of one edition: add it where it is not there (any more), take it away where nothing is left of it."""
    names = {column: f"edition_{number}_{column}" for column in EDITION_LABELS}
    columns = {column: value(name, texts[name]) for column, name in names.items() if name in texts}
    this = (Edition.id == int(number)) & (Edition.book_id == book_id) if number != "new" else sa.false()
    if not db.session.execute(sa.update(Edition).where(this).values(columns)).rowcount:
        db.session.add(Edition(book_id=book_id, **columns))
        db.session.flush()
    blank = (Edition.isbn13, Edition.year, Edition.pages, Edition.language)
    empty = sa.and_(*(column.is_(None) for column in blank), Edition.publisher == "", Edition.format == "")
    db.session.execute(sa.delete(Edition).where(Edition.book_id == book_id, empty))


def write_keys(book_id):
    """What a book is sorted and found by, from its title and its first author."""
    first = sa.select(Author.name).join(Credit).where(Credit.book_id == book_id).order_by(Credit.position, Author.id).limit(1)
    author, title = db.session.scalar(first) or "", db.session.scalar(sa.select(Book.title).where(Book.id == book_id))
    keys = {"sort_title": sort_key(title)[:LONGEST_KEY], "match_key": match_key(title, author)}
    db.session.execute(sa.update(Book).where(Book.id == book_id).values(keys))


@dataclass(frozen=True)
class Difference:
    """A fact that is, or would be, another."""

    name: str
    label: str
    before: str
    after: str

    @property
    def runs(self):
        """What became of its words."""
        return fold(diff(self.shown(self.before), self.shown(self.after)))

    def shown(self, text):
        return language_name(text) if kind(self.name) == "language" else text


def differences(changes, known=()):
    """What changes come to, a Difference for each.

    :param changes: {name: [before, after]}.
    :param known: see `label`.
    """
    return [Difference(name, label(name, known), *texts) for name, texts in changes.items()]
