"""Where a search looks: at a bounded number of books, however many there are.

Of all the terms of a search one is chosen that few books hold. The books looked at are the best known of these; all else
that is asked for is held against them alone (see engine.py). So a search of words that are each in many thousands of books
finds the best known of the books that hold them all.

A part of a word is looked for among the words, and the books by those. Where it is in too many of them, as a single letter
is, the best known books of all are looked at.
"""

import json
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

import sqlalchemy as sa

from bookreviews.extensions import db, execute
from bookreviews.search.index import ID, LONGEST, MARKS, NUMBER
from bookreviews.text import sort_key

# So many books of one word are looked at, so many for each word that holds a part, and so many such words on either side.
SEEN, SHARE, WORDS = 400, 40, 32
LAST_PLACE = (1 << 63) - 1
LAST_LETTER = "\U0010ffff"
# Fewer digits are in too many ISBNs to count on them.
SURE_DIGITS = 7
worth = attrgetter("worth")

# Statements in SQL as it is: to compose them anew for each search took longer than the search. All searches of one form have
# the same text, so that the database plans it once: words go into it together, as a table with the columns `key` and `value`.
TABLE = {"sqlite": "json_each({})", "postgresql": "json_each_text(CAST({} AS json))"}
PLACE = "(SELECT place FROM search_posting WHERE word = {word} ORDER BY place LIMIT 1 OFFSET {most})"
WHOLE = f"SELECT CAST(key AS INTEGER), 0, value, {PLACE.format(word='value', most=SEEN)} FROM {{words}} AS whole"
LONGER = f"""SELECT {{number}}, {{side}}, longer.word, {PLACE.format(word="{mark} || longer.word", most=SHARE)} FROM
    (SELECT word FROM search_ending WHERE ending BETWEEN {{low}} AND {{high}}
        AND {PLACE.format(word="{whole}", most=SEEN)} IS NULL LIMIT {WORDS + 1}) AS longer"""
OF_WORDS = f"""SELECT place & {ID} AS id, place FROM {{words}} AS asked JOIN search_posting ON word = value
    AND place <= coalesce({PLACE.format(word="value", most="{most}")}, {LAST_PLACE})"""
OF_ISBN = f"SELECT book_id AS id, 0 AS place FROM edition WHERE isbn13 BETWEEN {{low}} AND {{high}} LIMIT {SEEN}"
OF_DIGITS = f"SELECT place & {ID} AS id, place FROM search_posting WHERE word BETWEEN {{low}} AND {{high}} LIMIT {SEEN}"
BEST_KNOWN = f"SELECT rowid AS id, place FROM search_book ORDER BY place LIMIT {SEEN}"
BEYOND = f"SELECT rowid FROM search_book ORDER BY place LIMIT 1 OFFSET {SEEN}"
OF_YEARS = f"""SELECT id, 0 AS place FROM book WHERE year_key BETWEEN {{first}} AND {{last}}
    ORDER BY year_key DESC, popularity DESC LIMIT {SEEN}"""
TITLED = f"SELECT id, 0 AS place FROM book WHERE sort_title = {{title}} LIMIT {SHARE}"


class Values(dict):
    """The values of a statement, by the names they get in its text."""

    def __call__(self, value):
        """How the text refers to `value`."""
        name = f"v{len(self)}"
        self[name] = value
        return f":{name}"

    def table(self, values):
        """How the text refers to a table of several values: `key` is the number of each, from 0 on, and `value` itself."""
        return TABLE[db.engine.dialect.name].format(self(json.dumps(dict(enumerate(values)))))


@lru_cache(500)
def statement(text):
    """A statement, with the names of its values found in its text once."""
    return sa.text(text)


def rows(text, values=None):
    """The rows that a statement finds."""
    return execute(statement(text), values)


class Part(NamedTuple):
    """A word that is asked for in a field, or a part of one: whether the word may begin before it, or go on after it."""

    field: str
    text: str
    begun: bool
    open: bool

    @property
    def word(self):
        """The whole word, as it is filed."""
        return MARKS[self.field] + self.text[:LONGEST]

    @property
    def digits(self):
        """Whether it may be a part of an ISBN."""
        return self.begun and self.open and not self.field and self.text[:-1].isdecimal() and len(self.text) >= 4


@dataclass
class Words:
    """The words that a part stands for."""

    part: Part
    longer: dict = field(default_factory=lambda: {1: [], 2: []})  # those that begin with it, and that hold it further on
    reach: int = LAST_PLACE  # how far down the books of these are looked at
    enough: bool = False  # whether there are more books of the whole word than are looked at

    def learn(self, side, word, place):
        """Take in a word, and how far down its books are looked at; of the word itself (side 0) further than of longer ones."""
        if side:
            self.longer[side].append(word)
        else:
            self.enough = place is not None
        if not (side and word == self.part.text[:LONGEST]):
            self.reach = min(self.reach, place or LAST_PLACE)

    @property
    def none(self):
        """Whether no book holds such a word: where it may go on after the part, the part itself is among the longer ones."""
        return self.part.open and not (self.enough or any(self.longer.values()) or self.part.digits)

    @property
    def known(self):
        """Whether these are all the words."""
        return all(len(words) <= WORDS for words in self.longer.values())

    @property
    def worth(self):
        """How good it is to begin a search with them: the greater, the fewer books have to be left out."""
        sure = self.known and not (self.part.digits and len(self.part.text) < SURE_DIGITS)
        return sure, self.reach, -sum(map(len, self.longer.values()))


