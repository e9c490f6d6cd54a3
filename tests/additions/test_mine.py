"""What became of the books that a reader added."""

from bookreviews.extensions import db
from bookreviews.moderation.models import Case
from tests.browser import Browser
from tests.factories import a_book, a_reader


def test_nobody_else_sees_it(browser):
    assert browser.get("/settings/books", 302).location.startswith("/login")


def test_each_book_says_whether_it_was_looked_at(app, browser):
    browser.login(a_reader("ann"))
    assert "None yet." in browser.get("/settings/books").words
    for title in ("Dune", "Emma", "Ulysses"):
        browser.post("/books/new", title=title)
    moderator = Browser(app).login(a_reader("mo", roles=["moderator"]))
    moderator.post("/moderation/books/1")
    moderator.post("/moderation/books/2", refuse="yes", reason="It is no book.")
    words = browser.get("/settings/books").page.main.get_text(" ", strip=True)
    assert "Ulysses" in words and "Not checked yet." in words
    assert "Checked on" in words
    assert "Removed on" in words and "“Emma”: It is no book." in words
    assert "Dune" not in Browser(app).login(a_reader("bob")).get("/settings/books").words


def test_a_long_list_is_paged_with_as_many_queries(browser, queries):
    ann = a_reader("ann")
    browser.login(ann)

    def look():
        with queries() as found:
            browser.get("/settings/books")
        return len(found)

    def add(number):
        db.session.add(Case(kind="book", book_id=a_book(f"Book {number}").id, user_id=ann.id))
        db.session.commit()

    add(0)
    few = look()
    for number in range(1, 25):
        add(number)
    assert look() == few
    page = browser.get("/settings/books").page
    assert len(page.select("main .rows li")) == 20
    assert len(browser.get(page.find("a", rel="next")["href"]).page.select("main .rows li")) == 5
