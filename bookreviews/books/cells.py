"""What one cell of a catalogue says: names, years, ISBNs and series as files write them (pure)."""

import re
from datetime import date
from html import unescape

from bookreviews.books.isbn import to_isbn13
from bookreviews.languages import language_tag
from bookreviews.text import clean_line, clean_text, fold

ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# What a spreadsheet would run stands behind an apostrophe, in our own rejects files too.
GUARDED = ("'=", "'+", "'-", "'@")
LISTED = re.compile(r"[;|]")
COMMA = re.compile(r"\s*,\s*")
BETWEEN_NAMES = re.compile(r"\s*[,/]\s*|\s+&\s+")
# ['Neil Gaiman', "Tim O'Brien"]: a list as Python prints it.
PRINTED = re.compile(r"""(['"])(.+?)\1\s*(?:,|$)""")
# What stands after a comma and belongs to the name before it.
SUFFIXES = {"jr", "sr", "ii", "iii", "iv", "phd", "ph d", "md", "m d", "esq", "dds", "mba", "inc", "ltd", "llc"}

NUMBER = r"\d+(?:\.\d+)?(?:\s*[-–]\s*\d+(?:\.\d+)?)?"
SERIES = re.compile(rf"([^#]*[^#\s,;:]),?\s*#\s*({NUMBER})(?![\w.]).*")
FIRST_NUMBER = re.compile(NUMBER)

NOTE = re.compile(r"\([^()]*\)")  # 0439023483 (pbk.)
# 9.78043902348e+12: a spreadsheet rounded it, and nobody can tell what it was.
ROUNDED = re.compile(r"\d(?:[.,]\d{1,11})?[eE]\+?\d+")
# A number without the zeros at its front, which a spreadsheet took for nothing.
SHORTENED = re.compile(r"\d{6,8}[\dXx]")
WHOLE = re.compile(r"(-?\d{1,9})(?:\.0*)?")
BEFORE_CHRIST = re.compile(r"(\d{1,4})\s*B\.?\s?C(?:\.?\s?E)?\b", re.IGNORECASE)
AFTER_CHRIST = re.compile(r"\bA\.?\s?D\.?\s*(\d{1,4})\b|\b(\d{1,4})\s*(?:A\.?\s?D|C\.?\s?E)\b", re.IGNORECASE)
FOUR_DIGITS = re.compile(r"(?<!\d)\d{4}(?!\d)")
OLDEST = -5000


def plain(text, clean=clean_line):
    """The text of a cell, clean, its HTML entities resolved: also those that were written as entities twice."""
    if text.startswith(GUARDED):
        text = text[1:]
    for _ in range(2):
        if "&" in text:
            text = ENTITY.sub(lambda entity: unescape(entity[0]), text)
    return clean(text)


def paragraphs(text):
    """The text of a cell of several lines."""
    return plain(text, clean_text)


def people(text):
    """The names in a cell, each once, in their order.

    >>> people("Neil Gaiman, Terry  Pratchett, Neil Gaiman")
    ('Neil Gaiman', 'Terry Pratchett')
    >>> people("Martin Luther King, Jr., Clayborne Carson")
    ('Martin Luther King, Jr.', 'Clayborne Carson')
    >>> people("Neil Gaiman & Terry Pratchett") == people("['Neil Gaiman', 'Terry Pratchett']")
    True
    >>> people("Feist, Raymond E.; Wurts, Janny")
    ('Raymond E. Feist', 'Janny Wurts')
    """
    text = plain(text)
    if LISTED.search(text):
        return turned_people(text)
    if text.startswith("[") and text.endswith("]"):
        return unlike(match[2] for match in PRINTED.finditer(text[1:-1]))
    names = []
    for name in BETWEEN_NAMES.split(text):
        if names and fold(name) in SUFFIXES:
            names[-1] += f", {name}"
        else:
            names.append(name)
    return unlike(names)


def turned_people(text):
    """The names in a list that is parted by semicolons or strokes, where commas stand within the names."""
    return unlike(turned(name.strip()) for name in LISTED.split(plain(text)))


def turned(name):
    """`Feist, Raymond E.` the way the cover has it."""
    last, comma, first = name.partition(", ")
    return f"{first} {last}" if comma and "," not in first and fold(first) not in SUFFIXES else name


def subjects(text):
    """The subjects in a cell, each once."""
    text = plain(text)
    return unlike(part.strip() for part in (LISTED if LISTED.search(text) else COMMA).split(text))


