"""Covers for books that have no picture: title and author, set in one of several designs (pure).

Text in SVG does not wrap: the lines are broken here, by how wide letters usually are.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from bookreviews.languages import direction

DESIGNS = ("bands", "frame", "poster", "sun", "label", "initial")
# Ground, paper and spot: each pair that carries text has a contrast of 4.5 or more.
PALETTES = (
    ("#27374d", "#f4ead5", "#e0b252"),
    ("#6b2737", "#f6e8da", "#e8b4a6"),
    ("#2c4a3b", "#f0e8d2", "#d3c067"),
    ("#4a3b63", "#f3e9ec", "#dcb2d2"),
    ("#7c4019", "#faeedb", "#f2cd90"),
    ("#1d505d", "#ebf1e8", "#e6bc58"),
    ("#3b3833", "#f0eae0", "#e59a76"),
    ("#5f4a1d", "#fbf4e2", "#f0d9a0"),
)
# The widths of bold letters in em, between those of narrow faces (Times) and wide ones (DejaVu Serif, Noto Serif). The
# template has each line set to just the width that is reckoned here, whatever face a reader's device has.
NARROW, SLIM, USUAL, CAPITAL, WIDE = 0.3, 0.4, 0.56, 0.74, 1.0


@dataclass(frozen=True)
class Setting:
    """Lines of text and the size they fit their box in, in units of the cover (200 by 300)."""

    size: float
    lines: tuple[str, ...]

    @property
    def widths(self):
        """How wide each line is to be."""
        return [round(measure(line) * self.size) for line in self.lines]

    @property
    def height(self):
        return self.size * 1.15 * len(self.lines)


@dataclass(frozen=True)
class Cover:
    """What the template needs to draw a cover."""

    design: str
    ground: str
    paper: str
    spot: str
    title: Setting
    author: Setting
    initial: str
    rtl: bool


# The width and height that each design leaves to the title, and its largest size.
ROOM = {
    "bands": (164, 100, 36),
    "frame": (140, 130, 36),
    "poster": (170, 185, 46),
    "sun": (164, 112, 38),
    "label": (136, 96, 32),
    "initial": (164, 88, 34),
}


@lru_cache(maxsize=4096)
def cover(number, title, author, language):
    """The cover of a book.

    :param number: the book's id, which chooses design and colours: a book looks the same wherever it stands.
    :param language: the title's BCP 47 tag, or None.
    """
    mixed = number * 2654435761 >> 7  # Knuth's multiplicative hash: neighbours shall not look alike
    design = DESIGNS[mixed % len(DESIGNS)]
    ground, paper, spot = PALETTES[(mixed >> 9) % len(PALETTES)]
    width, height, largest = ROOM[design]
    return Cover(
        design, ground, paper, spot,
        title=fit(title, width, height, largest),
        author=fit(author, 136 if design == "label" else width, 34, 17),
        initial=title[:1].upper(),
        rtl=is_rtl(title, language),
    )  # fmt: skip


def is_rtl(title, language):
    """Whether a title runs from right to left: as its language does, else as its first letter does."""
    known = direction(language)
    if known != "auto":
        return known == "rtl"
    return next((kind in ("R", "AL") for kind in map(unicodedata.bidirectional, title) if kind in ("L", "R", "AL")), False)


def fit(text, width, height, largest, smallest=13):
    """The Setting of `text` in the largest size that fits a box; cut with “…” where even the smallest does not."""
    for size in range(largest, smallest - 1, -3):
        lines = broken(text, width / size, whole_words=size > 18)
        if lines and len(lines) * size * 1.15 <= height:
            return Setting(size, tuple(lines))
    lines, most = broken(text, width / smallest), max(1, int(height / (smallest * 1.15)))
    if len(lines) > most:
        lines = [*lines[: most - 1], cut_short(lines[most - 1], width / smallest)]
    return Setting(smallest, tuple(lines))


def cut_short(line, width):
    """The beginning of `line` with “…”, at most `width` em wide together."""
    while measure(line) + WIDE > width:
        line = line[:-1]
    return line.rstrip() + "…"


def broken(text, width, whole_words=False):
    """`text` in lines of at most `width` em; with `whole_words` nothing where a word would be torn."""
    lines, line, used = [], "", 0.0
    for piece in pieces(text):
        room = measure(piece)
        if used + room - NARROW * piece.endswith(" ") > width and line:
            lines, line, used = [*lines, line.rstrip()], "", 0.0
        if room - NARROW * piece.endswith(" ") > width:
            if whole_words:
                return []
            *full, piece = torn(piece, width)
            lines += full
            room = measure(piece)
        line, used = line + piece, used + room
    return [*lines, line.rstrip()] if line.strip() else lines


def pieces(text):
    """What a line may end after: a word with its blank or hyphen, or a letter of a script written without blanks."""
    for word in re.findall(r"[^\s-]+-?\s?|-\s?", text):
        if any(map(is_wide, word)):
            yield from word
        else:
            yield word


def torn(word, width):
    """A word in parts of at most `width` em."""
    parts, used = [""], 0.0
    for letter in word:
        room = measure(letter)
        if used + room > width and parts[-1]:
            parts, used = [*parts, ""], 0.0
        parts[-1] += letter
        used += room
    return parts


def measure(text):
    """How wide `text` is, in em."""
    return sum(map(letter_width, text))


@lru_cache(maxsize=4096)
def letter_width(letter):
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0.0
    if is_wide(letter) or letter in "—@%WMm…":
        return WIDE
    if letter in " .,:;'’‘!|ijl":
        return NARROW
    if letter in 'frtI()[]-–“”"?' or unicodedata.bidirectional(letter) == "AL":
        return SLIM
    return CAPITAL if letter.isupper() or letter in "w&" else USUAL


def is_wide(letter):
    return unicodedata.east_asian_width(letter) in "WF"
