"""The rows of a catalogue become books: found again, filled in, never overwritten."""

from collections import Counter, defaultdict
from dataclasses import replace

import sqlalchemy as sa

from bookreviews import tags
from bookreviews.books.models import Author, Book, Credit, Edition, Identifier, book_subject, match_key, name_key
from bookreviews.books.works import Work, load, rows_of, save
from bookreviews.extensions import db
from bookreviews.search.index import index
from bookreviews.text import fold, slug, sort_key

LOCK = 0x626F6F6B73  # any number that nothing else locks
LONGEST_KEY = 600  # characters; PostgreSQL indexes nothing longer than 2,700 bytes


def store(rows, source, sample=False):
    """Store a batch of rows in the caller's transaction, which should commit at once.

    A row is the same work as a book that has its identifier; or one of its ISBNs; or its title, first author and, where
    both have one, place in the series; where that book was merged into another, as that one. What is there stays as it is,
    except that a rating by more people replaces one of the same source; also what is blank, where moderators have decided
    on the facts of the book.

    :param rows: up to about 1,000 of `catalogue.Row`.
    :param source: whose ratings the rows tell.
    :param sample: whether new books belong to the sample catalogue.
    :returns: a Counter of the rows that were "added", "updated" and "unchanged".
    """
    hold()
    rows = as_known(rows)
    shelf, counts, touched = Shelf(candidates(rows, source)), Counter(), {}
    for row in rows:
        work = shelf.find(row)
        if work:
            outcome = "updated" if merge(row, work, shelf, sample) else "unchanged"
        else:
            work, outcome = shelf.put(new_work(row, sample)), "added"
            merge(row, work, shelf, sample)
        counts[outcome] += 1
        if outcome != "unchanged":
            touched[work] = None
    save(touched, source)
    index([work.id for work in touched])
    return counts


def add(row):
    """Add a row as a book of its own, whatever there is that it may be the same as; the caller holds the catalogue (`hold`).

    :returns: its id.
    """
    work = new_work(row, sample=False)
    merge(row, work, Shelf([]), sample=False)
    save([work], source="")
    index([work.id])
    return work.id


def hold():
    """Keep other imports waiting until the end of the transaction: each must see what the other added.

    SQLite has one writer at a time; an update of nothing makes us that one, before we read.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    else:
        nothing = sa.update(Book.__table__).where(sa.false()).values(sample=False)
        db.session.execute(nothing, execution_options={tags.RETIRES: ()})


def as_known(rows):
    """`rows` with their authors called as they are here, where somebody has merged two spellings."""
    other = sa.orm.aliased(Author)
    merged = sa.select(Author.name_key, other.name).join(other, other.id == Author.merged_into_id)
    names = dict(map(tuple, rows_of(merged, Author.name_key, {name_key(name) for row in rows for name in row.authors})))
    return [called(row, names) for row in rows] if names else rows


def called(row, names):
    """A row with the authors' names of `names`, by key; of two that are one by now, the first."""
    authors = {name_key(name): name for name in (names.get(name_key(name), name) for name in reversed(row.authors))}
    return replace(row, authors=tuple(reversed(authors.values())))


def candidates(rows, source):
    """The works in the database that rows may be about."""
    isbns = {isbn for row in rows for isbn in row.isbns}
    values = {value for row in rows for _scheme, value in row.identifiers}
    schemes = {scheme for row in rows for scheme, _value in row.identifiers}
    ids = {row.book_id for row in rows_of(sa.select(Edition.book_id), Edition.isbn13, isbns)}
    numbered = sa.select(Identifier.book_id).where(Identifier.scheme.in_(schemes))
    ids |= {row.book_id for row in rows_of(numbered, Identifier.value, values)}
    # One of each place in a series is enough, also where a thousand books are called “Poems”.
    there = sa.func.coalesce(Book.merged_into_id, Book.id)
    named = sa.select(sa.func.min(there).label("id")).group_by(Book.match_key, Book.series_position)
    other = sa.exists().where(Identifier.book_id == there, Identifier.scheme.in_(schemes))
    ids |= {row.id for row in rows_of(named, Book.match_key, {key_of(row) for row in rows if not row.identifiers})}
    ids |= {row.id for row in rows_of(named.where(~other), Book.match_key, {key_of(row) for row in rows if row.identifiers})}
    return load(ids, isbns, source)


def key_of(row):
    return match_key(row.title, row.authors[0] if row.authors else "")


