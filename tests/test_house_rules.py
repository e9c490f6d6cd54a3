"""The rules that the tests' browser holds every page to catch what breaks them."""

import pytest
from bs4 import BeautifulSoup

from tests.browser import hold_to_the_rules

PAGE = '<!doctype html><html lang="en"><head><title>Books</title></head><body><h1>Books</h1>{}</body></html>'


@pytest.mark.parametrize(
    "part",
    [
        '<h2 id="a">x</h2><h3>y</h3><p aria-describedby="a">z</p><h2>w</h2>',
        '<label for="b">x</label><input id="b"><label>y <select></select></label><textarea aria-label="z"></textarea>',
        '<input type="hidden"><img src="/x" alt=""><svg aria-hidden="true"></svg><svg role="img" aria-label="x"></svg>',
        '<script type="application/ld+json">{"a": 1}</script><script type="module" src="/static/1/x.js"></script>',
        '<a href="#">x</a><a href="#nowhere" rel="ugc">reader’s</a>',
    ],
)
def test_what_keeps_the_rules_passes(part):
    hold_to_the_rules(BeautifulSoup(PAGE.format(part), "html.parser"))
    hold_to_the_rules(BeautifulSoup(part, "html.parser"))


@pytest.mark.parametrize(
    "part",
    [
        "<h2>x</h2><h4>y</h4>",
        '<p id="a"></p><p id="a"></p>',
        '<p aria-labelledby="a b" id="a"></p>',
        '<label for="a">x</label>',
        '<a href="#a">x</a>',
        "<input>",
        "<label><textarea></textarea></label>",
        '<img src="/x">',
        "<svg></svg>",
        '<svg role="img"></svg>',
        "<script>x</script>",
        '<script type="module" src="https://elsewhere.example/x.js"></script>',
        "<style>p {}</style>",
        '<p style="x"></p>',
        '<p onclick="x"></p>',
        '<script type="application/ld+json">{</script>',
    ],
)
def test_what_breaks_one_is_caught_in_pages_and_in_parts_of_them(part):
    for html in (PAGE.format(part), part):
        with pytest.raises(AssertionError):
            hold_to_the_rules(BeautifulSoup(html, "html.parser"))


@pytest.mark.parametrize(
    "old, new",
    [
        ("<h1>Books</h1>", ""),
        ("<h1>Books</h1>", "<h1>Books</h1><h1>More</h1>"),
        ("<h1>", "<h2>Before</h2><h1>"),
        ("Books</title>", " </title>"),
        ("</title>", "</title><title>x</title>"),
        (' lang="en"', ""),
    ],
)
def test_a_whole_page_has_one_heading_one_title_and_a_language(old, new):
    with pytest.raises(AssertionError):
        hold_to_the_rules(BeautifulSoup(PAGE.format("").replace(old, new), "html.parser"))
