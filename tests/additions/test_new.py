"""A reader adds a book that is missing."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from bookreviews.books.models import Book, Edition
from bookreviews.extensions import db
from bookreviews.moderation.models import Case
from tests.browser import Browser, hidden
from tests.factories import PASSWORD, a_book, a_reader

DUNE = {"title": "Dune", "authors": "Frank Herbert", "isbn": "978-0-441-17271-9", "year": "1965", "language": "en"}


@pytest.fixture
def reader(app):
    return a_reader("ann")


@pytest.fixture
def member(browser, reader):
    return browser.login(reader)


def books():
    return db.session.scalars(Book.listed().order_by(Book.id)).all()


def test_visitors_log_in_first_and_come_back_to_what_was_filled_in(browser, reader):
    login = browser.get("/books/new?title=Dune", 302)
    assert login.location.startswith("/login?next=")
    form = browser.form(login.location)
    answer = browser.send(login.location, hidden(form) | {"email": "ann", "password": PASSWORD})
    assert browser.follow(answer).page.find(id="title")["value"] == "Dune"


def test_a_book_is_there_at_once_for_everybody_and_marked(app, member, reader):
    page = member.follow(member.post("/books/new", **DUNE), 301)
    page = Browser(app).follow(page)
    assert page.page.h1.get_text() == "Dune"
    assert "nobody has checked it yet" in page.words
    for words in ("First published 1965", "Frank Herbert", "Language English", "978-0-441-17271-9"):
        assert words in page.words
    assert "Dune" in Browser(app).get("/search?q=herbert dune").page.select_one(".book-title").get_text()
    assert Browser(app).get("/isbn/0441172717", 302).location == f"/books/{books()[0].ref}"
    case = db.session.scalar(Case.open())
    assert (case.kind, case.book_id, case.user_id) == ("book", books()[0].id, reader.id)


def test_a_title_is_enough(member):
    member.post("/books/new", title="Catching Fire (The Hunger Games, #2)")
    (book,) = books()
    assert (book.title, book.series, book.series_position, book.authors) == ("Catching Fire", "The Hunger Games", "2", [])


@pytest.mark.parametrize(
    "title, sentence",
    [
        (".", "This says nothing"),
        ("- …", "This says nothing"),
        ("https://pills.example/buy", "This is a link"),
        ("Buy at www.pills.example", "This is a link"),
        ("cheap-pills.com", "This is a link"),
    ],
)
def test_what_is_no_title_is_said_beside_it(member, title, sentence):
    answer = member.post("/books/new", 422, title=title, authors="Frank Herbert")
    assert sentence in answer.page.find(id="title-error").get_text()
    assert answer.page.find(id="title")["value"] == title
    assert books() == []


def test_books_that_it_may_be_are_shown_first_and_it_is_added_when_it_is_none_of_them(member):
    a_book("Sapiens", ["Yuval Noah Harari"])
    a_book("Emma", ["Yuval Noah Harari"])
    typed = {"title": "Sapiens: A Brief History", "authors": "Yuval Noah Harari", "year": "2011"}
    answer = member.post("/books/new", 422, **typed)
    assert [title.get_text() for title in answer.page.select("main .book-title")] == ["Sapiens"]
    assert answer.page.find("button", string="None of these: add it")
    assert answer.page.find(id="year")["value"] == "2011"
    assert len(books()) == 2
    member.send("/books/new", hidden(answer.page.main.find("form", method="post")) | typed)
    assert [book.title for book in books()] == ["Sapiens", "Emma", "Sapiens: A Brief History"]


def test_what_comes_meanwhile_is_shown_as_well(member):
    a_book("Emma", ["Jane Austen"])
    answer = member.post("/books/new", 422, title="Emma")
    a_book("Emma", ["Charlotte Brontë"])
    again = hidden(answer.page.main.find("form", method="post")) | {"title": "Emma"}
    assert "Charlotte Brontë" in member.send("/books/new", again, 422).page.main.get_text()


def test_a_known_isbn_leads_to_its_book(member):
    dune = a_book("Dune", ["Frank Herbert"], ["9780441172719"])
    answer = member.post("/books/new", 422, **DUNE | {"isbn": "0441172717"})
    assert "The book with this ISBN is here already." in answer.page.find(id="isbn-error").get_text()
    assert answer.page.main.find("a", href=f"/books/{dune.ref}")
    assert len(books()) == 1


@pytest.mark.parametrize(
    "wrong, sentence",
    [
        ({"title": ""}, "A book has a title"),
        ({"title": "\u200b"}, "A book has a title"),
        ({"title": "x" * 1001}, "at most 1,000 characters"),
        ({"isbn": "978-0-441-17271-8"}, "A digit is wrong or missing"),
        ({"isbn": "12345"}, "A digit is wrong or missing"),
        ({"isbn": "0000000000000"}, "A digit is wrong or missing"),
        ({"year": "soon"}, "A year is written as"),
        ({"year": "9999"}, "A year is written as"),
        ({"year": "0"}, "A year is written as"),
        ({"language": "tlh!"}, "choose a language"),
        ({"authors": "x" * 301}, "at most 300 characters"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(member, wrong, sentence):
    answer = member.post("/books/new", 422, **DUNE | wrong)
    (name,) = wrong
    assert sentence in answer.page.find(id=f"{name}-error").get_text()
    for kept in {"title", "authors", "isbn", "year"} - {name}:
        assert answer.page.find(id=kept)["value"] == DUNE[kept]
    assert books() == []


def test_who_was_logged_out_meanwhile_loses_nothing(member):
    data = hidden(member.form("/books/new")) | DUNE
    member.client.delete_cookie("session")
    answer = member.send("/books/new", data, 422)
    assert "You have been logged out" in answer.page.find(role="alert").get_text()
    assert answer.page.find(id="authors")["value"] == "Frank Herbert"
    assert books() == []


def test_a_double_click_adds_one_book(app, member):
    data = hidden(member.form("/books/new")) | DUNE | {"isbn": ""}
    cookie = member.client.get_cookie("session").value
    db.session.rollback()

    def click(_):
        client = app.test_client()
        client.set_cookie("session", cookie)
        return client.post("/books/new", data=data).status_code

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(click, range(4))) == [303] * 4
    assert member.send("/books/new", data).status_code == 303
    assert len(books()) == 1


def test_two_readers_with_the_same_isbn_add_one_book(app, member):
    data = hidden(member.form("/books/new")) | DUNE
    other = Browser(app).login(a_reader("bob"))
    theirs = hidden(other.form("/books/new")) | DUNE
    member.send("/books/new", data)
    assert "here already" in other.send("/books/new", theirs, 422).words
    assert db.session.scalars(sa.select(Edition.isbn13)).all() == ["9780441172719"]


@pytest.mark.parametrize("seen", ["", "x", "1,2,", "9" * 400, "-1", "٣"])
def test_a_mangled_list_of_what_was_seen_is_no_way_round_the_question(member, seen):
    a_book("Dune", ["Frank Herbert"])
    a_book("Dune", ["Somebody Else"])
    a_book("Dune", ["A Third"])
    member.post("/books/new", 422, title="Dune", seen=seen)
    assert len(books()) == 3


@pytest.mark.parametrize(
    "title",
    ["!!!", "1984", "The", "-dune", 'author:"x', "%_%", "吾輩は猫である", "👩‍🚀", "S.", "Amazon.com: Get Big Fast", "x" * 1000],
)
def test_any_title_can_be_added(member, title):
    member.post("/books/new", title=title)
    assert [book.title for book in books()] == [title]


@pytest.mark.parametrize(
    "path, filled", [("/search?q=dune+messiah", ("title", "dune messiah")), ("/search?q=0441172717", ("isbn", "9780441172719"))]
)
def test_what_the_search_did_not_find_can_be_added(member, path, filled):
    link = member.get(path).page.main.find("a", string="Add the book you are looking for")
    name, value = filled
    assert member.get(link["href"]).page.find(id=name)["value"] == value


def test_so_can_what_was_not_among_its_results(browser):
    a_book("Dune")
    link = browser.get("/search?q=dune").page.main.find("a", string="Add the book you are looking for")
    assert link["href"] == "/books/new?title=dune"


def test_a_page_of_an_isbn_that_is_not_here_leads_there(member):
    link = member.get("/isbn/9780441172719", 404).page.main.find("a", string="Add this book")
    assert member.get(link["href"]).page.find(id="isbn")["value"] == "9780441172719"


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_check_digit_is_looked_at_while_one_types(page, reader):
    page.goto("/login?next=/books/new")
    page.get_by_label("Email", exact=True).fill("ann")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    field, note = page.get_by_label("ISBN", exact=True), page.locator("#isbn-check")
    for typed, sentence in [
        ("978-0-44", "6 of 10 or 13 digits"),
        ("978-0-441-17271-9", "The digits fit together."),
        ("978-0-441-17271-8", "A digit is wrong"),
        ("0-8044-2957-x", "The digits fit together."),
        ("dune", "only digits"),
    ]:
        field.fill(typed)
        expect(note).to_contain_text(sentence)
