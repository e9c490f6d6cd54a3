"""How alike two texts are, by the runs of words that they share (pure).

A. Broder, On the resemblance and containment of documents, 1997: the resemblance of two texts is the share of their
shingles that both have; the lowest hashes of a text's shingles stand for all of them. https://doi.org/10.1109/SEQUEN.1997.666900
"""

import re
from functools import lru_cache
from hashlib import blake2b

from bookreviews.text import fold

RUN = 3  # words in a shingle
SHORTEST = 20  # words; shorter texts are alike by chance
LOWEST = 8  # hashes that stand for a text
# Of scripts that are written without blanks each character is a word: Thai to Burmese, Khmer, Japanese, Chinese.
ALONE = "\u0e00-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff"
WORD = re.compile(f"[{ALONE}]|[^\\W{ALONE}]+")


def words(text):
    """The words of a text, as they are compared."""
    return WORD.findall(fold(text))


def shingles(text):
    """The runs of words in a text; none where it is short."""
    found = words(text)
    return {" ".join(found[start : start + RUN]) for start in range(len(found) - RUN + 1)} if len(found) >= SHORTEST else set()


@lru_cache(8)  # what is kept of a review is looked for among the others at once
def sketch(text):
    """The lowest hashes of a text's shingles, the lowest first."""
    return tuple(sorted(map(hash_of, shingles(text)))[:LOWEST])


def hash_of(shingle):
    """63 bits, the same everywhere, which the databases' BIGINT has room for."""
    return int.from_bytes(blake2b(shingle.encode(), digest_size=8).digest()) >> 1


def resemblance(some, others):
    """How alike two texts are, from 0 to 1, by their shingles."""
    return len(some & others) / len(some | others) if some and others else 0.0
