"""Words as a language has them: a few in every title, most in hardly any."""

import random
from itertools import accumulate

COMMON = (
    "the of and a in to for love life story world history house night girl king war house time dark heart new man secret last"
    " lost city art book great little red black blood death dream fire garden gold guide home journey light moon mother"
    " murder mystery river road sea shadow silver sky soul spring star stone summer sword tale tree winter woman wind young"
).split()
ONSETS = "b c d f g h j k l m n p r s t v w br ch cl cr dr fl gr pl pr sh sl st th tr".split()
VOWELS = "a e i o u a e i o ai ea ee ou".split()
ENDS = ["", "", "", "", "n", "r", "s", "t", "l", "m", "nd", "ck", "st"]
COUNT = 100_000


def words(count=COUNT, seed="words"):
    """So many different words, those of one syllable first."""
    chance, found = random.Random(seed), dict.fromkeys(COMMON)
    while len(found) < count:
        syllables = 1 + (len(found) > 2_000) + (chance.random() < len(found) / count)
        found["".join(chance.choice(ONSETS) + chance.choice(VOWELS) for _ in range(syllables)) + chance.choice(ENDS)] = None
    return list(found)


def zipf(count, exponent=1.0):
    """How often things come, the commonest first: the cumulative weights that `random.choices` takes."""
    return list(accumulate(1 / rank**exponent for rank in range(1, count + 1)))
