import pytest

from tests.factories import a_book, a_reader, a_review


def test_a_program_gets_a_book_with_its_score(browser):
    book = a_book("Good Omens", ["Terry Pratchett", "Neil Gaiman"], isbns=["9780060853983"], first_published=1990)
    a_review(book, 9, by=a_reader())
    a_review(book, 8, by=a_reader(), body="")
    assert browser.get("/api/9780060853983").json == {
        "title": "Good Omens",
        "author": "Terry Pratchett, Neil Gaiman",
        "year": 1990,
        "isbn": "9780060853983",
        "review_count": 1,
        "average_score": 4.25,
    }


def test_without_ratings_the_score_is_null(browser):
    a_book(isbns=["9780439023481"])
    found = browser.get("/api/9780439023481").json
    assert (found["average_score"], found["review_count"], found["year"]) == (None, 0, None)


@pytest.mark.parametrize(
    "asked, answered", [("0-439-02348-3", "0439023483"), ("978-0439023481", "9780439023481"), ("080442957x", "080442957X")]
)
def test_the_isbn_comes_back_in_the_length_it_was_asked_in(browser, asked, answered):
    a_book(isbns=["9780439023481", "9780804429573"])
    assert browser.get(f"/api/{asked}").json["isbn"] == answered


@pytest.mark.parametrize("isbn", ["9780439023481", "123", "%00", "x" * 500, "a/b"])
def test_what_is_not_here_is_said_in_json(browser, isbn):
    answer = browser.get(f"/api/{isbn}", 404)
    assert answer.mimetype == "application/json"
    assert answer.json["error"]


def test_a_wrong_method_is_said_in_json(browser):
    answer = browser.send("/api/9780439023481", {}, 405)
    assert answer.json["error"]
    assert "GET" in answer.headers["Allow"]
