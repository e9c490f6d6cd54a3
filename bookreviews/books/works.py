"""Works in bulk: read and written with a few statements, however many they are."""

from collections import defaultdict
from dataclasses import dataclass, field

import sqlalchemy as sa

from bookreviews.books.models import Author, Book, Credit, Edition, Identifier, OutsideRating, Subject, book_subject
from bookreviews.dialects import is_one_of
from bookreviews.extensions import db
from bookreviews.merging.models import Merge
from bookreviews.revisions.models import APPLIED, Revision

NAMES = ("title", "sort_title", "match_key")
FACTS = ("subtitle", "description", "language", "first_published", "series", "series_position", "sample", "outside_count")
MANY = 10_000  # values in one statement: SQLite takes 32,766


@dataclass(eq=False)
class Work:
    """A book as an import sees it, and what it adds to it until `save` writes that down.

    Authors are known by their name_key, subjects by their slug. Of editions and outside ratings there are only those
    that the import has to do with.
    """

    id: int | None
    names: dict  # columns of Book that an import never changes
    facts: dict  # those that it fills in
    decided: bool = False  # whether moderators have changed its facts, or merged it: they know better than any file
    other_keys: set[str] = field(default_factory=set)  # match_keys of books that were merged into it
    identifiers: dict[str, set[str]] = field(default_factory=dict)  # scheme → values, of which a merged book has several
    authors: list[str] = field(default_factory=list)
    subjects: set[str] = field(default_factory=set)
    rating: tuple[float, int] | None = None
    editions: list[dict] = field(default_factory=list)

    touched: bool = False
    changed: set[str] = field(default_factory=set)  # facts
    rated: bool = False
    edited: dict[int, dict] = field(default_factory=dict)  # editions by id
    rows: dict = field(default_factory=lambda: defaultdict(list))  # new rows by table

    def change(self, name, value):
        """Let a fact be `value`."""
        self.facts[name] = value
        self.changed.add(name)
        self.touched = True

    def rate(self, rating):
        """Let the outside rating be `rating`, and count it."""
        before = self.rating[1] if self.rating else 0
        self.change("outside_count", self.facts["outside_count"] + rating[1] - before)
        self.rating, self.rated = rating, True

    def edit(self, edition, name, value):
        """Let a fact of an edition be `value`."""
        edition[name] = value
        if "id" in edition:
            self.edited[edition["id"]] = edition
        self.touched = True

    def add(self, table, **row):
        """Add a row to a table; `save` says that it is of this book.

        :returns: the row.
        """
        self.rows[table].append(row)
        self.touched = True
        return row


def rows_of(select, column, values):
    """The rows of `select` where `column` is one of `values`."""
    values = list(values)
    for start in range(0, len(values), MANY):
        yield from db.session.execute(select.where(is_one_of(column, values[start : start + MANY])))


def load(ids, isbns, source):
    """Works as they are in the database, the oldest first.

    :param isbns: the editions wanted besides those without ISBN.
    :param source: whose ratings are wanted.
    """
    books = sa.select(Book.id, *(getattr(Book, name) for name in NAMES + FACTS))
    works = {}
    for row in sorted(rows_of(books, Book.id, ids), key=lambda row: row.id):
        known = row._asdict()
        works[row.id] = Work(row.id, {name: known[name] for name in NAMES}, {name: known[name] for name in FACTS})
    for row in rows_of(sa.select(*Identifier.__table__.c), Identifier.book_id, works):
        works[row.book_id].identifiers.setdefault(row.scheme, set()).add(row.value)
    for row in rows_of(sa.select(Book.merged_into_id, Book.match_key), Book.merged_into_id, works):
        works[row.merged_into_id].other_keys.add(row.match_key)
    decided = decisions()
    for row in rows_of(decided, decided.selected_columns.book_id, works):
        works[row.book_id].decided = True
    credits = sa.select(Credit.book_id, Author.name_key).join(Author).order_by(Credit.position, Author.id)
    for row in rows_of(credits, Credit.book_id, works):
        works[row.book_id].authors.append(row.name_key)
    for row in rows_of(sa.select(book_subject.c.book_id, Subject.slug).join(Subject), book_subject.c.book_id, works):
        works[row.book_id].subjects.add(row.slug)
    ratings = sa.select(*OutsideRating.__table__.c).where(OutsideRating.source == source)
    for row in rows_of(ratings, OutsideRating.book_id, works):
        works[row.book_id].rating = (row.average, row.count)
    load_editions(works, isbns)
    return list(works.values())


