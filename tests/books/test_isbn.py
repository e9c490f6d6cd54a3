import pytest

from tests.factories import a_book


@pytest.mark.parametrize(
    "isbn", ["9780439023481", "978-0-439-02348-1", "0439023483", "0-439-02348-3", "ISBN 978 0 439 02348 1"]
)
def test_every_form_of_an_isbn_leads_to_the_book(browser, isbn):
    book = a_book(isbns=["9780439023481"])
    assert browser.get(f"/isbn/{isbn}", 302).location == f"/books/{book.ref}"


def test_an_isbn_that_ends_in_x_is_taken_in_either_case(browser):
    a_book(isbns=["9780804429573"])
    assert browser.get("/isbn/080442957x", 302)
    assert browser.get("/isbn/080442957X", 302)


def test_an_unknown_isbn_is_not_found(browser):
    assert "no book with the ISBN 9780439023481 here yet" in browser.get("/isbn/9780439023481", 404).words


@pytest.mark.parametrize("isbn", ["9780439023482", "123", "abc", "9.78043902348e+12", "%00", "x" * 3000, "0439023483/x"])
def test_what_is_no_isbn_is_told_so(browser, isbn):
    assert "is not an ISBN" in browser.get(f"/isbn/{isbn}", 404).words
