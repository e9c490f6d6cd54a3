"""ISBNs in all the forms people and files give them (pure). Rules: ISBN Users' Manual, 7th edition."""

import re
import unicodedata

from stdnum import isbn

PREFIX = re.compile(r"^\s*(urn:)?isbn(-1[03])?\s*:?\s*", re.IGNORECASE)


def canonical(text):
    """A valid ISBN without blanks and hyphens, in the length it was given; None where it is none.

    >>> [canonical(text) for text in ("0-439-02348-3", "ISBN 978 0 439 02348 1", "9.78043902348e+12")]
    ['0439023483', '9780439023481', None]
    """
    digits = isbn.compact(PREFIX.sub("", unicodedata.normalize("NFKC", text or "")))
    # 979-0 is printed music: an ISMN.
    isbn_like = len(digits) in (10, 13) and not digits.startswith("9790")
    return digits.upper() if isbn_like and isbn.is_valid(digits) else None


def to_isbn13(text):
    """The 13 digits of a valid ISBN-10 or ISBN-13; None where it is none.

    >>> to_isbn13("0-439-02348-3")
    '9780439023481'
    """
    digits = canonical(text)
    return digits and isbn.compact(isbn.to_isbn13(digits))
