"""Drafts on the server: kept for the member alone, found again in the form, gone once they are published."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from bookreviews.drafts.models import Draft
from bookreviews.extensions import db
from bookreviews.reviews.models import Review
from tests.browser import Browser, hidden
from tests.factories import a_book, a_reader, a_review

WORDS = {"rating": "9", "title": "A fine book", "body": "Read it *twice*.", "language": "de"}


@pytest.fixture
def ann(app):
    return a_reader("ann")


@pytest.fixture
def book(app):
    return a_book("Dune")


@pytest.fixture
def browser(app, ann):
    """The browser of ann, who is logged in."""
    return Browser(app).login(ann)


def form_of(book):
    return f"/books/{book.ref}/review"


def save(browser, book, status=303, **words):
    """Press “Save draft” in the form as it is opened now."""
    return browser.send(f"/books/{book.ref}/draft", hidden(browser.form(form_of(book))) | words, status)


def drafts():
    return db.session.scalars(sa.select(Draft)).all()


def field(answer, name):
    found = answer.page.select_one(f"main [name={name}]")
    return found.get_text().strip() if found.name == "textarea" else found["value"]


def again(answer):
    """The hidden fields of the review form of an answer."""
    return hidden(answer.page.find("form", id="review-form"))


def test_the_form_has_a_plain_button_for_it_and_says_what_was_done(browser, book):
    button = browser.form(form_of(book)).find("button", string="Save draft")
    assert button["formaction"] == f"/books/{book.ref}/draft"
    form = browser.follow(save(browser, book, **WORDS))
    assert "Your draft is saved. Nobody else sees it." in form.words
    assert "This is your draft of" in form.words
    assert (field(form, "title"), field(form, "body")) == (WORDS["title"], WORDS["body"])


def test_guests_have_no_such_button(app, book):
    form = Browser(app).form(form_of(book))
    assert not form.find("button", string="Save draft")
    assert "data-save" not in form.attrs


def test_any_device_of_the_member_finds_it_in_the_form(app, browser, ann, book):
    save(browser, book, **WORDS, spoilers="y", source="free", knows_author="y", stopped_at="120")
    form = Browser(app).login(ann).get(form_of(book))
    assert form.page.select_one("[name=rating][checked]")["value"] == "9"
    assert form.page.select_one("[name=language] option[selected]")["value"] == "de"
    assert form.page.select_one("[name=source] option[selected]")["value"] == "free"
    assert all(form.page.select_one(f"[name={name}]").has_attr("checked") for name in ("spoilers", "knows_author"))
    assert field(form, "stopped_at") == "120"
    assert "published review" not in form.words


@pytest.mark.parametrize("words", [{"body": "Only words."}, {"rating": "3"}, {"title": "Only a title"}, {"stopped_at": "7"}])
def test_it_may_be_incomplete(browser, book, words):
    save(browser, book, **words)
    assert len(drafts()) == 1


@pytest.mark.parametrize("words", [{}, {"language": "de"}, {"body": " \n "}, {"title": "\0"}, {"rating": ""}])
def test_of_nothing_none_is_made(browser, book, words):
    answer = browser.follow(save(browser, book, **words))
    assert "nothing new here" in answer.words
    assert drafts() == []


def test_one_that_was_emptied_is_gone(browser, book):
    save(browser, book, **WORDS)
    save(browser, book, rating="", title="", body="")
    assert drafts() == []


def test_what_is_too_long_for_a_review_is_kept_whole(browser, book):
    body = "w" * 150_000
    save(browser, book, body=body, title="t" * 1_000)
    assert (len(drafts()[0].body), len(drafts()[0].title)) == (150_000, 1_000)


@pytest.mark.parametrize(
    "words, sentence",
    [
        ({"body": "w" * 200_001}, "A draft has at most 200,000 characters; this one has 200,012."),
        ({"body": "w" * 150_000, "title": "t" * 60_000}, "A draft has at most 200,000 characters"),
        ({"rating": "11"}, "Please choose a rating"),
        ({"language": "klingon!"}, "Please choose a language of the list."),
        ({"source": "stolen"}, "Please choose one of the list."),
    ],
)
def test_what_cannot_be_kept_comes_back_with_the_reason(browser, book, words, sentence):
    answer = save(browser, book, 422, **WORDS | words)
    assert sentence in answer.page.find(role="alert").get_text()
    for name in ("title", "body"):
        assert field(answer, name) == (WORDS | words)[name]
    assert drafts() == []


@pytest.mark.parametrize("page", ["abc", "12.5", "-3", "page 12", "120"])
def test_whatever_was_typed_for_a_page_is_kept(browser, book, page):
    form = browser.follow(save(browser, book, **WORDS, stopped_at=page))
    assert field(form, "stopped_at") == page
    save(browser, book, **WORDS, stopped_at=page)
    assert drafts()[0].stopped_at == page
    status = 303 if page == "120" else 422
    answer = browser.send(form_of(book), hidden(browser.form(form_of(book))) | WORDS | {"stopped_at": page}, status)
    assert ("A page is a number" in answer.text) == (status == 422)
    assert len(drafts()) == (status == 422)


def test_nobody_else_sees_it(app, browser, book):
    save(browser, book, **WORDS)
    for other in (Browser(app), Browser(app).login(a_reader("bob"))):
        for page in (form_of(book), f"/books/{book.ref}", "/", "/search?q=fine", "/readers/ann", "/books"):
            assert "Read it" not in other.get(page).text, page
        assert other.checked(other.open("GET", f"/books/{book.ref}/draft"), 405)


def test_the_form_that_shows_it_is_kept_by_nobody_but_the_browser(browser, book):
    save(browser, book, **WORDS)
    cache = browser.get(form_of(book)).headers["Cache-Control"]
    assert "private" in cache and "no-store" not in cache


def test_publishing_it_ends_it(browser, book):
    save(browser, book, **WORDS)
    browser.post(form_of(book), **WORDS)
    assert drafts() == []
    assert db.session.scalar(sa.select(Review)).body == WORDS["body"]
    assert "This is your draft" not in browser.get(form_of(book)).words


def test_publishing_it_changed_ends_it_too(browser, book):
    save(browser, book, **WORDS)
    browser.post(form_of(book), **WORDS | {"body": "Changed at the last moment."})
    assert drafts() == []


def test_what_was_refused_stays_a_draft(browser, book):
    save(browser, book, **WORDS)
    browser.post(form_of(book), 422, **WORDS | {"body": ""})
    assert len(drafts()) == 1


def test_the_published_review_stands_until_it_is_submitted(app, browser, ann, book):
    a_review(book, by=ann, body="Published words.")
    form = browser.follow(save(browser, book, **WORDS))
    assert "Your published review stands as it is until you submit." in form.words
    assert field(form, "body") == WORDS["body"]
    assert "Published words." in Browser(app).get(f"/books/{book.ref}").words
    browser.post(form_of(book), **WORDS)
    assert "Published words." not in Browser(app).get(f"/books/{book.ref}").words


def test_what_says_what_is_published_is_no_draft(browser, book):
    browser.post(form_of(book), **WORDS)
    save(browser, book, **WORDS | {"body": "Other."})
    assert len(drafts()) == 1
    save(browser, book, **WORDS)
    assert drafts() == []


def test_one_begun_from_an_older_review_is_no_silent_overwrite(app, browser, ann, book):
    a_review(book, by=ann, body="Published words.")
    save(browser, book, **WORDS)
    phone = Browser(app).login(ann)
    sent = hidden(phone.form(form_of(book))) | WORDS | {"body": "Newer published words.", "draft": ""}
    phone.send(form_of(book), sent)
    assert [draft.body for draft in drafts()] == [WORDS["body"]]  # it was not what the telephone showed
    form = browser.get(form_of(book))
    assert "You changed it since this draft was begun" in form.words
    answer = browser.send(form_of(book), again(form) | WORDS, 409)
    assert "Newer published words." in answer.page.find(role="alert").get_text()
    assert field(answer, "body") == WORDS["body"]
    browser.send(form_of(book), again(answer) | WORDS)
    assert db.session.scalar(sa.select(Review)).body == WORDS["body"]
    assert drafts() == []


def test_two_devices_on_one_draft_lose_nothing(app, browser, ann, book):
    save(browser, book, **WORDS)
    phone = Browser(app).login(ann)
    on_phone, on_desk = (hidden(device.form(form_of(book))) for device in (phone, browser))
    phone.send(f"/books/{book.ref}/draft", on_phone | WORDS | {"body": "Typed on the phone."})
    answer = browser.send(f"/books/{book.ref}/draft", on_desk | WORDS | {"body": "Typed at the desk."}, 409)
    saved, typed = answer.page.select(".sides > div")
    assert saved.h3.get_text() == "What is saved now" and "Typed on the phone." in saved.get_text()
    assert typed.h3.get_text() == "What you typed" and "Typed at the desk." in typed.get_text()
    assert field(answer, "body") == "Typed at the desk."
    assert "data-save" not in answer.page.find("form", id="review-form").attrs  # scripts wait until it is decided
    assert drafts()[0].body == "Typed on the phone."

    mine = answer.page.find("button", string="Save mine instead")
    browser.send(mine["formaction"], again(answer) | WORDS | {"body": "Typed at the desk."})
    assert drafts()[0].body == "Typed at the desk."


def test_the_other_device_can_be_given_way(app, browser, ann, book):
    stale = hidden(browser.form(form_of(book)))
    save(browser, book, body="Typed on the phone.")
    answer = browser.send(f"/books/{book.ref}/draft", stale | {"body": "Typed at the desk."}, 409)
    kept = browser.get(answer.page.find("a", string="Keep what is saved")["href"])
    assert field(kept, "body") == "Typed on the phone."


def test_one_that_was_published_elsewhere_says_so_and_loses_nothing(browser, book):
    save(browser, book, **WORDS)
    stale = hidden(browser.form(form_of(book)))
    browser.post(form_of(book), **WORDS)
    answer = browser.send(f"/books/{book.ref}/draft", stale | WORDS | {"body": "More."}, 409)
    assert "published or thrown away" in answer.page.find(role="alert").get_text()
    browser.send(f"/books/{book.ref}/draft", again(answer) | WORDS | {"body": "More."})
    assert drafts()[0].body == "More."


def test_the_same_words_twice_are_no_conflict(browser, book):
    data = hidden(browser.form(form_of(book))) | WORDS
    for _ in range(2):
        browser.send(f"/books/{book.ref}/draft", data)
    assert [draft.version for draft in drafts()] == [1]


def test_a_double_click_makes_one_draft(app, browser, book):
    data = hidden(browser.form(form_of(book))) | WORDS
    address, cookie = f"/books/{book.ref}/draft", browser.client.get_cookie("session").value
    db.session.rollback()

    def click(_):
        client = app.test_client()
        client.set_cookie("session", cookie)
        return client.post(address, data=data).status_code

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(click, range(8))) == [303] * 8
    assert len(drafts()) == 1


def test_a_script_is_answered_quietly_with_what_the_draft_is_called_now(browser, book):
    data = hidden(browser.form(form_of(book))) | {"quietly": "yes"}
    for body in ("Worms.", "Worms everywhere."):
        answer = browser.send(f"/books/{book.ref}/draft", data | {"body": body}, 204)
        assert answer.data == b""
        data["draft"] = answer.headers["Draft"]
    assert drafts()[0].body == "Worms everywhere."
    assert "Your draft is saved" not in browser.get("/").words
    browser.send(f"/books/{book.ref}/draft", data | {"body": "Stale.", "draft": ""}, 409)
    assert browser.send(f"/books/{book.ref}/draft", data | {"body": ""}, 204).headers["Draft"] == ""


def test_an_expired_token_loses_no_word(browser, book):
    data = hidden(browser.form(form_of(book))) | WORDS | {"csrf_token": "old"}
    answer = browser.send(f"/books/{book.ref}/draft", data, 422)
    assert "This form had expired" in answer.words
    assert field(answer, "body") == WORDS["body"]
    browser.send(f"/books/{book.ref}/draft", again(answer) | WORDS)
    assert len(drafts()) == 1


def test_a_script_learns_that_one_was_logged_out(app, browser, book):
    data = hidden(browser.form(form_of(book))) | WORDS | {"quietly": "yes"}
    assert Browser(app).send(f"/books/{book.ref}/draft", data, 422).text == "You have been logged out."
    answer = browser.send(f"/books/{book.ref}/draft", data | {"csrf_token": "old"}, 422)
    assert (answer.text, answer.mimetype) == ("This draft could not be saved.", "text/plain")


def test_a_guest_is_told_that_drafts_are_for_members_and_keeps_every_word(app, book):
    guest = Browser(app)
    answer = save(guest, book, 422, **WORDS)
    assert "Drafts are kept for members" in answer.words
    assert field(answer, "body") == WORDS["body"]
    assert drafts() == []


@pytest.mark.parametrize("path", ["/books/999/draft", "/books/99999999999999/draft"])
def test_an_unknown_book_takes_no_draft(browser, path):
    browser.send(path, WORDS, 404)


def test_each_book_and_each_member_has_their_own(app, browser, book):
    save(browser, book, body="On Dune.")
    emma = a_book("Emma")
    assert field(browser.get(form_of(emma)), "body") == ""
    bob = Browser(app).login(a_reader("bob"))
    save(bob, book, body="Bob on Dune.")
    assert {draft.body for draft in drafts()} == {"On Dune.", "Bob on Dune."}


@pytest.mark.parametrize("body", ["[1, 2]", "null", "{", '{"body": {}}'])
def test_json_is_no_draft(browser, book, body):
    answer = browser.open("POST", f"/books/{book.ref}/draft", data=body, content_type="application/json")
    browser.checked(answer, 422)
