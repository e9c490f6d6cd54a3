"""The search, the same on every database: a term is found where the folded text of a book holds it.

That is said by LIKE alone, on both, over text folded in Python (see index.py); trigrams only make it quick. PostgreSQL
uses its index for LIKE by itself; SQLite is told by one more condition, which all that LIKE finds meets.
"""

from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa

from bookreviews.books.models import Book
from bookreviews.extensions import db
from bookreviews.search.index import entry, filed
from bookreviews.search.query import Query
from bookreviews.search.spelling import OPTIONAL, guesses, is_word, misspelt_forms

# A search that finds fewer books than this may have been misspelt, where another is this much better known.
FEW, MUCH_BETTER_KNOWN = 3, 5
COLUMNS = {"": entry.c.text, "author": entry.c.authors, "subject": entry.c.subjects}


@dataclass(frozen=True)
class Reading:
    """A search as it is carried out, and another one that may have been meant."""

    query: Query
    meant: Query | None = None


def find(query):
    """The Select of the books that a query finds, with their authors, the best first."""
    found = Book.listed().join(entry, entry.c.rowid == Book.id).where(*conditions(query))
    return found.order_by(*tier(query.words), Book.popularity.desc(), Book.id)


def read(query):
    """How to carry out `query`: as it is, or corrected where it finds nothing; with a suggestion where it finds little."""
    found = db.session.scalars(
        sa.select(Book.popularity).join(entry, entry.c.rowid == Book.id).where(*conditions(query)).limit(FEW)
    ).all()
    better, popularity = correct(query) if len(found) < FEW else (None, 0)
    if better and not found:
        return Reading(better)
    if better and popularity > MUCH_BETTER_KNOWN * max(found):
        return Reading(query, meant=better)
    return Reading(query)


def tier(words):
    """How well a book answers these words, to order by (nothing where there are no words).

    0: they are its title. 1: its title begins so, or they are the name of an author or its series: of all that
    “harry potter” may name, the best known is meant. 2: words of the title. 3: words. 4: parts of words.
    """
    said = " ".join(words)
    if not said:
        return []
    in_title, anywhere = (sa.and_(*(column.like(f"% {word} %") for word in words)) for column in (entry.c.title, entry.c.text))
    named = sa.or_(entry.c.title.like(f"%| {said}%"), entry.c.text.like(f"%| {said} |%"))
    return [sa.case((entry.c.title.like(f"%| {said} |%"), 0), (named, 1), (in_title, 2), (anywhere, 3), else_=4)]


def conditions(query, choices=None):
    """What a book must meet to be found; with `choices` (see `alternatives`), what some choice of them must meet."""
    held = [(term, parts(term, choices)) for term in query.terms]
    yield from (condition(term, some) for term, some in held)
    yield from (in_years(years) for years in query.years)
    yield from trigrams_hold([some for term, some in held if not term.excluded])


def parts(term, choices=None):
    """What the text may hold for `term`, any of these, the nearest to what was typed first: {part: cost}."""
    others = (choices or {}).get(term.word, {})
    if not others:
        return {part(term, spelling): 0 for spelling in term.spellings}
    # As typed it costs something in the middle of a word: “hary” is in “Zachary”. A word that may be left out is the
    # empty part, which every text holds.
    near = {f" {other} " if other else "": cost for other, cost in others.items()}
    return {f" {term.word} ": 0, part(term, term.word): 1} | near


def part(term, spelling):
    """What the text must hold for a spelling: whole words, for a subject the beginning of one, else any part."""
    if term.whole:
        return f" {spelling} "
    return f" {spelling}" if term.field == "subject" else spelling


def condition(term, some):
    """The condition that a book holds one of these parts, or for an excluded term that it does not."""
    found = sa.or_(*(holds(term, one) for one in some))
    return sa.not_(found) if term.excluded else found


def holds(term, one):
    """The condition that a book holds a part where `term` looks for it; folded text has no % and no _ to escape."""
    return COLUMNS[term.field].like(f"%{one}%")


def in_years(years):
    """The condition that a book was first published in these years, or was not."""
    inside = Book.first_published.between(years.first, years.last)
    return sa.or_(Book.first_published.is_(None), sa.not_(inside)) if years.excluded else inside


def trigrams_hold(lists):
    """For SQLite, what its index can tell: of each list of parts, a book has all trigrams of one.

    A part of fewer than three letters has no trigram, and asks nothing.
    """
    asked = [some for some in lists if min(map(len, some)) >= 3]
    if asked and db.engine.dialect.name == "sqlite":
        match = " AND ".join("(" + " OR ".join(f"({trigrams(one)})" for one in some) + ")" for some in asked)
        found = sa.select(sa.column("rowid")).select_from(sa.table("search_trigram"))
        yield entry.c.rowid.in_(found.where(sa.literal_column("search_trigram").op("MATCH")(match)))


def trigrams(text):
    """`text` for SQLite's index: `"hun" "ung" "nge"`."""
    return " ".join(f'"{text[i : i + 3]}"' for i in range(len(text) - 2))


def correct(query):
    """The best query that finds something when words of `query` are put right, and the popularity of its best book.

    (None, 0) where there is none.
    """
    words = [term.word for term in query.terms if term.word]
    choices = alternatives(words) if words else {}
    terms = [term for term in query.terms if choices.get(term.word)]
    if not terms:
        return None, 0
    as_typed = sa.and_(*(condition(term, parts(term)) for term in query.terms))
    price = sum(sa.case(*((holds(term, one), cost) for one, cost in parts(term, choices).items())) for term in terms)
    best = (
        sa.select(entry.c.text, entry.c.authors, Book.popularity)
        .join(Book, Book.id == entry.c.rowid)
        .where(*conditions(query, choices), sa.not_(as_typed))
        .order_by(price, Book.popularity.desc(), Book.id)
        .limit(1)
    )
    found = db.session.execute(best).first()
    if not found:
        return None, 0
    return query.corrected({term.word: chosen(term, choices, found) for term in terms}), found.popularity


def chosen(term, choices, found):
    """The word that a book was found by: the one nearest to what was typed."""
    text = found.authors if term.field == "author" else found.text
    word = next(one for one in parts(term, choices) if one in text)
    return word.strip()


def alternatives(words):
    """What else each word may have meant, the nearest first: {word: {other: cost, …}}; "" where it may be left out."""
    forms = {word: misspelt_forms(word) if is_word(word) else set() for word in words}
    known = defaultdict(set)
    wanted = sa.select(filed.c.form, filed.c.word).where(filed.c.form.in_(set().union(*forms.values())))
    for form, word in db.session.execute(wanted):
        known[form].add(word)
    others = {word: guesses(word, set().union(*(known[form] for form in forms[word]))) for word in words}
    if not OPTIONAL.issuperset(words):  # else nothing would be left
        for word in OPTIONAL.intersection(words):
            others[word][""] = 1
    return others
