"""Works, their editions, authors and subjects."""

from bisect import bisect
from datetime import datetime
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload
from stdnum import isbn as stdnum_isbn

from bookreviews import tags
from bookreviews.extensions import db, now
from bookreviews.text import fold, slug

# Words that stand in an author's place and name nobody.
NOBODY = {"anonymous", "unknown", "various", "various authors", "unknown author", "author unknown"}

# Bayesian mean: as if every book began with PRIOR_RATINGS ratings of PRIOR_RATING half stars, so that one
# enthusiast does not outrank a hundred readers. See https://en.wikipedia.org/wiki/Bayesian_average
PRIOR_RATING, PRIOR_RATINGS = 7, 5
SCORE = (
    f"CASE WHEN ratings_count = 0 THEN 0 ELSE CAST({PRIOR_RATING * PRIOR_RATINGS} + ratings_sum AS DOUBLE PRECISION)"
    f" / ({PRIOR_RATINGS} + ratings_count) END"
)
NO_YEAR = -10_000
# A book is one step better known from so many ratings on, here and elsewhere: its place beside others seldom changes.
FAME = [4**step for step in range(15)]
# Of so many of an author's books the best known are found.
MANY = 300

book_subject = sa.Table(
    "book_subject",
    db.metadata,
    sa.Column("book_id", sa.ForeignKey("book.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("subject_id", sa.ForeignKey("subject.id", ondelete="CASCADE"), primary_key=True),
    sa.Index(None, "subject_id", "book_id"),
)


def merged_index(table):
    """An index of the few rows of a table that were merged into others."""
    merged = sa.text("merged_into_id IS NOT NULL")
    return sa.Index(f"ix_{table}_merged_into_id", "merged_into_id", sqlite_where=merged, postgresql_where=merged)


class AuthorFacts:
    """What follows from an author's columns."""

    @property
    def ref(self):
        """The end of the author's address."""
        return ref(self.id, self.name)

    @property
    def nobody(self):
        """Whether this is a word such as “Anonymous”, which has no page to follow."""
        return self.name_key in NOBODY


class BookFacts:
    """What follows from a book's columns."""

    @property
    def ref(self):
        """The end of the book's address: `42-the-hunger-games`."""
        return ref(self.id, self.title)

    @property
    def average(self):
        """The mean of the members' ratings in stars, 0.5 to 5; None without any."""
        return self.ratings_sum / self.ratings_count / 2 if self.ratings_count else None

    @property
    def guests_average(self):
        """The same of the guests' ratings, which are shown apart."""
        return self.guests_sum / self.guests_count / 2 if self.guests_count else None

    @property
    def nearest_rating(self):
        """The mean as the nearest number of half stars, 1 to 10; there must be ratings."""
        return (2 * self.ratings_sum + self.ratings_count) // (2 * self.ratings_count)

    @property
    def glance(self):
        """What its numbers come to where it stands beside another book: its FAME, and what is shown of its ratings."""
        fame = bisect(FAME, self.ratings_count + self.outside_count)
        return fame, self.nearest_rating if self.ratings_count else None, self.guests_count > 0


class EditionFacts:
    """What follows from an edition's columns."""

    @property
    def isbn10(self):
        """The ISBN in its old form, or None where it has none (979…)."""
        if self.isbn13 and self.isbn13.startswith("978"):
            return stdnum_isbn.to_isbn10(self.isbn13)
        return None


class Author(AuthorFacts, db.Model):
    """Someone who made a book; two of the same name are one until somebody tells them apart."""

    __table_args__ = (merged_index("author"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(unique=True)  # name_key(name)
    # Another spelling of that author, who has all of its books; its row only tells where to go.
    merged_into_id: Mapped[int | None]

    @property
    def cache_tags(self):
        return {tags.author(self.id), tags.best_known(self.id)}

    @classmethod
    def there(cls):
        """The authors that were not merged into others."""
        return sa.select(cls).where(cls.stands())

    @classmethod
    def stands(cls):
        """The condition of an author that was not merged into another."""
        return cls.merged_into_id.is_(None)

    @classmethod
    def named(cls, name):
        """The author of a name, or whom that name was merged into."""
        found = sa.select(sa.func.coalesce(cls.merged_into_id, cls.id)).where(cls.name_key == name_key(name))
        return sa.select(cls).where(cls.id == found.scalar_subquery())


class Subject(db.Model):
    """What a book is about, or its kind."""

    __table_args__ = (sa.Index("ix_subject_books_count", "books_count"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    books_count: Mapped[int] = mapped_column(server_default="0")  # kept by the database (see migration 0012)

    @property
    def cache_tags(self):
        return {tags.LISTS}

    @classmethod
    def named(cls, slug):
        return sa.select(cls).where(cls.slug == slug)


class Book(BookFacts, db.Model):
    """A work, whatever its editions."""

    __table_args__ = (
        sa.CheckConstraint("first_published <> 0", name="no_year_zero"),
        sa.Index("ix_book_best", "score", "popularity", "id"),
        sa.Index("ix_book_reviewed", "reviews_count", "popularity", "id"),
        sa.Index("ix_book_newest", "year_key", "popularity", "id"),
        sa.Index("ix_book_title", "sort_title", "id"),
        sa.Index("ix_book_match", "match_key"),
        # The same within what the catalogue can be narrowed to.
        sa.Index("ix_book_language_best", "language", "score", "popularity", "id"),
        sa.Index("ix_book_language_reviewed", "language", "reviews_count", "popularity", "id"),
        sa.Index("ix_book_language_newest", "language", "year_key", "popularity", "id"),
        sa.Index("ix_book_language_title", "language", "sort_title", "id"),
        sa.Index("ix_book_decade_best", "decade", "score", "popularity", "id"),
        sa.Index("ix_book_decade_reviewed", "decade", "reviews_count", "popularity", "id"),
        sa.Index("ix_book_decade_newest", "decade", "year_key", "popularity", "id"),
        sa.Index("ix_book_decade_title", "decade", "sort_title", "id"),
        merged_index("book"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    subtitle: Mapped[str] = mapped_column(default="", server_default="")
    description: Mapped[str] = mapped_column(default="", server_default="")
    language: Mapped[str | None]  # BCP 47; None: unknown
    first_published: Mapped[int | None]  # a year; −750 is 750 BC
    series: Mapped[str] = mapped_column(default="", server_default="")
    series_position: Mapped[str] = mapped_column(default="", server_default="")  # "2", "1-3", "0.5"
    sort_title: Mapped[str]  # sort_key(title)
    match_key: Mapped[str]  # what an importer finds the work by, see books/importer.py
    sample: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    created_at: Mapped[datetime] = mapped_column(default=now)
    cover_key: Mapped[str | None]  # of the Cover that is shown, kept by covers/gallery.py; None: one is drawn
    # The same work as that book, which has all that was its own; its row only tells where to go. Never a longer way:
    # where that one is merged in turn, this one is as well (merging/books.py).
    merged_into_id: Mapped[int | None]

    # Counted where they change, in the same transaction: ratings by reviews/ratings.py, outside_count by imports.
    ratings_count: Mapped[int] = mapped_column(default=0, server_default="0")  # by members
    ratings_sum: Mapped[int] = mapped_column(default=0, server_default="0")  # of these, in half stars
    guests_count: Mapped[int] = mapped_column(default=0, server_default="0")  # ratings by guests, and by former readers
    guests_sum: Mapped[int] = mapped_column(default=0, server_default="0")
    reviews_count: Mapped[int] = mapped_column(default=0, server_default="0")  # ratings with words, by anyone
    outside_count: Mapped[int] = mapped_column(default=0, server_default="0")
    # Of how many reviews what is true: {"counted 9": 12, "words": 8, "language en": 7, "removed": 1}; see reviews/ratings.py.
    tallies: Mapped[dict] = mapped_column(sa.JSON, default=dict, server_default="{}", deferred=True)

    # Computed by the database, for sorting. (Alembic cannot copy a table that has such columns: a migration that must
    # make `book` anew on SQLite takes them away first and adds them afterwards.)
    score: Mapped[float] = mapped_column(sa.Computed(SCORE, persisted=True))
    popularity: Mapped[int] = mapped_column(sa.Computed("ratings_count + outside_count", persisted=True))
    year_key: Mapped[int] = mapped_column(sa.Computed(f"coalesce(first_published, {NO_YEAR})", persisted=True))
    # Both databases cut towards zero: 1997 and 1990 are in 199, -755 and -750 in -75.
    decade: Mapped[int | None] = mapped_column(sa.Computed("first_published / 10"))

    credits: Mapped[list["Credit"]] = relationship(order_by="Credit.position", lazy="raise_on_sql", viewonly=True)
    subjects: Mapped[list[Subject]] = relationship(
        secondary=book_subject, order_by=Subject.name, lazy="raise_on_sql", viewonly=True
    )
    outside_ratings: Mapped[list["OutsideRating"]] = relationship(
        order_by="OutsideRating.source", lazy="raise_on_sql", viewonly=True
    )

    @property
    def cache_tags(self):
        return tags.facts(self.id)

    @classmethod
    def stands(cls):
        """The condition of a book that was not merged into another: whatever lists or finds books asks for it."""
        return cls.merged_into_id.is_(None)

    @classmethod
    def by_fame(cls):
        """The order of books beside another one: by FAME, the best known first."""
        steps = ((cls.popularity >= ratings, -step) for step, ratings in reversed([*enumerate(FAME)]))
        return sa.case(*steps, else_=1), cls.id

    @classmethod
    def listed(cls):
        """Books with their authors and what readers elsewhere gave them, for a list."""
        return sa.select(cls).where(cls.stands()).options(
            selectinload(cls.credits).joinedload(Credit.author), selectinload(cls.outside_ratings)
        )  # fmt: skip

    @classmethod
    def together(cls):
        """The same with their subjects."""
        return cls.listed().options(selectinload(cls.subjects))

    @classmethod
    def with_isbn(cls, isbn13):
        return cls.listed().join(Edition).where(Edition.isbn13 == isbn13)

    @property
    def authors(self):
        return [credit.author for credit in self.credits]


class Credit(db.Model):
    """What an author did for a book, in the order of the cover."""

    __tablename__ = "book_author"
    __table_args__ = (sa.Index(None, "author_id", "book_id"),)

    book_id: Mapped[int] = mapped_column(sa.ForeignKey(Book.id, ondelete="CASCADE"), primary_key=True)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey(Author.id, ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True, default="author", server_default="author")
    position: Mapped[int] = mapped_column(default=0)
    author: Mapped[Author] = relationship(lazy="raise_on_sql", viewonly=True)

    @property
    def cache_tags(self):
        return {*tags.facts(self.book_id), tags.author(self.author_id), tags.best_known(self.author_id)}

    @classmethod
    def best_known(cls, author_id):
        """The Select of the ids of an author's books, the best known first; of some of them where there are very many."""
        some = sa.select(cls.book_id).where(cls.author_id == author_id).limit(MANY)
        return sa.select(Book.id).where(Book.id.in_(some)).order_by(*Book.by_fame())


class Edition(EditionFacts, db.Model):
    """One published form of a book."""

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(sa.ForeignKey(Book.id, ondelete="CASCADE"), index=True)
    isbn13: Mapped[str | None] = mapped_column(unique=True)  # 13 digits; None: published without
    format: Mapped[str] = mapped_column(default="", server_default="")
    publisher: Mapped[str] = mapped_column(default="", server_default="")
    year: Mapped[int | None]
    language: Mapped[str | None]
    pages: Mapped[int | None]

    @property
    def cache_tags(self):
        return {tags.book(self.book_id)}


class Identifier(db.Model):
    """A work's number in another catalogue, such as `goodreads-work` 2792775."""

    scheme: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(sa.ForeignKey(Book.id, ondelete="CASCADE"), index=True)


class OutsideRating(db.Model):
    """What readers elsewhere gave a book: kept as it came, never counted with our own."""

    book_id: Mapped[int] = mapped_column(sa.ForeignKey(Book.id, ondelete="CASCADE"), primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    average: Mapped[float]  # stars, of 5
    count: Mapped[int]

    @property
    def cache_tags(self):
        return tags.facts(self.book_id)


@lru_cache(4096)
def ref(number, name):
    """The end of an address: the row's number, and its name for people."""
    return f"{number}-{slug(name)}".rstrip("-")


def name_key(name):
    """What an author is known by: the name folded, or as it stands where it is all signs.

    Cut: PostgreSQL indexes nothing longer than 2,700 bytes.
    """
    return (fold(name) or name)[:300]


def match_key(title, author):
    """What an importer knows a work by when no number tells: its title and first author, folded."""
    return f"{(fold(title) or title)[:300]}|{name_key(author)}"
