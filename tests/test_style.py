"""The colours: the same in both dark lists, and with enough contrast everywhere.

How contrast is computed: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
"""

import re
from pathlib import Path

import pytest

from bookreviews.books.covers import PALETTES

CSS = (Path(__file__).parent.parent / "bookreviews/static/style.css").read_text()
COLOURS = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")


def colours(selector):
    """The colours that the rule of a selector gives names to."""
    return dict(COLOURS.findall(CSS[CSS.index(selector + " {") :].partition("}")[0]))


LIGHT, DARK, CHOSEN_BY_DEVICE = map(colours, (":root", '[data-bs-theme="dark"]', ":root:not([data-bs-theme])"))


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_dark_is_the_same_whoever_chose_it():
    assert DARK == CHOSEN_BY_DEVICE
    assert DARK.keys() == LIGHT.keys()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "card"])
def test_words_can_be_read_on_what_they_lie_on(theme, ground):
    for words in ("ink", "quiet", "accent", "accent-strong", "wrong"):
        assert contrast(theme[words], theme[ground]) >= 4.5, words
    assert contrast(theme["star"], theme[ground]) >= 3


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_words_on_buttons_can_be_read(theme):
    for ground in ("accent", "accent-strong"):
        assert contrast(theme["on-accent"], theme[ground]) >= 4.5, ground
    assert contrast(theme["paper"], theme["wrong"]) >= 4.5


@pytest.mark.parametrize("ground, paper, spot", PALETTES)
def test_the_words_on_covers_can_be_read(ground, paper, spot):
    assert contrast(ground, paper) >= 4.5
    assert contrast(ground, spot) >= 4.5