class Shelf:
    """The works that a batch may be about, by all that they are known by."""

    def __init__(self, works):
        self.by_identifier, self.by_isbn, self.by_key = {}, {}, defaultdict(list)
        for work in works:
            self.put(work)

    def put(self, work):
        for key in (work.names["match_key"], *work.other_keys):
            self.by_key[key].append(work)
        for scheme, values in work.identifiers.items():
            self.by_identifier |= {(scheme, value): work for value in values}
        for edition in work.editions:
            if edition["isbn13"]:
                self.by_isbn[edition["isbn13"]] = work
        return work

    def find(self, row):
        """The work that a row is about, or None."""
        for pair in row.identifiers:
            if pair in self.by_identifier:
                return self.by_identifier[pair]
        for isbn in row.isbns:
            if isbn in self.by_isbn and not other_number(self.by_isbn[isbn], row):
                return self.by_isbn[isbn]
        alike = [work for work in self.by_key[key_of(row)] if not other_number(work, row) and not other_place(work, row)]
        return min(alike, key=lambda work: work.facts["series_position"] != row.series_position, default=None)


def other_number(work, row):
    """Whether the work has another number than the row in the same catalogue."""
    return any(value not in work.identifiers.get(scheme, {value}) for scheme, value in row.identifiers)


def other_place(work, row):
    """Whether work and row have different places in a series."""
    places = {work.facts["series_position"], row.series_position} - {""}
    return len(places) > 1


def new_work(row, sample):
    """A work with nothing but its name."""
    names = {"title": row.title, "sort_title": sort_key(row.title)[:LONGEST_KEY], "match_key": key_of(row)}
    blank = dict.fromkeys(("subtitle", "description", "series", "series_position"), "")
    none = {"language": None, "first_published": None, "sample": sample, "outside_count": 0}
    return Work(None, names, blank | none)


def merge(row, work, shelf, sample):
    """Fill in what a row knows and the work does not, unless moderators have decided what is known of it.

    :returns: whether anything changed.
    """
    work.touched = False
    if work.facts["sample"] and not sample:
        work.change("sample", False)
    if not work.decided:
        merge_facts(row, work)
        merge_people(row, work)
        merge_editions(row, work, shelf)
    for scheme, value in row.identifiers:
        if scheme not in work.identifiers:
            work.identifiers[scheme] = {value}
            shelf.by_identifier[scheme, value] = work
            work.add(Identifier.__table__, scheme=scheme, value=value)
    # By number, then by mean: so that several rows of one work come to the same end in a second import.
    if row.outside and (work.rating is None or row.outside[::-1] > work.rating[::-1]):
        work.rate(row.outside)
    return work.touched


def merge_facts(row, work):
    facts = {
        "subtitle": row.subtitle,
        "description": row.description,
        "language": row.language,
        "first_published": row.year,
    }
    # The place belongs to its series: a book may be in two.
    if fold(work.facts["series"]) in ("", fold(row.series)):
        facts |= {"series": row.series, "series_position": row.series_position}
    for name, value in facts.items():
        if value and not work.facts[name]:
            work.change(name, value)


def merge_people(row, work):
    """Add authors where those that are there are the first of the row's, and all subjects."""
    authors = {name_key(name): name for name in row.authors}
    if work.authors == list(authors)[: len(work.authors)]:
        for position, key in list(enumerate(authors))[len(work.authors) :]:
            work.authors.append(key)
            work.add(Credit.__table__, author=(key, authors[key]), position=position, role="author")
    for name in row.subjects:
        word = slug(name)
        if word and word not in work.subjects:
            work.subjects.add(word)
            work.add(book_subject, subject=(word, name))


def merge_editions(row, work, shelf):
    """Add the row's editions and fill in those that are there; an ISBN stays with the book that has it."""
    facts = {"publisher": row.publisher, "format": row.format, "pages": row.pages, "year": row.edition_year}
    if not row.isbns:
        told = {name: value for name, value in facts.items() if value}
        known = any(told.items() <= edition.items() for edition in work.editions if not edition["isbn13"])
        if (row.publisher or row.format or row.pages) and not known:
            add_edition(work, None, facts, row.language)
    for isbn in row.isbns:
        if isbn not in shelf.by_isbn:
            shelf.by_isbn[isbn] = work
            add_edition(work, isbn, facts, row.language)
        elif shelf.by_isbn[isbn] is work:
            edition = next(edition for edition in work.editions if edition["isbn13"] == isbn)
            for name, value in (facts | {"language": row.language}).items():
                if value and not edition[name]:
                    work.edit(edition, name, value)
        facts = dict.fromkeys(facts)  # they are told of the first ISBN only


def add_edition(work, isbn, facts, language):
    blank = {"publisher": "", "format": "", "pages": None, "year": None}
    told = {name: value for name, value in facts.items() if value}
    work.editions.append(work.add(Edition.__table__, isbn13=isbn, language=language, **(blank | told)))
