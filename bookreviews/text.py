"""Text as people type it, made clean for storing and folded for comparing (pure)."""

import re
import unicodedata

# Letters that carry a stroke or are tied, which Unicode does not decompose.
PLAIN = str.maketrans({"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ß": "ss"})
APOSTROPHES = re.compile("['’‘ʼʻ`´＇]")
ASCII_SIGNS = re.compile(r"[\x00-/:-@\[-`{-\x7f]+")
# Combining classes of marks without which a word is another word: Indic nukta and virama, Japanese voicing.
SPELLING = {0, 7, 8, 9}
# Control characters, the marks that change the direction of the text after them, and halves of characters.
INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]")
# Letters and signs of Unicode that look like nothing: fillers of Hangul, the empty Braille cell.
BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"
ARTICLES = ("the ", "a ", "an ")


def clean_text(text):
    """Text of several lines without control characters, in Unicode's composed form (NFC), its outer blanks gone.

    A combining mark after a letter stays; so do zero-width joiners, which Persian and emoji need.
    """
    text = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", INVISIBLE.sub("", text)).strip()


def clean_line(text):
    """One line of clean text, each run of blanks made one."""
    return " ".join(clean_text(text).split())


def says_something(text):
    """Whether anything of `text` can be seen."""
    return any(unicodedata.category(c)[0] not in "CMZ" and c not in BLANK_LETTERS for c in text or "")


def whole_number(text):
    """The number that `text` writes in digits; None where it is none."""
    text = str(text)
    return int(text) if text.isdecimal() and len(text) < 10 else None


def number_or_zero(text):
    return whole_number(text) or 0


def fold(text):
    """The words of `text` as they are compared: no case, accents, apostrophes or punctuation; one blank between words.

    >>> fold("Don't Be Evil:  Gracián")
    'dont be evil gracian'
    """
    text = APOSTROPHES.sub("", text or "").casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).casefold().translate(PLAIN)
        text = unicodedata.normalize("NFC", "".join(c for c in text if unicodedata.combining(c) in SPELLING))
        text = "".join(c if c.isalnum() or unicodedata.category(c).startswith("M") else " " for c in text)
    return " ".join(ASCII_SIGNS.sub(" ", text).split())


def sort_key(title):
    """What a title is sorted by: folded, without its English article."""
    folded = fold(title)
    return next((folded.removeprefix(a) for a in ARTICLES if folded.startswith(a)), folded)


def slug(text, length=60):
    """The end of an address: words joined by hyphens, cut at a word's end."""
    words = fold(text).replace(" ", "-")
    return words if len(words) <= length else words[: length + 1].rpartition("-")[0] or words[:length]
