from tests.browser import Browser
from tests.factories import a_book, a_reader

WORDS = {"rating": "9", "body": "Read it.", "name": "Ann"}


def test_the_writer_is_thanked_and_shown_the_ways_on(browser):
    book = a_book()
    answer = browser.follow(browser.post(f"/books/{book.ref}/review", **WORDS))
    assert answer.page.h1.get_text() == "Thank you for your review"
    links = {link.get_text(strip=True): link["href"] for link in answer.page.select("main a")}
    assert links["Back to the book"] == f"/books/{book.ref}"
    assert links["Change your review"] == f"/books/{book.ref}/review"


def test_of_a_change_it_is_said_that_it_is_saved(browser):
    address = f"/books/{a_book().ref}/review"
    assert "saved" not in browser.follow(browser.post(address, **WORDS)).words
    answer = browser.follow(browser.post(address, **WORDS | {"body": "Read it again."}))
    assert answer.page.h1.get_text() == "Thank you for your review"
    assert "Your change is saved: it is on the page of" in answer.words


def test_nobody_else_is_thanked(app, browser):
    location = browser.post(f"/books/{a_book().ref}/review", **WORDS).location
    Browser(app).get(location, 404)


def test_who_has_to_wait_is_told_so(app, browser, monkeypatch):
    monkeypatch.setitem(app.config, "GUEST_REVIEWS", "held")
    book = a_book()
    answer = browser.follow(browser.post(f"/books/{book.ref}/review", **WORDS))
    assert "It waits for a look by the site’s moderators. Nobody else sees it yet." in answer.words
    assert "for everybody to read" not in answer.words
    assert "Read it." in answer.words
    for link in answer.page.select("main a"):
        browser.get(link["href"])


def test_a_member_is_thanked_too_and_need_not_wait(app, monkeypatch):
    monkeypatch.setitem(app.config, "GUEST_REVIEWS", "held")
    member = Browser(app).login(a_reader("Rita"))
    answer = member.follow(member.post(f"/books/{a_book().ref}/review", rating="9", body="Read it."))
    assert "now, for everybody to read" in answer.words
    assert not answer.page.select(".votes form, .votes a")