def decisions():
    """The Select of the books whose facts were changed, which were merged, or which an edition went from or to."""
    stands = Merge.undone_at.is_(None)
    decided = sa.union_all(
        sa.select(Revision.book_id).where(Revision.state == APPLIED),
        sa.select(Merge.from_book_id).where(stands),
        sa.select(Merge.into_book_id).where(stands),
    ).subquery()
    return sa.select(decided.c.book_id)


def load_editions(works, isbns):
    """Give works those of their editions that have one of `isbns`, or none."""
    editions = sa.select(*Edition.__table__.c)
    for row in rows_of(editions, Edition.isbn13, isbns):
        if row.book_id in works:
            works[row.book_id].editions.append(row._asdict())
    for row in rows_of(editions.where(Edition.isbn13.is_(None)), Edition.book_id, works):
        works[row.book_id].editions.append(row._asdict())


def save(works, source):
    """Write down what an import added to works, in the caller's transaction; they have their ids afterwards."""
    insert_books([work for work in works if work.id is None])
    update(Book, [{"id": work.id} | {name: work.facts[name] for name in work.changed} for work in works])
    update(Edition, [edition for work in works for edition in work.edited.values()])
    save_ratings([work for work in works if work.rated], source)
    for table, rows in rows_by_table(works).items():
        insert(table, rows)


def insert_books(works):
    """Insert new books and give the works their ids."""
    if works:
        rows = [work.names | work.facts for work in works]
        inserted = sa.insert(Book.__table__).returning(Book.id, sort_by_parameter_order=True)
        for work, number in zip(works, db.session.scalars(inserted, rows), strict=True):
            work.id, work.changed = number, set()


def insert(table, rows):
    if rows:
        db.session.execute(sa.insert(table), rows)


def update(model, rows):
    """Update rows by their id; they may change different columns, and those that change nothing are left out."""
    rows = sorted((row for row in rows if len(row) > 1), key=lambda row: sorted(row))
    if rows:
        db.session.execute(sa.update(model), rows)


def save_ratings(works, source):
    """Put outside ratings in the place of what there was from their source."""
    ids = [work.id for work in works]
    for start in range(0, len(ids), MANY):
        old = OutsideRating.source == source, is_one_of(OutsideRating.book_id, ids[start : start + MANY])
        db.session.execute(sa.delete(OutsideRating.__table__).where(*old))
    rows = ({"book_id": work.id, "source": source, "average": work.rating[0], "count": work.rating[1]} for work in works)
    insert(OutsideRating.__table__, list(rows))


def rows_by_table(works):
    """The new rows of all works, complete with the ids of their books, authors and subjects."""
    found = defaultdict(list)
    for work in works:
        for table, rows in work.rows.items():
            found[table] += [row | {"book_id": work.id} for row in rows]
    named = {Credit.__table__: ("author", Author, Author.name_key), book_subject: ("subject", Subject, Subject.slug)}
    for table, (kind, model, key) in named.items():
        ids = numbered(model, key, {row[kind][0]: row[kind][1] for row in reversed(found[table])})
        for row in found[table]:
            row[f"{kind}_id"] = ids[row.pop(kind)[0]]
    return found


def numbered(model, key, names):
    """The ids of the authors or subjects in `names`, a mapping of key to name; those that are new are inserted."""
    select = sa.select(key, model.id)
    ids = dict(map(tuple, rows_of(select, key, names)))
    new = [{key.key: word, "name": name} for word, name in names.items() if word not in ids]
    if new:
        inserted = sa.insert(model.__table__).returning(key, model.id)
        ids |= dict(map(tuple, db.session.execute(inserted, new)))
    return ids