class Candidates:
    """The books to look at.

    :param asked: the field and the spellings of each term that a book must hold one of, as `engine.asked` has them.
    :param years: of the query.
    :param said: the words of the query, in case they are a title.
    :param words: the Words of some parts, where they were looked up before.
    """

    def __init__(self, asked, years=(), said="", words=()):
        terms = [[split(field, spelling) for spelling in spellings] for field, spellings in asked if all(spellings)]
        wanted = {part for spellings in terms for parts in spellings for part in parts}
        self.words = look_up(wanted.difference(words)) | dict(words)
        sources = [[max((self.words[part] for part in parts), key=worth) for parts in spellings] for spellings in terms]
        self.years, self.said, self.chosen = years, said, max(sources, key=lambda source: min(map(worth, source)), default=[])
        # A number is in many ISBNs, and yet it may be a word that few books hold: the year of “summer 1914”.
        self.numbers = [words for words in chain.from_iterable(sources) if words.part.digits and words not in self.chosen]

    @property
    def none(self):
        """Whether no book can be found."""
        return bool(self.chosen) and all(words.none for words in self.chosen)

    @property
    def known(self):
        """Whether the words are known that all books to be found hold one of."""
        return bool(self.chosen) and all(words.known for words in self.chosen)

    @property
    def all(self):
        """Whether all books are looked at that may be found."""
        if self.known:
            return all(words.reach == LAST_PLACE for words in self.chosen)
        return rows(BEYOND).first() is None

    def select(self, value):
        """The text of a statement that selects their ids and places, in the order of these; `value` collects its values."""
        books = " UNION ALL ".join(f"SELECT id, place FROM ({one}) AS some{at}" for at, one in enumerate(self.selects(value)))
        return f"SELECT id, min(place) AS place FROM ({books}) AS books GROUP BY id ORDER BY 2, 1"

    def selects(self, value):
        """The statements that select their ids and places; `value` collects the values of these."""
        yield from of_words(self.chosen, value)
        yield from of_words(self.numbers, value)
        yield TITLED.format(title=value(sort_key(self.said)))
        for words in self.chosen:
            if words.part.digits:
                yield from of_number(words.part.text, value)
        for years in self.years:
            if not (self.chosen or years.excluded):
                yield OF_YEARS.format(first=value(years.first), last=value(years.last))
        if not self.known:
            yield BEST_KNOWN


def split(field, spelling):
    """The parts that a spelling consists of: `eturn of the ki` begins and ends within words, ` of the ` does not."""
    words = spelling.split()
    last = len(words) - 1
    return [
        Part(field, word, at == 0 and spelling[0] != " ", at == last and spelling[-1] != " ") for at, word in enumerate(words)
    ]


def look_up(parts):
    """The words that each part stands for: {part: Words}."""
    found, value = [Words(part) for part in sorted(parts)], Values()
    selects = [WHOLE.format(words=value.table([words.part.word for words in found]))]
    selects += [select for number, words in enumerate(found) for select in longer(number, words.part, value)]
    for number, side, word, place in rows(" UNION ALL ".join(selects), value) if found else ():
        found[number].learn(side, word, place)
    return {words.part: words for words in found}


def longer(number, part, value):
    """The statements that select the words that hold a part, each with the place down to which its books are looked at.

    None where there are more books of the whole word than are looked at: the others would come after these.
    """
    for side, low in ((1, f" {part.text[:LONGEST]}"), (2, part.text[:LONGEST])):
        if part.open if side == 1 else part.begun:
            mark, whole = f"'{MARKS[part.field]}'", value(part.word)
            between = {"low": value(low), "high": value(low + LAST_LETTER)}
            yield LONGER.format(number=value(number), side=side, mark=mark, whole=whole, **between)


def of_words(chosen, value):
    """The statements that select the best known books of the words chosen."""
    sides = [(words.part.field, side) for words in chosen for side in words.longer.values() if len(side) <= WORDS]
    longer = [MARKS[field] + word for field, side in sides for word in side]
    if chosen:
        whole = value.table([words.part.word for words in chosen])
        yield OF_WORDS.format(words=whole, most=value(SEEN // len(chosen) - 1))
    if longer:
        yield OF_WORDS.format(words=value.table(longer), most=value(SHARE))


def of_number(digits, value):
    """The statements that select books with these digits in an ISBN, among others.

    The beginnings of ISBNs are in the table of editions. Other parts hold one of the filed ends, or the beginning of one:
    after none, one or two digits. The last digit may be that of an ISBN in its old form, which is another one.
    """
    for low in (digits, f"978{digits}"):
        if len(low) <= 13 and low.isdecimal():
            yield OF_ISBN.format(low=value(low.ljust(13, "0")), high=value(low.ljust(13, "9")))
    for some in (digits, digits[:-1]):
        for end in (some[start:] for start in range(3) if some[start:]):
            yield OF_DIGITS.format(low=value(NUMBER + end), high=value(NUMBER + end + LAST_LETTER))
