from tests.browser import Browser, hidden
from tests.factories import a_book, a_reader

WORDS = {"rating": "9", "body": "Read it.", "name": "Ann"}


def test_undo_brings_the_review_back_with_its_rating(browser):
    book = a_book()
    browser.login(a_reader()).post(f"/books/{book.ref}/review", **WORDS)
    gone = browser.follow(browser.post(f"/books/{book.ref}/review/delete"))
    form = gone.page.main.find("form", method="post")
    answer = browser.follow(browser.send(form["action"], hidden(form)))
    assert "Read it." in answer.words
    assert "4.5 of 5" in browser.get(f"/books/{book.ref}").words


def test_there_is_nothing_to_bring_back_for_who_wrote_nothing(app, browser):
    book = a_book()
    browser.post(f"/books/{book.ref}/review", **WORDS)
    browser.post(f"/books/{book.ref}/review/delete")
    stranger = Browser(app)
    token = hidden(stranger.form(f"/books/{book.ref}/review"))
    stranger.send(f"/books/{book.ref}/review/restore", token, 404)
    assert "Read it." not in stranger.get(f"/books/{book.ref}").words
