"""What guests may do, as GUEST_REVIEWS says."""

import pytest
import sqlalchemy as sa

from bookreviews.extensions import db
from bookreviews.reviews.models import Review
from tests.browser import Browser, hidden
from tests.factories import a_book, a_reader, a_review

WORDS = {"rating": "9", "title": "A fine book", "body": "Read it.", "name": "Ann"}


@pytest.fixture
def guests(app, monkeypatch):
    return lambda value: monkeypatch.setitem(app.config, "GUEST_REVIEWS", value)


@pytest.fixture
def book(app):
    return a_book("Dune", isbns=["9780441172719"])


def address(book):
    return f"/books/{book.ref}/review"


def reviews():
    return db.session.scalars(sa.select(Review).order_by(Review.id)).all()


def held(browser, guests, book):
    guests("held")
    browser.post(address(book), **WORDS)
    return reviews()[0]


# open


def test_a_guest_is_told_how_a_rating_comes_to_count(browser, book):
    browser.post(address(book), **WORDS)
    thanks = browser.get(f"/reviews/{reviews()[0].id}/thanks")
    assert "A book’s score is made of its members’ ratings." in thanks.words
    assert thanks.page.main.find("a", string="Register")["href"].startswith("/register?next=")


# off


def test_a_form_from_before_asks_no_guest_for_a_name(browser, guests, book):
    form = hidden(browser.form(address(book)))
    guests("off")
    answer = browser.send(address(book), form | WORDS, 422)
    assert not answer.page.find("input", {"name": "name"})
    assert WORDS["body"] in answer.page.select_one("[name=body]").get_text()


def test_where_only_members_write_a_guest_is_led_to_log_in_and_back_to_the_form(browser, guests, book):
    guests("off")
    answer = browser.get(address(book), 302)
    login = browser.follow(answer)
    assert login.page.h1.get_text() == "Log in"
    assert "Reviews are written by members here" in login.words
    ann = a_reader("ann")
    form = login.page.main.find("form", method="post")
    answer = browser.send("/login", hidden(form) | {"email": ann.email, "password": "of mice and moonlight"})
    assert browser.follow(answer).page.h1.get_text() == "Write a review"


def test_a_guest_whose_form_was_open_loses_no_word_and_publishes_after_logging_in(browser, guests, book):
    sent = hidden(browser.form(address(book))) | WORDS
    guests("off")
    answer = browser.send(address(book), sent, 422)
    assert "Reviews are written by members here" in answer.page.find(role="alert").get_text()
    assert [link["href"] for link in answer.page.select("[role=alert] a[target=_blank]")] == ["/login", "/register"]
    assert answer.page.select_one("[name=body]").get_text().strip() == WORDS["body"]
    again = hidden(answer.page.find("form", id="review-form")) | WORDS
    answer = browser.send(address(book), again, 422)  # it is no more taken for being sent twice
    assert reviews() == []

    again = hidden(answer.page.find("form", id="review-form")) | WORDS
    browser.login(a_reader("ann"))
    answer = browser.send(address(book), again, 422)
    assert "logged in as ann now" in answer.words
    browser.send(address(book), hidden(answer.page.find("form", id="review-form")) | WORDS)
    assert [review.name for review in reviews()] == ["ann"]


def test_what_a_guest_wrote_before_can_be_deleted_but_not_changed(browser, guests, book):
    browser.post(address(book), **WORDS)
    sent = hidden(browser.form(address(book))) | WORDS | {"body": "Other."}
    guests("off")
    told = browser.follow(browser.get(address(book), 302))
    browser.send(address(book), sent, 422)
    assert reviews()[0].body == "Read it."
    link = told.page.find("a", string="delete it")["href"]
    browser.post(link)
    assert "Read it." not in browser.get(f"/books/{book.ref}").words


def test_members_write_as_ever(browser, guests, book):
    guests("off")
    browser.login(a_reader("ann"))
    browser.post(address(book), **WORDS)
    assert "Read it." in browser.get(f"/books/{book.ref}").words


# held


def test_what_waits_counts_nowhere_and_is_shown_to_nobody_else(app, browser, guests, book):
    review = held(browser, guests, book)
    stranger = Browser(app)
    for page in ("/", "/books", f"/books/{book.ref}", "/search?q=dune", "/sitemap.xml"):
        assert "Read it." not in stranger.get(page).text, page
    assert "4.5" not in stranger.get(f"/books/{book.ref}").words
    facts = stranger.get("/api/9780441172719").json
    assert (facts["review_count"], facts["average_score"]) == (0, None)
    for page in ("", "/changes", "/thanks"):
        stranger.get(f"/reviews/{review.id}{page}", 404)
    db.session.refresh(book)
    assert (book.ratings_count, book.guests_count, book.guests_sum, book.reviews_count) == (0, 0, 0, 0)


