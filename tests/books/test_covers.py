"""Covers drawn from title and author."""

import pytest

from bookreviews.books.covers import CAPITAL, DESIGNS, ROOM, cover, fit, is_rtl, measure
from bookreviews.languages import direction
from tests.factories import a_book

TITLES = [
    "Dune",
    "The Hunger Games",
    "Do Androids Dream of Electric Sheep?",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "W" * 300,
    "word " * 60,
    "吾輩は猫である。名前はまだ無い。" * 10,
    "الأيام",
    "a-b-" * 75,
    "—",
    "Ünïcödé é",
]


def drawn(title, author="Frank Herbert", language=None):
    """The cover of one title in each design."""
    found = {}
    for number in range(200):
        found.setdefault((one := cover(number, title, author, language)).design, one)
    assert set(found) == set(DESIGNS)
    return found.values()


@pytest.mark.parametrize("title", TITLES)
def test_every_line_fits_its_width_and_all_lines_their_height(title):
    for one in drawn(title):
        width, height, largest = ROOM[one.design]
        assert one.title.lines
        assert all(measure(line) * one.title.size <= width + 0.01 for line in one.title.lines), one
        assert one.title.height <= height and one.title.size <= largest


@pytest.mark.parametrize("author", ["Frank Herbert", "n" * 300, "Gabriel García Márquez and others", "夏目 漱石", "طه حسين"])
def test_so_does_the_author(author):
    for one in drawn("Dune", author):
        width = 150 if one.design == "label" else ROOM[one.design][0]
        assert all(measure(line) * one.author.size <= width + 0.01 for line in one.author.lines), one
        assert one.author.height <= 34


@pytest.mark.parametrize("title", ["W" * 300, "吾輩は猫である" * 43])
def test_a_title_of_300_characters_ends_in_dots(title):
    assert all(one.title.lines[-1].endswith("…") for one in drawn(title))


@pytest.mark.parametrize("title", ["Dune", "The Hunger Games", "吾輩は猫である", "الأيام", "Emma – a novel"])
def test_a_title_that_fits_is_set_whole(title):
    for one in drawn(title):
        assert "".join(one.title.lines).replace(" ", "") == title.replace(" ", "")


def test_words_are_torn_only_where_they_fit_in_no_size():
    assert all("Hunger" in " ".join(one.title.lines) for one in drawn("The Hunger Games"))
    assert len(fit("W" * 30, 100, 300, 40).lines) > 1


def test_japanese_breaks_anywhere():
    lines = fit("吾輩は猫である", 4 * 40, 200, 40).lines
    assert lines == ("吾輩は猫", "である")


def test_a_title_runs_as_its_language_does_else_as_its_first_letter():
    assert direction("ar") == "rtl"
    assert is_rtl("الأيام", "ar") and is_rtl("Al-Ayyam", "ar")
    assert is_rtl("«الأيام»", None) and is_rtl("12 الأيام", None)
    assert not is_rtl("Dune", None) and not is_rtl("الأيام", "en") and not is_rtl("123", None) and not is_rtl("", None)
    assert all(one.rtl for one in drawn("الأيام", language="ar"))


def test_a_book_looks_the_same_wherever_it_stands(browser):
    book = a_book()
    shown = {
        str(browser.get(path).page.select_one("svg.cover text"))
        for path in ("/books", f"/books/{book.ref}", "/authors/1-suzanne-collins", "/search?q=hunger")
    }
    assert len(shown) == 1


def test_neighbours_differ_and_all_designs_and_colours_are_met():
    covers = [cover(number, "Dune", "", None) for number in range(1, 400)]
    looks = [(one.design, one.ground) for one in covers]
    alike = [number for number, (one, next) in enumerate(zip(looks, looks[1:], strict=False)) if one == next]
    assert len(alike) < 8
    assert {one.design for one in covers} == set(DESIGNS)
    assert len(set(looks)) > 40


def test_a_book_without_title_or_author_has_a_cover():
    for one in drawn("", ""):
        assert one.title.lines == one.author.lines == ()


def test_a_hostile_title_stays_text(browser):
    book = a_book("<b>&\"'</b></text></svg>", ["</svg><script>"])
    page = browser.get(f"/books/{book.ref}").page
    assert "<b>" in page.select_one("svg.cover").get_text()
    assert not page.select("svg.cover script, svg.cover b")


def test_wide_letters_are_measured_wide():
    assert measure("吾") > measure("A") == CAPITAL > measure("a") > measure("i")
