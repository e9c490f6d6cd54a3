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


def settable(text):
    """Whether our font has the letters of `text`; it would print boxes for others."""
    return all(unicodedata.name(letter, "").startswith(SCRIPTS) for letter in text if letter.isalpha()) and not any(
        unicodedata.category(letter) in ("So", "Cn", "Co") for letter in text
    )