def test_the_form_says_beforehand_that_it_waits(browser, cli, guests, book):
    guests("held")
    assert "published when one of us has looked at them. Until then" in browser.get(address(book)).words
    browser.post(address(book), **WORDS)
    cli("reviews", "publish", 1)
    assert "looked at them, and again after each change." in browser.get(address(book)).words
    guests("open")
    assert "looked at" not in browser.get(address(book)).words


def test_its_writer_can_read_it(browser, guests, book):
    review = held(browser, guests, book)
    words = browser.get(f"/reviews/{review.id}").words
    assert "Read it." in words and "Nobody else sees it yet" in words


def test_its_writer_is_thanked_and_can_change_delete_and_bring_it_back(browser, guests, book):
    review = held(browser, guests, book)
    assert browser.get(f"/reviews/{review.id}/thanks").page.h1.get_text() == "Thank you for your review"
    browser.post(address(book), **WORDS | {"body": "Changed."})
    assert reviews()[0].body == "Changed."
    browser.post(f"{address(book)}/delete")
    gone = browser.get(f"{address(book)}/delete")
    form = gone.page.main.find("form", method="post")
    back = browser.follow(browser.send(form["action"], hidden(form)))
    assert "Changed." in back.words
    assert reviews()[0].held_at


def test_a_change_of_what_stands_waits_too(app, browser, guests, book):
    browser.post(address(book), **WORDS)
    guests("held")
    browser.post(address(book), **WORDS | {"body": "Changed."})
    answer = Browser(app).get(f"/books/{book.ref}")
    assert "Changed." not in answer.words and "Read it." not in answer.words
    db.session.refresh(book)
    assert book.guests_count == 0


def test_members_do_not_wait(app, browser, guests, book):
    guests("held")
    browser.login(a_reader("ann"))
    browser.post(address(book), **WORDS)
    assert "Read it." in Browser(app).get(f"/books/{book.ref}").words


def test_a_conflict_over_what_waits_leads_to_what_waits(browser, guests, book):
    guests("held")
    old_tab = hidden(browser.form(address(book)))
    browser.post(address(book), **WORDS)
    answer = browser.send(address(book), old_tab | WORDS | {"body": "Other."}, 409)
    assert "Read it." in browser.get(answer.page.find("a", string="Keep what stands")["href"]).words


# the commands


def test_held_lists_what_waits(cli, guests, book):
    a_review(book, body="Visible.")
    waits = a_review(book, 7, body="Sand >!and worms!< all over.", title="Dry", name="Bob", held_at=a_review(book).created_at)
    result = cli("reviews", "held")
    assert result.exit_code == 0
    assert f"{waits.id}  3½ stars  Dune, by Bob: Dry Sand [spoiler] all over.\n1 waits." in result.output
    assert "Visible" not in result.output


def test_publish_lets_everybody_read_and_counts(app, cli, browser, guests, book):
    review = held(browser, guests, book)
    result = cli("reviews", "publish", review.id)
    assert result.output == f"{review.id} published.\n"
    assert "Read it." in Browser(app).get(f"/books/{book.ref}").words
    db.session.refresh(book)
    assert (book.ratings_count, book.guests_count, book.guests_sum, book.reviews_count) == (0, 1, 9, 1)
    assert cli("ratings", "verify").exit_code == 0


def test_refuse_removes(app, cli, browser, guests, book):
    review = held(browser, guests, book)
    assert cli("reviews", "refuse", review.id).output == f"{review.id} refused.\n"
    assert cli("reviews", "held").output == "0 wait.\n"
    assert "Read it." not in Browser(app).get(f"/books/{book.ref}").words
    db.session.refresh(review)
    assert review.hidden_at


def test_what_does_not_wait_is_said_and_the_others_are_done(cli, guests, book):
    stands, waits = a_review(book), a_review(book, held_at=a_review(book).created_at)
    result = cli("reviews", "refuse", stands.id, 999, waits.id)
    assert result.exit_code == 1
    assert f"{stands.id}: no such review waits." in result.output
    assert "999: no such review waits." in result.output
    assert f"{waits.id} refused." in result.output
    db.session.refresh(stands)
    assert not stands.deleted
