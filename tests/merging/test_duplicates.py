"""What may be here twice."""

import pytest

from tests.factories import a_book
from tests.merging.acting import merged


def links(moderator, kind):
    return [link["href"] for link in moderator.get(f"/moderation/merge/duplicates/{kind}").page.select(".rows li > a")]


def test_books_of_the_same_title_and_first_author_are_listed(moderator):
    books = [a_book("Dune", ["Frank Herbert"]), a_book("Emma"), a_book("DUNE", ["frank herbert"]), a_book("Dune", ["Somebody"])]
    assert links(moderator, "books") == [f"/moderation/merge/books?from={books[2].id}&into={books[0].id}"]
    merged(moderator, books[2], books[0])
    assert links(moderator, "books") == []


def test_other_places_in_a_series_are_other_books(moderator):
    first, second, third = (a_book("Poems", series="Works", series_position=place) for place in ("1", "2", "2"))
    assert links(moderator, "books") == [f"/moderation/merge/books?from={third.id}&into={second.id}"]


def test_authors_of_the_same_name_but_for_blanks_are_listed(moderator):
    for name in ("J. K. Rowling", "J.K. Rowling", "JK Rowling", "Jane Austen"):
        a_book(f"By {name}", [name])
    assert links(moderator, "authors") == ["/moderation/merge/authors?from=2&into=1"]


@pytest.mark.parametrize("kind", ["books", "authors"])
def test_a_long_list_has_pages_and_costs_no_more_queries(moderator, kind, queries):
    for name in ("A. B.", "A.B.", "AB"):
        a_book("Emma", [name])
        a_book("Dune")
    with queries() as few:
        moderator.get(f"/moderation/merge/duplicates/{kind}")
    for number in range(25):
        a_book("Dune")
        a_book(f"C{number}", [f"a b{number}"])
        a_book(f"D{number}", [f"ab{number}"])
    with queries() as many:
        answer = moderator.get(f"/moderation/merge/duplicates/{kind}")
    assert len(answer.page.select(".rows li")) == 20 and answer.page.find("a", rel="next")
    assert len(many) == len(few)


@pytest.mark.parametrize("kind", ["books", "authors"])
def test_where_there_are_none_that_is_said(moderator, kind):
    assert "There are none." in moderator.get(f"/moderation/merge/duplicates/{kind}").words
