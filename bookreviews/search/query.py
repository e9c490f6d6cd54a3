"""The grammar of the search (pure): words, "phrases", author:, subject:, year:1990..1999, -not, and ISBNs.

It takes anything: what it cannot use it leaves out, and says so in a sentence.
"""

import re
import unicodedata
from dataclasses import dataclass, replace

from bookreviews.books.isbn import PREFIX, to_isbn13
from bookreviews.text import clean_line, fold

LENGTH, TERMS = 300, 16
QUOTES = str.maketrans({quote: '"' for quote in "“”„‟«»"} | {dash: "-" for dash in "‐‑‒–—−"})
TERM = re.compile(
    r"""
    (?P<minus>-?)
    (?: (?P<number>\d(?:[\s-]*\d)*(?:-?x)?-?)(?!\S)
      | (?:(?P<field>author|subject|year):\s*)? (?: "(?P<phrase>[^"]*)"? | (?P<word>[^\s"]+) )
    )""",
    re.IGNORECASE | re.VERBOSE,
)
YEARS = re.compile(r"(?P<first>-?\d{1,4})?(?:(?P<to>\.{2,3}|-)(?P<last>-?\d{1,4})?)?")
FIRST_YEAR, LAST_YEAR = -9999, 9999
# A part of an ISBN has four digits or more; with blanks in it six, for “harry potter 3 1997” has none.
PART, PART_WITH_BLANKS = 4, 6


@dataclass(frozen=True)
class Term:
    """Something a book has, or has not: folded text, in one of several spellings."""

    source: str
    spellings: tuple[str, ...]
    field: str = ""
    excluded: bool = False

    @property
    def whole(self):
        """Whether only whole words will do: “-art” is not meant for “heart”, and a short number is in every ISBN."""
        return self.excluded or (self.spellings[0].isdecimal() and len(self.spellings[0]) < PART)

    @property
    def word(self):
        """The one word this is, where it may be a misspelt one; otherwise None."""
        asked = not self.excluded and self.field != "subject" and len(self.spellings) == 1
        return self.spellings[0] if asked and self.spellings[0].isalpha() else None


@dataclass(frozen=True)
class Years:
    """The years a book was first published in, or was not."""

    source: str
    first: int
    last: int
    excluded: bool = False


@dataclass(frozen=True)
class Query:
    """A search, understood."""

    typed: str
    terms: tuple[Term, ...] = ()
    years: tuple[Years, ...] = ()
    isbn: str | None = None  # 13 digits: the whole search is one ISBN
    problems: tuple[str, ...] = ()

    def __bool__(self):
        return bool(self.terms or self.years)

    @property
    def text(self):
        """The search as one would type it."""
        return " ".join(part.source for part in (*self.terms, *self.years))

    @property
    def words(self):
        """The words looked for anywhere, as typed one after the other."""
        return [word for term in self.terms if not (term.field or term.excluded) for word in term.spellings[0].split()]

    @property
    def looser(self):
        """Only its words, where it says more than these; otherwise an empty text."""
        words = " ".join(term.spellings[0] for term in self.terms if not term.excluded)
        return words if words != self.text else ""

    def corrected(self, words):
        """This search with some of its words replaced by others; a word replaced by "" is left out."""
        terms = (corrected(term, words) for term in self.terms)
        return replace(self, terms=tuple(term for term in terms if term.spellings[0]))


def corrected(term, words):
    """`term`, its word replaced by the one that `words` has for it."""
    if term.word not in words:
        return term
    word = words[term.word]
    return replace(term, source=f"{term.field}:{word}" if term.field else word, spellings=(word,))


def parse(text) -> Query:
    """What `text` looks for.

    >>> query = parse('tolkien -"two towers" year:1950..1960')
    >>> [(term.spellings, term.excluded) for term in query.terms]
    [(('tolkien',), False), (('two towers',), True)]
    >>> query.years
    (Years(source='year:1950..1960', first=1950, last=1960, excluded=False),)
    """
    typed = clean_line(text[:LENGTH])
    plain = unicodedata.normalize("NFKC", typed).translate(QUOTES)
    if isbn := to_isbn13(plain.strip('" ')):
        return Query(typed, isbn=isbn)
    problems = [*too_long(text), *mistyped(plain)]
    parts = [part for match in TERM.finditer(PREFIX.sub("", plain)) for part in read(match, problems)]
    if len(parts) > TERMS:
        problems.append(f"Those were many words: only the first {TERMS} were looked for.")
    terms = tuple(part for part in parts[:TERMS] if isinstance(part, Term))
    years = tuple(part for part in parts[:TERMS] if isinstance(part, Years))
    return Query(typed, terms, years, problems=tuple(dict.fromkeys(problems)))


def too_long(text):
    """A sentence where `text` is cut."""
    if len(text) > LENGTH:
        yield f"That was long: only its first {LENGTH} characters were looked at."


def mistyped(text):
    """A sentence where the whole text looks like an ISBN and is none."""
    digits = without_signs(PREFIX.sub("", text))
    if re.fullmatch(r"97[89]\d{10}|\d{9}[\dXx]", digits):
        yield f"{digits} has the length of an ISBN, but its last digit does not fit the others: one may be mistyped."


def read(match, problems):
    """The terms or years that one match stands for; what cannot be used adds a sentence to `problems`."""
    value = next(match[kind] for kind in ("number", "phrase", "word") if match[kind] is not None).strip()
    if (match["field"] or "").lower() == "year":
        return years(match, value, problems)
    if value.lower() in ("author:", "subject:", "year:"):
        problems.append(f"“{value}” wants something after it, such as author:tolkien or year:1990..1999.")
        return []
    return terms(match, value)


def terms(match, value):
    """The terms that `value` stands for: a phrase is one, “spider-man” is two."""
    sign, field = match["minus"], (match["field"] or "").lower()
    if match["number"] and is_part(value):
        return [Term(sign + value, numbers(value), excluded=bool(sign))]
    folded = fold(value)
    if not (sign or field or match["phrase"]):
        # Written out with nothing but a blank between them, the numbers of “00000: 0” would be one.
        apart = match["word"] is not None
        return [Term(f'"{word}"' if apart and word.isdecimal() else word, (word,)) for word in folded.split()]
    source = f'"{value}"' if match["phrase"] else value
    term = Term(sign + (f"{field}:" if field else "") + source, (folded,), field, bool(sign))
    return [term] if folded else []


def is_part(number):
    """Whether a number, perhaps with blanks and hyphens in it, may be a part of an ISBN."""
    least = PART_WITH_BLANKS if " " in number else PART
    return len(without_signs(number)) >= least


def numbers(number):
    """The spellings of a number: as it stands, and without what divides it."""
    return tuple(dict.fromkeys((fold(number), fold(without_signs(number)))))


def without_signs(number):
    """`number` without blanks and hyphens."""
    return re.sub(r"[\s-]", "", number)


def years(match, value, problems):
    """The years of `year:1990`, `year:1990..1999`, `year:..1950` or `year:-800..100`."""
    found = YEARS.fullmatch(value)
    if not found or not (found["first"] or found["last"]):
        problems.append(f"“{value[:40]}” is no year: one is written as year:1997, several as year:1990..1999.")
        return []
    first = int(found["first"] or FIRST_YEAR)
    last = int(found["last"] or (LAST_YEAR if found["to"] else first))
    return [Years(match.group().strip(), min(first, last), max(first, last), bool(match["minus"]))]
