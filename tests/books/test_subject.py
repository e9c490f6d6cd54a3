import pytest

from bookreviews.books import listing
from tests.factories import a_book, a_review


@pytest.mark.parametrize("many", [0, 5_000])
def test_a_subjects_books_are_shown_the_best_rated_first(browser, monkeypatch, many):
    """However many they are: of very many they are looked for otherwise."""
    monkeypatch.setattr(listing, "MANY", many)
    a_book("Emma", subjects=["Classics"])
    a_review(a_book("Persuasion", subjects=["Classics", "Romance"]), 9)
    a_book("Dune", subjects=["Science fiction"])
    answer = browser.get("/subjects/classics")
    assert [title.get_text() for title in answer.page.select(".book-title")] == ["Persuasion", "Emma"]
    assert answer.page.find("a", href="/books?subject=classics")


@pytest.mark.parametrize("path", ["/subjects/none", "/subjects/%00", "/subjects/%FF", "/subjects/" + "x" * 900])
def test_an_unknown_subject_is_not_found(browser, path):
    assert browser.get(path, 404)
