"""The search, the same on every database: a term is found where the folded text of a book holds it.

That is asked of text folded in Python (see index.py), and of a bounded number of books (see candidates.py).
"""

from collections import defaultdict
from dataclasses import dataclass, replace

from bookreviews.extensions import db
from bookreviews.search.candidates import Candidates, Values, rows
from bookreviews.search.query import Query
from bookreviews.search.spelling import OPTIONAL, guesses, is_word, misspelt_forms

# A search that finds fewer books than this may have been misspelt, where another is this much better known.
FEW, MUCH_BETTER_KNOWN = 3, 5
# So many of the books that a search finds are put in order and shown, the best known ones.
MOST = 300
# What each database calls the function that finds a text in another one, the same on both; LIKE took twice as long.
FINDS = {"sqlite": "instr", "postgresql": "strpos"}
RANKED = """SELECT found.id, popularity FROM ({found}) AS found JOIN book ON book.id = found.id
    WHERE merged_into_id IS NULL ORDER BY tier, popularity DESC, found.id"""
FILED = "SELECT form, word FROM {forms} AS asked JOIN search_form ON form = value"
# Of the books that are as near, the best known one, as its place tells: so the table of books is asked for that one alone.
NEAREST = """SELECT text, authors, price, (SELECT popularity FROM book WHERE book.id = priced.id) AS popularity
    FROM ({priced}) AS priced ORDER BY price, place, id LIMIT 1"""
# What it costs to find a book by a word that it does not hold: more than all that it may hold.
TOO_MUCH = 1000
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
    better, popularity = correct(found) if len(found.books) < FEW else (None, 0)
    if better and not found.books:
        return Reading(Found(better))
    return Reading(found, better if better and popularity > MUCH_BETTER_KNOWN * found.popularity else None)


class Found:
    """The books that a query finds.

    :ivar books: their ids, those first that answer the query best; at most MOST.
    :ivar popularity: how well known the best known of them is.
    """

    def __init__(self, query):
        self.query, self.candidates = query, Candidates(asked(query), query.years, " ".join(query.words))
        found = [] if self.candidates.none else rows(*self.ranked()).all()
        self.books = [row.id for row in found[:MOST]]
        self.popularity = max((row.popularity for row in found), default=0)
        self.has_more = len(found) > MOST

    def ranked(self):
        """The statement that selects them, and its values."""
        value = Values()
        found = f"""SELECT near.id, {tier(self.query.words, value)} AS tier {books(self.candidates.select(value))}
            WHERE {all_of(conditions(self.query, value))} ORDER BY near.place, near.id LIMIT {MOST + 1}"""
        return RANKED.format(found=found), value

    @property
    def all(self):
        """Whether these are surely all the books that the query finds, and not the best known of very many."""
        return not self.has_more and self.candidates.all


def books(near):
    """What statements are about: the candidates, and what the search knows of them."""
    return f"FROM ({near}) AS near JOIN search_book ON search_book.rowid = near.id"


def tier(words, value):
    """How well a book answers these words, to order by.

    0: they are its title. 1: its title begins so, or they are the name of an author or its series: of all that
    “harry potter” may name, the best known is meant. 2: words of the title. 3: words. 4: parts of words.
    """
    said = " ".join(words)
    if not said:
        return "0"
    in_title, anywhere = (all_of(holds(column, f" {word} ", value) for word in words) for column in ("title", "text"))
    begins, named = holds("title", f"| {said}", value), holds("text", f"| {said} |", value)
    return f"""CASE WHEN {holds("title", f"| {said} |", value)} THEN 0 WHEN {begins} OR {named} THEN 1
        WHEN {in_title} THEN 2 WHEN {anywhere} THEN 3 ELSE 4 END"""


def asked(query, choices=None):
    """What `candidates` is asked for: the fields and the spellings of what a book must hold."""
    return [(term.field, [*parts(term, choices)]) for term in query.terms if not term.excluded]


def conditions(query, value):
    """What a book must meet to be found."""
    yield from (condition(term, value) for term in query.terms)
    yield from (in_years(years, value) for years in query.years)


