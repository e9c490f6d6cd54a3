"""What advertising looks like: from a text to signs of it, for a person to judge (pure).

Each rule says in a sentence what it saw. A text is read as it looks: entities, invisible characters, Markdown's marks and
letters of other alphabets hide nothing.
"""

import html
import re
import unicodedata
from collections import namedtuple
from functools import lru_cache

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
# Those that are words are none in “Finished it.Online I found the next”.
ENDING = r"(?:com|net|org|info|biz|ru|cn|tk|tv|xyz|(?-i:shop|site|online|club|store|app))"
DOMAIN = rf"(?<![@\w-])[\w-]{{2,63}}{DOT}{ENDING}\b(?:/\S{{0,2000}})?"
SHORTENED = r"(?<![\w.-])(?:t|wa)\.me/\S{1,2000}|(?<![@\w-])[\w-]{2,63}\.[a-z]{2,10}/\w\S{0,2000}"
LINK = re.compile(f"{ADDRESS}|{DOMAIN}|{SHORTENED}", re.IGNORECASE)

EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.[a-z]{2}", re.IGNORECASE)
NUMBER = r"(?:\+|\(?0)\d(?:[ ().-]{0,2}\d){8,13}|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}|[2-9]\d{9}"
PHONE = re.compile(rf"(?<![\d.-])(?:{NUMBER})(?![\d-])")
ISBN13 = re.compile(r"97[89](?:[ -]?\d){10}")

FEW, SOME = r"(?:\w{1,20} ){0,2}", r"(?:\w{1,20} ){0,5}"
LOOK = r"(?:check|checking|visit|watch|follow|like|join|view|see|go to|come to|look at)"
PLACE = r"(?:videos?|vids?|site|website|blog|profile|youtube|instagram|facebook|twitter|soundcloud|tiktok)"
SUBSCRIBE = r"(?:sub|su[bsc]{1,4}rib\w{0,4})"  # however it is spelt
# What lures one away, looked for in folded words: no case, no punctuation, one blank between two.
LURES = {
    "“Look at my channel”": (
        rf"{LOOK} {SOME}(?:my|our) {FEW}{PLACE}",
        rf"(?:my|our) {FEW}(?:channel|chanel)",
    ),
    "“Follow me”": (
        rf"(?:please|pls|plz) {SUBSCRIBE}",
        rf"{SUBSCRIBE} (?:to )?(?:me|us|my|our|back|now|please)",
        rf"check (?:me|us) out|follow (?:me|us) on (?:\w{{1,20}} )?{PLACE}",
        r"sub4sub|(?:get|reach|hit) \d{1,6} (?:subs|subscribers)",
    ),
    "“Click here”": (r"click (?:here|below|(?:on )?(?:the|this|my) link)",),
    "“Send us a message”": (
        rf"(?:text|txt|texting|txting|send|sms|reply) {SOME}to (?:no )?\d{{4,6}}",
        r"(?:whatsapp|wechat|viber) (?:me|us|number|\d)|telegram (?:me|us|group|channel)",
    ),
    "a prize": (
        r"(?:you|u) (?:have |ve )?(?:been selected|won (?:a |an |the )?(?:\d{1,9}|prize|cash))",
        r"claim your (?:prize|reward|bonus|gift|cash)|guaranteed (?:\w{1,20} )?(?:cash|prize)",
        r"cash prize|free (?:entry|ringtones?)",
    ),
    "a discount code": (r"(?:with|use|my|our|your) (?:\w{1,20} )?(?:discount|promo|coupon) codes?",),
}
LURES = {name: re.compile(rf"\b(?:{'|'.join(patterns)})\b") for name, patterns in LURES.items()}

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
    return any(isbn.canonical(found) is None for found in PHONE.findall(ISBN13.sub(" ", text)))


def shown(text):
    """A text as it looks to who reads it."""
    text = unicodedata.normalize("NFKC", html.unescape(text)).translate(MARKS)
    if text.isascii():
        return text
    return WORD.sub(in_one_alphabet, "".join(character for character in text if unicodedata.category(character) != "Cf"))


def in_one_alphabet(word):
    """A word whose letters are of several alphabets, in Latin letters: “сom” with a Cyrillic с is “com”."""
    letters = word[0]
    mixed = not letters.isascii() and any(letter.isascii() and letter.isalpha() for letter in letters)
    return "".join(map(look, letters)) if mixed else letters


@lru_cache(10_000)
def look(character):
    """The Latin letter that a character looks like, or itself."""
    return names.look(character)
