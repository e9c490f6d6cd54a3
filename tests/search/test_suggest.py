"""The suggestions that a script shows below the search field: a part of a page."""

import pytest

from tests.factories import a_book


def options(answer):
    return [" ".join(option.get_text().split()) for option in answer.page.select("[role=option]")]


def test_the_best_books_for_what_is_typed_are_options_that_lead_to_them(browser):
    dune = a_book("Dune", ["Frank Herbert"], outside_count=100)
    a_book("Emma", ["Jane Austen"])
    a_book("Dune Messiah", [])
    answer = browser.get("/search/suggest?q=du")
    assert options(answer) == ["Dune by Frank Herbert", "Dune Messiah"]
    assert answer.page.li["data-href"] == f"/books/{dune.ref}"
    assert answer.page.li["aria-selected"] == "false"


def test_it_is_a_part_of_a_page_and_not_a_page(browser):
    a_book()
    answer = browser.get("/search/suggest?q=hunger")
    assert not answer.page.find(["html", "h1", "a", "script"])
    assert {tag.name for tag in answer.page.find_all(recursive=False)} == {"li"}


@pytest.mark.parametrize("query", ["", "q=", "q=%20", "q=%00", "q=zebra", "q=-", "q=%22", "q=9780439023481", "Q=hunger"])
def test_for_nothing_it_is_empty(browser, query):
    a_book()
    assert options(browser.get(f"/search/suggest?{query}")) == []


def test_there_are_at_most_seven(browser):
    for number in range(9):
        a_book(f"Dune {number}", ["Frank Herbert"])
    assert len(options(browser.get("/search/suggest?q=dune"))) == 7


def test_hostile_titles_stay_text_and_long_ones_are_cut(browser):
    a_book('<img src=x onerror="alert(1)"> zebra', ["<b>Eve</b>"])
    a_book("zebra " + "z" * 300, ["n" * 300])
    answer = browser.get("/search/suggest?q=zebra")
    assert not answer.page.find(["img", "b"])
    assert all(len(option) < 170 for option in options(answer))


def test_a_title_says_its_language(browser):
    a_book("الأيام", ["طه حسين"], language="ar")
    assert browser.get("/search/suggest?q=الأيام").page.select_one("li span[lang=ar][dir=rtl]")


def test_typing_a_typo_suggests_what_was_meant(browser):
    a_book("Harry Potter", ["J.K. Rowling"])
    assert options(browser.get("/search/suggest?q=hary+poter")) == ["Harry Potter by J.K. Rowling"]


def test_it_costs_as_few_queries_as_a_search(browser, queries):
    for number in range(9):
        a_book(f"Dune {number}", ["Frank Herbert"])
    with queries() as found:
        browser.get("/search/suggest?q=dune")
    assert len(found) <= 3
