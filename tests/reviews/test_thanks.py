from tests.browser import Browser
from tests.factories import a_book

WORDS = {"rating": "9", "body": "Read it.", "name": "Ann"}


def test_the_writer_is_thanked_and_shown_the_ways_on(browser):
    book = a_book()
    answer = browser.follow(browser.post(f"/books/{book.ref}/review", **WORDS))
    assert answer.page.h1.get_text() == "Thank you for your review"
    links = {link.get_text(strip=True): link["href"] for link in answer.page.select("main a")}
    assert links["Back to the book"] == f"/books/{book.ref}"
    assert links["Change your review"] == f"/books/{book.ref}/review"


def test_nobody_else_is_thanked(app, browser):
    location = browser.post(f"/books/{a_book().ref}/review", **WORDS).location
    Browser(app).get(location, 404)
