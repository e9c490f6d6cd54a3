"""Pictures out of drawings (pure)."""

import unicodedata
from importlib.resources import files

import resvg_py

FONTS = [str(files("font_source_serif_pro") / "files" / f"SourceSerifPro-{cut}.ttf") for cut in ("Regular", "Semibold")]
FAMILY = "Source Serif Pro"
SCRIPTS = ("LATIN", "GREEK", "CYRILLIC")


def png(svg):
    """An SVG drawing as PNG, in its own size, all text in the one font that we bring along.

    :param svg: text of the drawing.
    :raises ValueError: where it is not SVG.
    """
    fonts = {"font_files": FONTS, "skip_system_fonts": True, "font_family": FAMILY}
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, serif_family=FAMILY, sans_serif_family=FAMILY, **fonts))


def printable(text):
    """The words of `text` that our font has letters for; nothing where that is not most of it.

    For other letters it would print empty boxes.
    """
    words = " ".join(word for word in text.split() if all(map(is_printable, word)))
    return words if 2 * len(words) > len(text) else ""


def is_printable(letter):
    """Whether our font has a letter, figure or mark."""
    if letter.isalpha():
        return unicodedata.name(letter, "").startswith(SCRIPTS)
    return unicodedata.category(letter) not in ("So", "Cn", "Co")
