"""How a review changed, and what stands against what was typed: two sets of words, side by side."""

from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace

import sqlalchemy as sa

from bookreviews.extensions import db
from bookreviews.languages import language_name
from bookreviews.paging import paginate
from bookreviews.reviews.changes import diff, fold
from bookreviews.reviews.models import SOURCES, Version

PER_PAGE = 10


@dataclass(frozen=True)
class Change:
    """From the words of `before` to those of `after`: reviews, their versions, drafts, or what a form holds."""

    before: object
    after: object

    @cached_property
    def title(self):
        return diff(self.before.title, self.after.title)

    @cached_property
    def body(self):
        return diff(self.before.body, self.after.body)

    @property
    def body_folded(self):
        return fold(self.body)

    @property
    def has_other_words(self):
        return (self.before.title, self.before.body) != (self.after.title, self.after.body)

    @property
    def is_hidden(self):
        """Whether these are words that the book's page hides, too."""
        return any(words.spoilers or ">!" in words.body for words in (self.before, self.after))

    @property
    def facts(self):
        """What changed beside rating and words, in sentences."""
        gone = [fact for fact in facts_of(self.before) if fact not in facts_of(self.after)]
        come = [fact for fact in facts_of(self.after) if fact not in facts_of(self.before)]
        return [f"{start}: {', '.join(facts)}." for start, facts in (("No longer said", gone), ("Now said", come)) if facts]

    @property
    def sides(self):
        """Both, each with what it says beside rating and words, and with the kind of run that is only in the other."""
        return (self.before, facts_of(self.before), "added"), (self.after, facts_of(self.after), "removed")


def facts_of(words):
    """What is said beside rating and words."""
    facts = {
        f"in {language_name(words.language)}": words.language,
        "contains spoilers": words.spoilers,
        SOURCES.get(words.source): words.source,
        "knows the author": words.knows_author,
        f"stopped at page {words.stopped_at}": words.stopped_at,
    }
    return [fact for fact, said in facts.items() if said]


def conflict(stands, form):
    """What stands, or was saved, against what `form` holds."""
    return Change(stands, SimpleNamespace(**form.drafted))


@dataclass(frozen=True)
class History:
    """A page of the changes of a review, the newest first."""

    review: object
    versions: object  # paging.Page of what it said before them

    @property
    def changes(self):
        """The changes, each from a version to the one that came after it."""
        rows = self.versions.rows
        if not rows:
            return []
        return [Change(*pair) for pair in zip(rows, [self.newest, *rows], strict=False)]

    @property
    def newest(self):
        """What came after the first of these versions."""
        number = self.versions.rows[0].number + 1
        after = sa.select(Version).where(Version.review_id == self.review.id, Version.number == number)
        return db.session.scalar(after) or self.review

    @property
    def lacks_what_was_removed(self):
        """Whether some of what it said was on no page any more when it was changed."""
        hidden = sa.select(Version.id).where(Version.review_id == self.review.id, Version.hidden)
        return db.session.scalar(hidden.limit(1)) is not None

    @property
    def lacks_beginning(self):
        """Whether it was changed before versions were kept."""
        if self.versions.next:
            return False
        first = self.versions.rows[-1].written_at if self.versions else self.review.updated_at
        return first not in (None, self.review.created_at)


def page(review):
    """The page of a review's history that the address asks for."""
    newest_first = Version.of(review).order_by(None).order_by(Version.number.desc())
    return History(review, paginate(newest_first, PER_PAGE))