def unlike(names):
    """The names that are not blank, each once, however it is written."""
    found = {}
    for name in filter(None, names):
        found.setdefault(fold(name) or name, name)
    return tuple(found.values())


def isbns(text):
    """The ISBNs in a cell, and why others in it cannot be used: two lists.

    >>> isbns("439023483")
    (['9780439023481'], [])
    >>> isbns("0439023484, 9780441172719")
    (['9780441172719'], ['its check digit is wrong'])
    """
    found, reasons = [], []
    for part in () if ROUNDED.fullmatch(text.strip()) else re.split("[;|,]", text):
        digits = NOTE.sub("", part).strip(" \t='\"[]").removesuffix(".0")
        if not digits or ROUNDED.fullmatch(digits):
            continue
        if SHORTENED.fullmatch(digits):
            digits = digits.zfill(10)
        isbn = to_isbn13(digits) if len(set(digits)) > 1 else None  # 0000000000 passes the check, and is none
        if isbn:
            found.append(isbn)
        else:
            reasons.append(fault(digits))
    return found, reasons


def fault(digits):
    """What is wrong with something that stands in an ISBN's place."""
    bare = re.sub(r"[\s-]", "", digits)
    shaped = re.fullmatch(r"\d{9}[\dXx]|97[89]\d{10}", bare) and len(set(bare)) > 1
    return "its check digit is wrong" if shaped else "it is no ISBN"


def year(text):
    """The year in a cell, years before Christ as negatives; None where there is none that can be.

    >>> [year(text) for text in ("1997.0", "-720.0", "720 BCE", "AD 120", "c. 1851", "2003-05-06", "0", "9999")]
    [1997, -720, -720, 120, 1851, 2003, None, None]
    """
    text = plain(text).replace("−", "-")
    if whole := WHOLE.fullmatch(text):
        number = int(whole[1])
    elif before := BEFORE_CHRIST.search(text):
        number = -int(before[1])
    elif after := AFTER_CHRIST.search(text):
        number = int(after[1] or after[2])
    elif digits := FOUR_DIGITS.search(text):
        number = int(digits[0])
    else:
        return None
    return number if number and OLDEST <= number <= date.today().year + 5 else None


def language(text):
    """The language's tag, or None."""
    tag = language_tag(text)
    return None if tag == "und" else tag


def titled(text):
    """A title without the series in its brackets, the series, and the place in it.

    Only what has a number is a series; "I Am America (And So Can You!)" is a title.

    >>> titled("Catching Fire (The Hunger Games, #2)")
    ('Catching Fire', 'The Hunger Games', '2')
    """
    text = plain(text)
    title, bracket, inside = text.removesuffix(")").rpartition("(")
    found = SERIES.fullmatch(inside) if bracket and text.endswith(")") else None
    if not found or not title.strip():
        return text, "", ""
    return title.strip(), found[1].strip(), position(found[2])


def series(text):
    """The series of a cell, and the place in it.

    >>> series("The Hunger Games #2")
    ('The Hunger Games', '2')
    """
    text = plain(text)
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1].strip()
    found = SERIES.fullmatch(text)
    return (found[1].strip(), position(found[2])) if found else (text, "")


def position(text):
    """The place in a series, as 2, 0.5 or 1-3; empty where there is none.

    >>> [position(text) for text in ("2.0", "#3", "1 – 3", "")]
    ['2', '3', '1-3', '']
    """
    found = FIRST_NUMBER.search(text)
    if not found or len(found[0]) > 20:
        return ""
    ends = (f"{float(end):.10g}" for end in re.split("[-–]", found[0]))
    return "-".join(ends)


def pages(text):
    """The number of pages, or None.

    >>> [pages(text) for text in ("374", "374.0", "viii, 306 p.", "0")]
    [374, 374, 306, None]
    """
    text = plain(text)
    found = WHOLE.fullmatch(text) or re.search(r"(?<!\d)(\d{1,5})\s*p", text)
    return int(found[1]) if found and 0 < int(found[1]) <= 50_000 else None


def average(text):
    """A mean of stars, above 0 and at most 5; or None."""
    try:
        stars = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return stars if 0 < stars <= 5 else None


def number(text):
    """A count, at least 1 and of a size that can be; or None."""
    found = WHOLE.fullmatch(re.sub(r"[,\s]", "", text))
    return int(found[1]) if found and 0 < int(found[1]) <= 100_000_000 else None
