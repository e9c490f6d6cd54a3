"""Words that may have been meant by a misspelt one (pure).

A word is filed under itself, under itself without any one letter (as SymSpell does it, see
https://github.com/wolfgarbe/SymSpell), and under its sound. A misspelt word shares one of these forms with the word
that was meant: so both databases find it by equality, and find the same.
"""

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

SHORTEST, LONGEST = 3, 30
MOST = 12
SAME_SOUND = str.maketrans("ckqxszdtbpfvgj", "kkkkssttppffjj", "aeiouyhw")
# Words that people add to what they look for; a search that finds nothing may do without them.
OPTIONAL = {"a", "an", "and", "author", "book", "books", "by", "in", "novel", "of", "series", "the", "volume", "written"}


def is_word(text):
    """Whether a word may have been misspelt: numbers and abbreviations are as they are."""
    return SHORTEST <= len(text) <= LONGEST and text.isalpha()


def forms(word):
    """What `word` is filed under."""
    return shortened(word, 1) | sound(word)


def misspelt_forms(word):
    """What the word meant by `word` may be filed under, or the two words."""
    return shortened(word, 1 if len(word) <= 4 else 2) | sound(word) | {half for halves in split(word) for half in halves}


def split(word):
    """The ways to make two words of one: “harrypotter” is “harry potter”."""
    return [(word[:i], word[i:]) for i in range(SHORTEST, len(word) - SHORTEST + 1)]


def shortened(word, letters):
    """`word` without up to so many of its letters."""
    found = {word}
    for _ in range(letters):
        found |= {some[:i] + some[i + 1 :] for some in found for i in range(len(some))}
    return found


@lru_cache(1000)
def sound(word):
    """The consonants of a word in Latin letters, those that sound alike made one; nothing where these are too few."""
    heard = re.sub(r"(.)\1+", r"\1", word.replace("ph", "f").translate(SAME_SOUND)) if word.isascii() else ""
    return {f"~{heard}"} if len(heard) >= 3 else set()


def guesses(word, known):
    """What may have been meant by `word`, of the `known` words, the likeliest first: {other: cost}.

    A cost of 1 is one letter wrong, missing, too many, or in its neighbour's place.
    """
    costs = {other: cost(word, other) for other in known if other != word}
    costs |= {" ".join(halves): 1 for halves in split(word) if known.issuperset(halves)}
    likely = [other for other, cost in costs.items() if cost is not None]
    likely.sort(key=lambda other: (costs[other], sound(other) != sound(word), other[0] != word[0], other))
    return {other: costs[other] for other in likely[:MOST]}


def cost(word, other):
    """How far a word is from what was typed, one less where it sounds the same; None where too far."""
    limit = 1 if len(word) <= 4 else 2 if len(word) <= 8 else 3
    distance = OSA.distance(word, other, score_cutoff=limit + 1)
    if distance > limit + 1:
        return None
    alike = bool(sound(word)) and sound(word) == sound(other)
    return max(1, distance - alike) if distance <= limit + alike else None
