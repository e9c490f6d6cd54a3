"""What changed between two texts, word by word (pure)."""

import re

from rapidfuzz.distance import Indel

# Words and what is between them, so that joined again they are the text.
PARTS = re.compile(r"\s+|\w+(?:['’]\w+)*|[^\w\s]")
# A change is large when it moves the rating by two stars, or leaves less than half of the words where they were.
FAR = 4  # half stars
ALIKE = 0.5


def large(said, says):
    """Whether a review that says something else now is another review, of which earlier votes tell little.

    :param said: the words before, by the names of a review's columns; `says` after.
    """
    if abs(said["rating"] - says["rating"]) >= FAR:
        return True
    before, after = (PARTS.findall(f"{words['title']} {words['body']}") for words in (said, says))
    return Indel.normalized_similarity(before, after) < ALIKE
