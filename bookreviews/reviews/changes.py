"""What changed between two texts, word by word (pure)."""

import re
from itertools import accumulate
from typing import NamedTuple

from rapidfuzz.distance import Indel

# Words, the signs between them, and the blanks, so that joined again they are the text. A word is whatever has neither
# sign nor blank in it, with the marks that other scripts write on letters; Chinese and Japanese need none between words.
SIGNS = r"!-/:-@\[-`{-~¡§«»¿‐-‧‰-⁞"
SINGLE = "、-鿿豈-﫿！-･\U00020000-\U0003ffff"
PARTS = re.compile(rf"\s+|[{SINGLE}]|[^\s{SIGNS}{SINGLE}]+(?:['’][^\s{SIGNS}{SINGLE}]+)*|[{SIGNS}]")
BLANK = re.compile(r"\s")
# A change is large when it moves the rating by two stars, or leaves less than half of the words where they were.
FAR = 4  # half stars
ALIKE = 0.5
# So few letters unchanged between two changes, or as few as were changed on both sides and no more than a line: they are
# read more easily as one change.
SHORT, LINE = 3, 60
# Of a long passage without a change so many letters are shown, beside what was changed.
BESIDE = 80


class Run(NamedTuple):
    """A piece of a diff: `kept`, `removed` or `added`, or `folded` for what was kept and need not be shown."""

    kind: str
    text: str


class Step(NamedTuple):
    """A piece of two lists: where it begins and ends in the one before, and in the one after."""

    changed: bool
    start: int
    end: int
    to_start: int
    to_end: int

    def and_then(self, other):
        """This step and the one after it as one change."""
        return Step(True, self.start, other.end, self.to_start, other.to_end)


def large(said, says):
    """Whether a review that says something else now is another review, of which earlier votes tell little.

    :param said: the words before, by the names of a review's columns; `says` after.
    """
    if abs(said["rating"] - says["rating"]) >= FAR:
        return True
    before, after = (words_of(f"{words['title']} {words['body']}") for words in (said, says))
    return Indel.normalized_similarity(before, after) < ALIKE


def words_of(text):
    return [part for part in PARTS.findall(text) if not part.isspace()]


def diff(before, after):
    """The runs that lead from one text to another: what was kept and removed is the one, what was kept and added the other."""
    old, new = PARTS.findall(before), PARTS.findall(after)
    runs = []
    for step in steps(old, new):
        removed, added = "".join(old[step.start : step.end]), "".join(new[step.to_start : step.to_end])
        named = [("removed", removed), ("added", added)] if step.changed else [("kept", removed)]
        runs += [Run(kind, text) for kind, text in named if text]
    return runs


def steps(old, new):
    """The steps between two lists of parts, changed and not by turns."""
    letters, to_letters = letters_before(old), letters_before(new)

    def size(step):
        return max(letters[step.end] - letters[step.start], to_letters[step.to_end] - to_letters[step.to_start])

    done = []
    for code in Indel.opcodes(old, new):
        step = Step(code.tag != "equal", code.src_start, code.src_end, code.dest_start, code.dest_end)
        if done and done[-1].changed and step.changed:
            step = done.pop().and_then(step)
        while len(done) > 1 and step.changed and size(done[-1]) <= max(SHORT, min(size(done[-2]), size(step), LINE)):
            island, left = done.pop(), done.pop()
            step = left.and_then(island).and_then(step)
        done.append(step)
    return done


def letters_before(parts):
    """How many characters other than blanks stand before each part, and after the last."""
    return list(accumulate((0 if part.isspace() else len(part) for part in parts), initial=0))


def fold(runs):
    """The runs of a diff with the middle of what was kept folded, where that is long."""
    folded = []
    for place, run in enumerate(runs):
        if run.kind == "kept":
            first, last = place == 0, place == len(runs) - 1
            folded += shortened(run.text, 0 if first else BESIDE, 0 if last else BESIDE)
        else:
            folded.append(run)
    return folded


def shortened(text, head, tail):
    """What was kept as runs: its first `head` and last `tail` characters, to a blank where one is near, the rest folded."""
    begin = after_blank(text, head) if head else 0
    end = len(text) - after_blank(text[::-1], tail) if tail else len(text)
    if end - begin < BESIDE:
        return [Run("kept", text)]
    pieces = (Run("kept", text[:begin]), Run("folded", text[begin:end]), Run("kept", text[end:]))
    return [piece for piece in pieces if piece.text]


def after_blank(text, start):
    """The place behind the first blank from `start` on; `start`, where there is none on the next line's length."""
    blank = BLANK.search(text, start, start + LINE)
    return blank.end() if blank else min(start, len(text))
