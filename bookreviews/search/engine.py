"""The search, the same on every database: a term is found where the folded text of a book holds it.

That is asked of text folded in Python (see index.py), and of a bounded number of books (see candidates.py).
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import islice
from math import inf

import sqlalchemy as sa

from bookreviews.extensions import db
from bookreviews.search.candidates import Candidates
from bookreviews.search.index import filed
from bookreviews.search.query import Query
from bookreviews.search.spelling import OPTIONAL, guesses, is_word, misspelt_forms

# A search that finds fewer books than this may have been misspelt, where another is this much better known.
FEW, MUCH_BETTER_KNOWN = 3, 5
# So many of the books that a search finds are put in order and shown, the best known ones.
MOST = 300
COLUMNS = {"": "text", "author": "authors", "subject": "subjects"}


@dataclass(frozen=True)
class Reading:
    """A search as it is carried out, and another one that may have been meant."""

    found: "Found"
    meant: Query | None = None

    @property
    def query(self):
        return self.found.query

    @property
    def books(self):
        """The ids of its books, the best first."""
        return self.found.books


def read(query):
    """How to carry out `query`: as it is, or corrected where it finds nothing; with a suggestion where it finds little."""
    found = Found(query)
    better, popularity = correct(query) if len(found.rows) < FEW else (None, 0)
    if better and not found.rows:
        return Reading(Found(better))
    return Reading(found, better if better and popularity > MUCH_BETTER_KNOWN * found.popularity else None)


class Found:
    """The books that a query finds."""

    def __init__(self, query):
        self.query, self.candidates = query, Candidates(asked(query), query.years, " ".join(query.words))
        finds = condition(query)
        self.rows = list(islice(filter(finds, self.candidates.rows()), MOST + 1))

    @property
    def all(self):
        """Whether these are all the books that a query finds, and not the best known of very many."""
        return len(self.rows) <= MOST and self.candidates.all

    @property
    def popularity(self):
        """How well known the best known of them is."""
        return max(row.popularity for row in self.rows)

    @property
    def books(self):
        """Their ids, those first that answer the query best."""
        words = self.query.words
        best = sorted(self.rows[:MOST], key=lambda row: (tier(words, row), -row.popularity, row.id))
        return [row.id for row in best]


def tier(words, row):
    """How well a book answers these words, to order by.

    0: they are its title. 1: its title begins so, or they are the name of an author or its series: of all that
    “harry potter” may name, the best known is meant. 2: words of the title. 3: words. 4: parts of words.
    """
    said = " ".join(words)
    if not said or f"| {said} |" in row.title:
        return 0
    if f"| {said}" in row.title or f"| {said} |" in row.text:
        return 1
    for tier, text in ((2, row.title), (3, row.text)):
        if all(f" {word} " in text for word in words):
            return tier
    return 4


def asked(query, choices=None):
    """What `candidates` is asked for: the fields and the spellings of what a book must hold."""
    return [(term.field, [*parts(term, choices)]) for term in query.terms if not term.excluded]


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


def condition(query):
    """The condition that a row of a book must meet to be found."""
    terms = [(COLUMNS[term.field], [*parts(term)], not term.excluded) for term in query.terms]

    def finds(row):
        return all(any(part in getattr(row, column) for part in parts) is wanted for column, parts, wanted in terms) and all(
            (years.first <= row.year_key <= years.last) is not years.excluded for years in query.years
        )

    return finds


def correct(query):
    """The best query that finds something when words of `query` are put right, and the popularity of its best book.

    (None, 0) where there is none.
    """
    words = [term.word for term in query.terms if term.word]
    choices = alternatives(words) if words else {}
    terms = [term for term in query.terms if choices.get(term.word)]
    if not terms:
        return None, 0
    book = nearest(query, terms, choices)
    if not book:
        return None, 0
    return query.corrected({term.word: chosen(term, choices, book) for term in terms}), book.popularity


def nearest(query, terms, choices):
    """The book that holds what is nearest to these terms of a query, and is none that the query finds as it is."""
    as_typed = condition(replace(query, terms=terms, years=()))
    others = condition(replace(query, terms=tuple(term for term in query.terms if term not in terms)))
    wanted = [(COLUMNS[term.field], parts(term, choices)) for term in terms]

    def cost(row):
        return sum(price(costs, getattr(row, column)) for column, costs in wanted)

    rows = Candidates(asked(query, choices), query.years).rows()
    some = [row for row in rows if others(row) and not as_typed(row)]
    best = min(some, key=lambda row: (cost(row), -row.popularity, row.id), default=None)
    return best if best and cost(best) < inf else None


def price(costs, text):
    """What it costs to find a text by the nearest of these parts that it holds; infinite where it holds none."""
    return next((cost for part, cost in costs.items() if part in text), inf)


def chosen(term, choices, row):
    """The word that a book was found by: the one nearest to what was typed."""
    text = getattr(row, COLUMNS[term.field])
    return next(part for part in parts(term, choices) if part in text).strip()


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