def parts(term, choices=None):
    """What the text may hold for `term`, any of these, the nearest to what was typed first: {part: cost}."""
    others = (choices or {}).get(term.word, {})
    if not others:
        return {part(term, spelling): 0 for spelling in term.spellings}
    # A word that may be left out is the empty part, which every text holds.
    near = {f" {other} " if other else "": cost for other, cost in others.items()}
    if len(choices) == 1:
        return near  # what is found by it as it was typed, is found without a correction
    # As typed it costs something in the middle of a word: “hary” is in “Zachary”.
    return {f" {term.word} ": 0, part(term, term.word): 1} | near


def part(term, spelling):
    """What the text must hold for a spelling: whole words, for a subject the beginning of one, else any part."""
    if term.whole:
        return f" {spelling} "
    return f" {spelling}" if term.field == "subject" else spelling


def condition(term, value):
    """The condition that a book holds a term, or an excluded one that it does not."""
    found = " OR ".join(holds(COLUMNS[term.field], one, value) for one in parts(term))
    return f"NOT ({found})" if term.excluded else f"({found})"


def holds(column, part, value):
    """The condition that a text holds a part."""
    return f"{FINDS[db.engine.dialect.name]}(search_book.{column}, {value(part)}) > 0"


def all_of(conditions):
    return " AND ".join(conditions) or "TRUE"


def in_years(years, value):
    """The condition that a book was first published in these years, or was not."""
    inside = f"year_key BETWEEN {value(years.first)} AND {value(years.last)}"
    return f"{'NOT ' if years.excluded else ''}EXISTS (SELECT 1 FROM book WHERE book.id = near.id AND {inside})"


def correct(found):
    """The best query that finds something when words of one are put right, and the popularity of its best book.

    (None, 0) where there is none.
    """
    query = found.query
    words = [term.word for term in query.terms if term.word]
    choices = alternatives(words) if words else {}
    terms = [term for term in query.terms if term.word in choices]
    if not terms:
        return None, 0
    book = nearest(found, terms, choices)
    if not book:
        return None, 0
    return query.corrected({term.word: chosen(term, choices, book) for term in terms}), book.popularity


def nearest(found, terms, choices):
    """The book that holds what is nearest to these terms of a query, and is none that the query finds as it is."""
    query = found.query
    value = Values()
    near = Candidates(asked(query, choices), query.years, words=found.candidates.words).select(value)
    as_typed = all_of(condition(term, value) for term in terms)
    others = replace(query, terms=tuple(term for term in query.terms if term not in terms))
    wanted = all_of([f"NOT ({as_typed})", *conditions(others, value)])
    cost = " + ".join(price(term, choices, value) for term in terms)
    priced = f"SELECT near.id, near.place, text, authors, {cost} AS price {books(near)} WHERE {wanted}"
    book = rows(NEAREST.format(priced=priced), value).first()
    return book if book and book.price < TOO_MUCH else None


def price(term, choices, value):
    """What it costs to find a book by the nearest of a term's parts that it holds."""
    costs = [f"WHEN {holds(COLUMNS[term.field], one, value)} THEN {cost}" for one, cost in parts(term, choices).items()]
    return f"CASE {' '.join(costs)} ELSE {TOO_MUCH} END"


def chosen(term, choices, book):
    """The word that a book was found by: the one nearest to what was typed."""
    text = book.authors if term.field == "author" else book.text
    word = next(one for one in parts(term, choices) if one in text)
    return word.strip()


def alternatives(words):
    """What else each word may have meant, the nearest first: {word: {other: cost, …}}; "" where it may be left out."""
    forms = {word: misspelt_forms(word) if is_word(word) else set() for word in words}
    known = defaultdict(set)
    value = Values()
    wanted = FILED.format(forms=value.table(set().union(*forms.values())))
    for form, word in rows(wanted, value):
        known[form].add(word)
    others = {word: guesses(word, set().union(*(known[form] for form in forms[word]))) for word in words}
    if not OPTIONAL.issuperset(words):  # else nothing would be left
        for word in OPTIONAL.intersection(words):
            others[word][""] = 1
    return {word: costs for word, costs in others.items() if costs}
