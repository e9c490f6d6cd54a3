"""Sending a cover of a book."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import obstore
import pytest
import sqlalchemy as sa

from bookreviews.books.models import Book
from bookreviews.covers import storage
from bookreviews.covers.decoding import NO_PICTURE, TOO_LARGE
from bookreviews.covers.models import Cover
from bookreviews.extensions import db, now
from bookreviews.moderation.models import Case, Decision
from tests.browser import Browser, hidden
from tests.factories import a_book, a_cover, a_picture, a_reader


def address(book):
    return f"/books/{book.ref}/cover"


def send(browser, book, data=None, status=303, name="cover.png"):
    """The answer to a picture, sent as browsers do."""
    form = hidden(browser.form(address(book)))
    return browser.send(address(book), form | {"picture": (BytesIO(a_picture() if data is None else data), name)}, status)


def covers():
    return db.session.scalars(sa.select(Cover).order_by(Cover.id)).all()


def files():
    return sorted(file["path"] for batch in obstore.list(storage.store()) for file in batch)


def test_from_the_book_a_member_comes_to_the_form(browser):
    book = a_book()
    browser.login(a_reader())
    link = browser.get(f"/books/{book.ref}").page.main.find("a", string="Add a cover")
    page = browser.get(link["href"]).page
    assert page.h1.get_text() == "Add a cover"
    assert page.main.find("form", enctype="multipart/form-data").find("input", type="file")["accept"]


def test_a_visitor_is_led_to_log_in_and_back(browser):
    book = a_book()
    answer = browser.get(address(book), 302)
    assert answer.location == f"/login?next={address(book)}"
    assert "Covers are sent by members." in browser.follow(answer).words
    assert browser.send(address(book), {"picture": (BytesIO(a_picture()), "x.png")}).location.startswith("/login")
    assert covers() == []


def test_a_members_picture_waits_for_a_look_and_only_they_see_it(app, browser):
    book, ann = a_book(), a_reader("ann")
    page = browser.login(ann).follow(send(browser, book))
    assert "Thank you" in page.words and "it waits for a look" in page.words
    (cover,) = covers()
    assert cover.is_waiting and cover.user_id == ann.id
    assert page.page.find("img", alt="The picture you sent")["src"] == f"/covers/{cover.key}-240.webp"
    case = db.session.scalar(sa.select(Case))
    assert (case.kind, case.book_id, case.user_id, case.is_open, cover.case_id) == ("cover", book.id, ann.id, True, case.id)
    assert files() == [f"{cover.key}-{width}.webp" for width in (120, 240, 480)]
    for other in (Browser(app), Browser(app).login(a_reader("bob"))):
        assert not other.get(f"/books/{book.ref}").page.main.select("img")
    assert "What you sent" not in other.get(address(book)).words


def test_another_picture_takes_the_place_of_one_that_waits(app, browser):
    book = a_book()
    browser.login(a_reader())
    send(browser, book)
    send(browser, book, a_picture(colour="#000000"))
    (cover,) = covers()
    assert {name.partition("-")[0] for name in files()} == {cover.key}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Case)) == 1


def test_what_a_reader_sends_later_waits_beside_what_is_shown(browser):
    ann = a_reader("ann")
    shown = a_cover(by=ann)
    book = db.session.get(Book, shown.book_id)
    page = browser.login(ann).get(address(book))
    assert page.page.h1.get_text() == "Change the cover" and "It is the one you sent." in page.words
    send(browser, book)
    assert [cover.is_shown for cover in covers()] == [True, False]


@pytest.mark.parametrize("role", ["moderator", "admin"])
def test_a_moderators_picture_is_shown_at_once_and_the_log_says_so(app, browser, role):
    book = a_book()
    page = browser.login(a_reader(roles=[role])).follow(send(browser, book))
    assert "The book has its new cover." in page.words
    (cover,) = covers()
    assert cover.is_shown and db.session.get(Book, book.id).cover_key == cover.key
    assert [one.action for one in db.session.scalars(sa.select(Decision))] == ["show_cover"]
    assert cover.key in Browser(app).get(f"/books/{book.ref}").page.main.img["src"]
    assert page.page.main.find("a", string="Remove it")["href"] == f"/moderation/covers/{cover.case_id}"


@pytest.mark.parametrize(
    "data, name, reason",
    [
        (b"", "", "Please choose a picture."),
        (b"Not a picture", "cover.jpg", NO_PICTURE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cover.svg", NO_PICTURE),
        (a_picture(900, 300), "cover.png", "too wide"),
        (a_picture(20, 30), "../../cover\0.png", "too small"),
        (b"\xff\xd8" + b"\0" * 8_500_000, "cover.jpg", TOO_LARGE),
    ],
    ids=range(6),
)
def test_what_is_no_cover_is_refused_with_the_reason_beside_the_field(app, browser, data, name, reason):
    book = a_book()
    answer = send(browser.login(a_reader()), book, data, 422, name)
    field = answer.page.main.find("input", type="file")
    assert reason in answer.page.find(id="picture-error").get_text()
    assert "picture-error" in field["aria-describedby"] and "choose it again" in answer.words
    assert covers() == [] and files() == []


def test_of_a_file_that_is_much_too_large_nothing_is_read(browser):
    book = a_book()
    answer = send(browser.login(a_reader()), book, b"\0" * 10_000_000)
    assert TOO_LARGE in browser.follow(answer).words


def test_other_pages_take_no_more_than_before(browser):
    answer = browser.send(f"/books/{a_book().ref}/review", {"body": (BytesIO(b"x" * 5_000_000), "x")}, 413)
    assert "more than this site takes" in answer.words


def test_what_a_file_calls_itself_makes_no_difference(browser):
    send(browser.login(a_reader()), a_book(), name="cover.exe")
    assert covers()[0].is_waiting


def test_an_expired_form_comes_back(browser):
    book = a_book()
    browser.login(a_reader())
    answer = browser.send(address(book), {"picture": (BytesIO(a_picture()), "x.png"), "csrf_token": "old"}, 422)
    assert "Please send it once more" in answer.words
    assert covers() == []


def test_where_the_storage_is_away_the_page_says_so(app, browser, caplog):
    book = a_book()
    app.extensions["covers"] = away()
    answer = send(browser.login(a_reader()), book, status=503)
    assert "does not answer just now" in answer.page.find(id="picture-error").get_text()
    assert covers() == []


def away():
    """A bucket that nobody can reach."""
    return storage.opened("s3://covers", {"endpoint": "http://127.0.0.1:1", "access_key_id": "x", "secret_access_key": "x"})


def test_where_old_pictures_cannot_be_deleted_the_new_one_is_taken_all_the_same(app, browser, monkeypatch, caplog):
    book = a_book()
    browser.login(a_reader())
    send(browser, book)
    monkeypatch.setattr(obstore, "delete", lambda *_: (_ for _ in ()).throw(PermissionError("read-only")))
    send(browser, book)
    assert len(covers()) == 1 and len(files()) == 6


def test_whoever_was_refused_reads_why(browser):
    ann = a_reader("ann")
    cover = a_cover(by=ann, shown=False, refused_at=now(), reason="It is of another edition.")
    book = db.session.get(Book, cover.book_id)
    page = browser.login(ann).get(address(book))
    assert "did not take your picture" in page.words and "It is of another edition." in page.words
    send(browser, book)
    assert "it waits for a look" in browser.get(address(book)).words


def test_of_several_sent_at_the_same_moment_one_waits(app):
    path, ann = address(a_book()), a_reader("ann")
    browsers = [Browser(app).login(ann) for _ in range(3)]
    forms = [hidden(browser.form(path)) for browser in browsers]

    def sent(browser, form):
        with app.app_context():
            data = form | {"picture": (BytesIO(a_picture()), "cover.png")}
            return browser.open("POST", path, data=data).status_code

    with ThreadPoolExecutor() as pool:
        assert list(pool.map(sent, browsers, forms)) == [303] * 3
    assert [cover.is_waiting for cover in covers()] == [True]


def test_an_unknown_book_has_no_cover(browser):
    browser.login(a_reader()).get("/books/999/cover", 404)
