"""Reviews and who may see and change them."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from bookreviews import tags
from bookreviews.accounts.models import User
from bookreviews.books.models import Book, Credit
from bookreviews.extensions import db, now

# How long a deleted review can be brought back by its writer.
UNDO = timedelta(hours=24)


# How a copy came to its reader, as reviewers may say.
SOURCES = {"bought": "bought it", "library": "from a library", "free": "got a free copy"}


class Words:
    """What a reader can say of a book: the same columns in a review, in its earlier versions and in a draft."""

    title: Mapped[str] = mapped_column(default="")
    body: Mapped[str] = mapped_column(default="")  # Markdown, as typed
    language: Mapped[str | None]  # BCP 47
    spoilers: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str | None]  # of SOURCES
    knows_author: Mapped[bool] = mapped_column(default=False)
    stopped_at: Mapped[int | None]  # the page at which the reader gave up


# A review that anyone may read; one of them that may be shown as the best word for a book, or against it.
STANDS = "deleted_at IS NULL AND held_at IS NULL AND hidden_at IS NULL AND barred_at IS NULL AND set_aside_at IS NULL"
SPEAKS = f"{STANDS} AND body <> '' AND NOT spoilers AND waits_until IS NULL AND left_out_at IS NULL"
# Of which numbers of its book a review is part (Book.tallies): “counted 9,words,language en”; NULL: of none.
TALLY = """(CASE WHEN deleted_at IS NOT NULL OR set_aside_at IS NOT NULL THEN NULL
    WHEN hidden_at IS NOT NULL THEN 'removed' WHEN barred_at IS NOT NULL THEN 'banned' WHEN held_at IS NOT NULL THEN 'held'
    ELSE CASE WHEN user_id IS NULL THEN 'guest ' WHEN waits_until IS NOT NULL THEN 'waiting '
            WHEN left_out_at IS NOT NULL THEN 'left_out ' ELSE 'counted ' END || CAST(rating AS TEXT)
        || CASE WHEN body <> '' THEN ',words' ELSE '' END || CASE WHEN source = 'free' THEN ',free' ELSE '' END
        || coalesce(',language ' || language, '')
    END)"""
# A review that is part of other numbers than it should be: few are, and only until they are counted.
OUTDATED = {"sqlite": f"tallied IS NOT {TALLY}", "postgresql": f"tallied IS DISTINCT FROM {TALLY}"}
# The indexes of reviews, each with the condition of those that it knows. The lists of a book's reviews end with what
# they can be narrowed by, so that those that are left out are passed over without a look at their rows.
INDEXES = (
    ("ix_review_book_helpful", "book_id helpfulness created_at id rating language", STANDS),
    ("ix_review_book_created", "book_id created_at id rating language", STANDS),
    ("ix_review_book_rating", "book_id rating created_at id language", STANDS),
    ("ix_review_for", "book_id helpfulness created_at id", f"{SPEAKS} AND rating >= 7"),
    ("ix_review_against", "book_id helpfulness created_at id", f"{SPEAKS} AND rating <= 5"),
    ("ix_review_user_created", "user_id created_at id", "user_id IS NOT NULL"),
    ("ix_review_created", "created_at id", f"{STANDS} AND body <> ''"),
    ("ix_review_deleted", "deleted_at", "deleted_at IS NOT NULL"),
    ("ix_review_set_aside", "user_id id", "set_aside_at IS NOT NULL"),
    ("ix_review_guest_set_aside", "guest id", "set_aside_at IS NOT NULL"),
    ("ix_review_waiting", "waits_until book_id", "waits_until IS NOT NULL"),
    ("ix_review_book_waiting", "book_id waits_until", "waits_until IS NOT NULL"),
    ("ix_review_untallied", "book_id id", OUTDATED),
)


def partial_index(name, columns, condition):
    """An index of the rows that meet a condition, which may be written differently for each database."""
    if isinstance(condition, str):
        condition = {"sqlite": condition, "postgresql": condition}
    return sa.Index(name, *columns.split(), **{f"{database}_where": sa.text(text) for database, text in condition.items()})


# The names of these columns, and of the rating beside them.
WORDS = ("rating", "title", "body", "language", "spoilers", "source", "knows_author", "stopped_at")


class Review(db.Model, Words):
    """What one writer thinks of one book; a rating without words is a review with an empty body.

    The writer is a member (`user_id`) or a guest (`guest`), or nobody any more: an account can be closed without taking
    its reviews along.
    """

    __table_args__ = (
        sa.UniqueConstraint("book_id", "guest"),
        sa.UniqueConstraint("book_id", "user_id"),
        sa.CheckConstraint("rating BETWEEN 1 AND 10", name="rating_in_range"),
        sa.CheckConstraint("source IN ('bought', 'library', 'free')", name="source_known"),
        sa.CheckConstraint("stopped_at BETWEEN 1 AND 99999", name="page_in_range"),
        *(partial_index(*index) for index in INDEXES),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(sa.ForeignKey(Book.id, ondelete="CASCADE"))
    book: Mapped[Book] = relationship(lazy="raise_on_sql")
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey(User.id, ondelete="SET NULL"))
    guest: Mapped[str | None]  # what their signed cookie says
    name: Mapped[str]  # of a member the username
    rating: Mapped[int]  # half stars, 1 to 10
    body_html: Mapped[str] = mapped_column(default="")  # `body`, rendered safe when written
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime | None]
    rewritten_at: Mapped[datetime | None]  # the last change so large that votes from before are marked
    deleted_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None]  # waits for a look before anyone else sees it
    hidden_at: Mapped[datetime | None]  # removed by a moderator; its writer still reads it
    barred_at: Mapped[datetime | None]  # its writer is banned
    # Its book was merged into another, of which its writer has a review as well: the writer chooses (see doubles/).
    set_aside_at: Mapped[datetime | None]
    # Of those that are read, some do not count: they came in a burst and wait, or were left out of the score after a look.
    waits_until: Mapped[datetime | None]
    left_out_at: Mapped[datetime | None]
    joined_at: Mapped[datetime | None]  # when a guest's became a member's
    tallied: Mapped[str | None]  # what of TALLY is in its book's numbers, and in the ledger; kept by reviews/ratings.py
    # Counted from the votes (votes/counting.py).
    helpful: Mapped[int] = mapped_column(default=0)
    unhelpful: Mapped[int] = mapped_column(default=0)
    votes_before: Mapped[int] = mapped_column(default=0)  # of both, those given before the last large change
    helpfulness: Mapped[float] = mapped_column(sa.Double, default=0.0)
    version: Mapped[int] = mapped_column()

    # A writer's other tab may have been faster: then the database refuses, and the view shows both texts.
    __mapper_args__ = {"version_id_col": version}

    @property
    def cache_tags(self):
        return {tags.book(self.book_id), tags.reader(self.user_id), tags.LISTS}

    @classmethod
    def visible(cls):
        """The reviews anyone may read."""
        return sa.select(cls).where(cls.stands())

    @classmethod
    def stands(cls):
        """The condition of a review that anyone may read."""
        moments = cls.deleted_at, cls.held_at, cls.hidden_at, cls.barred_at, cls.set_aside_at
        return sa.and_(*(moment.is_(None) for moment in moments))

    @classmethod
    def has_words(cls):
        """The condition of a review that is more than a rating, as `ix_review_created` has it."""
        return sa.text("review.body <> ''")

    @classmethod
    def counts(cls):
        """The condition of a rating that is in the score: a member's, for a guest may be anybody, and the same one twice."""
        return cls.stands() & cls.user_id.is_not(None) & cls.waits_until.is_(None) & cls.left_out_at.is_(None)

    @classmethod
    def waiting(cls):
        """The reviews that wait for a look, the oldest first."""
        waits = cls.held_at.is_not(None), cls.deleted_at.is_(None), cls.set_aside_at.is_(None)
        return sa.select(cls).where(*waits).order_by(cls.held_at, cls.id)

    @classmethod
    def with_book(cls):
        """The reviews anyone may read, each with its book and the book's authors."""
        return cls.visible().options(*cls.its_book())

    @classmethod
    def published(cls):
        """All that their writers have published and not taken back, however it stands, each with its book."""
        return sa.select(cls).options(*cls.its_book()).where(cls.deleted_at.is_(None))

    @classmethod
    def mine(cls, writer):
        """The same of one writer."""
        return cls.published().where(cls.written_by(writer))

    @classmethod
    def its_book(cls):
        """What is loaded with a review that stands beside its book."""
        book = joinedload(cls.book)
        return book.selectinload(Book.credits).joinedload(Credit.author), book.selectinload(Book.outside_ratings)

    @classmethod
    def written_by(cls, writer):
        """The condition of a review that a writer (writers.Writer) wrote."""
        return sa.and_(*(getattr(cls, name) == value for name, value in writer.columns.items()))

    @classmethod
    def expired(cls):
        """The condition of a deleted review that nobody can bring back any more."""
        return cls.deleted_at < now() - UNDO

    @property
    def is_kept(self):
        """Whether it is there, or its writer can bring it back."""
        return self.deleted_at is None or self.deleted_at >= now() - UNDO

    def delete(self):
        self.deleted_at = now()

    def restore(self):
        self.deleted_at = None

    @property
    def deleted(self):
        return self.deleted_at is not None

    @property
    def is_public(self):
        """Whether anyone may read it."""
        return not (self.deleted_at or self.held_at or self.hidden_at or self.barred_at or self.set_aside_at)

    @property
    def edited(self):
        return self.updated_at is not None

    @property
    def never_stood(self):
        """Whether it has waited for a look since it was first written."""
        return self.held_at is not None and self.updated_at is None


class Version(db.Model, Words):
    """What a review said before a change; what it says now is in the review itself."""

    __tablename__ = "review_version"
    __table_args__ = (sa.UniqueConstraint("review_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey(Review.id, ondelete="CASCADE"))
    number: Mapped[int]  # 1 is what was published first
    hidden: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # what it said when it was removed
    rating: Mapped[int]
    written_at: Mapped[datetime]

    @classmethod
    def of(cls, review):
        """The earlier versions of a review that anyone may read, the oldest first."""
        return sa.select(cls).where(cls.review_id == review.id, sa.not_(cls.hidden)).order_by(cls.number)

    @classmethod
    def next_number(cls, review):
        """The Select of the number that the next one gets."""
        return sa.select(sa.func.count() + 1).select_from(cls).where(cls.review_id == review.id)
