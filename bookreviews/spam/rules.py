"""What advertising looks like: from a text to signs of it, for a person to judge (pure).

Each rule says in a sentence what it saw. A text is read as it looks: entities, invisible characters, Markdown's marks and
letters of other alphabets hide nothing.
"""

import html
import re
import unicodedata
from collections import namedtuple
from functools import cache

from bookreviews.accounts import names
from bookreviews.books import isbn
from bookreviews.spam.shingles import words
from bookreviews.templating import plural
from bookreviews.text import fold

# rule: as it calls itself, for counting; words: what a moderator reads.
Sign = namedtuple("Sign", "rule words")

# A review has at least so many words for each link in it.
WORDS_PER_LINK = 25

# Every part that repeats has an end: no text makes one of these slow.
ADDRESS = r"h(?:tt|xx)ps?\s?:\s?//\S{1,2000}|www\s?\.\s?\S{1,2000}"
DOT = r"(?:\.|\s?[\[(]\s?(?:\.|dot)\s?[\])]\s?)"
DOMAIN = rf"\b[\w-]{{2,63}}{DOT}(?:com|net|org|info|biz|ru|cn|tk|xyz|shop|site|online|club|store|app|tv)\b(?:/\S{{0,2000}})?"
SHORTENED = r"\b[\w-]{2,63}\.[a-z]{2,6}/\w\S{0,2000}"
LINK = re.compile(f"{ADDRESS}|{DOMAIN}|{SHORTENED}", re.IGNORECASE)

EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.[a-z]{2}", re.IGNORECASE)
NUMBER = r"(?:\+|\(?0)\d(?:[ ().-]{0,2}\d){8,13}|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}|1?\d{10}"
PHONE = re.compile(rf"(?<![\w.-])(?:{NUMBER})(?![\w-])")

FEW, SOME = r"(?:\w{1,20} ){0,3}", r"(?:\w{1,20} ){0,5}"
OWN = (
    r"(?:channel|chanel|page|videos?|vids?|site|website|blog|profile|playlist|songs?|music|covers?|youtube|instagram|"
    r"facebook|twitter|soundcloud|tiktok|shop|store)"
)
# Looked for in folded words: no case, no punctuation, one blank between two.
LURES = {
    "“Look at my channel”": rf"(?:check|checking|visit|watch|follow|like|join|view|see|go to|come to|listen to|look at|subscribe"
    rf"|sub) {SOME}(?:my|our) {FEW}{OWN}",
    "“Subscribe to me”": r"(?:please|pls|plz) (?:sub|subscribe)|(?:sub|subscribe) (?:to )?(?:me|us|my|our|back|now|please)|sub4sub",
    "“Click here”": r"click (?:here|below|on (?:the|this|my) link|(?:the|this|my) link)",
    "“Send a message to …”": rf"(?:text|txt|send|sms|reply) {SOME}to \d{{4,6}}|(?:whatsapp|wechat|viber) (?:me|us|number|\d)"
    rf"|telegram (?:me|us|group|channel)",
    "a prize": r"(?:you|u)(?: have| ve|ve)? (?:been selected|won (?:a |an |the )?(?:\d|prize|cash))|claim your|cash prize"
    r"|guaranteed (?:\w{1,20} )?(?:cash|prize)|free (?:entry|gift|gifts|prize|ringtone|ringtones)",
    "quick money": r"(?:make|making|earn|earning) (?:\w{1,20} ){0,2}(?:money|\d{2,6}) (?:\w{1,20} ){0,2}"
    r"(?:online|from home|per (?:day|week|month)|a (?:day|week|month))|(?:discount|promo|coupon) codes?",
}  # fmt: skip
LURES = {name: re.compile(rf"\b(?:{pattern})\b") for name, pattern in LURES.items()}

WORD = re.compile(r"\w+")
MARKS = str.maketrans(dict.fromkeys("*~`\\", ""))


def signs(text):
    """The signs of advertising in a text; at most one of each rule."""
    text = shown(text)
    return [sign for sign in (links(text), contact(text)) if sign]


def links(text):
    """Many links for its words, or a link with hardly a word beside it."""
    found, rest = len(LINK.findall(text)), len(words(LINK.sub(" ", text)))
    if found and rest < WORDS_PER_LINK * found:
        return Sign("links", f"{plural(found, 'link')} beside {plural(rest, 'word')}.")
    return None


def contact(text):
    """A way to reach somebody, or the words with which one is lured to it."""
    folded = fold(text)
    found = ["an email address"] if EMAIL.search(text) else []
    found += ["a phone number"] if has_phone_number(text) else []
    found += [name for name, pattern in LURES.items() if pattern.search(folded)]
    return Sign("contact", f"It has {' and '.join(found)}.") if found else None


def has_phone_number(text):
    """Whether a number in it is for calling, and not an ISBN."""
    return any(isbn.canonical(found) is None for found in PHONE.findall(text))


def shown(text):
    """A text as it looks to who reads it."""
    text = unicodedata.normalize("NFKC", html.unescape(text)).translate(MARKS)
    text = "".join(character for character in text if unicodedata.category(character) != "Cf")
    return text if text.isascii() else WORD.sub(in_one_alphabet, text)


def in_one_alphabet(word):
    """A word whose letters are of several alphabets, in Latin letters: “сom” with a Cyrillic с is “com”."""
    letters = word[0]
    mixed = not letters.isascii() and any(letter.isascii() and letter.isalpha() for letter in letters)
    return "".join(map(look, letters)) if mixed else letters


@cache
def look(character):
    """The Latin letter that a character looks like, or itself."""
    return names.look(character)
