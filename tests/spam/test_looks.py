"""The rules look at what is written; they refuse nothing, and people decide."""

import pytest
import sqlalchemy as sa

from bookreviews.extensions import db
from bookreviews.moderation.models import Case, Flag
from bookreviews.reviews.models import Review
from bookreviews.spam import traps
from tests.browser import Browser, hidden
from tests.factories import PASSWORD, a_book, a_reader, a_review

HONEST = (
    "I stayed up until three with this one, and the kettle boiled dry twice. The lighthouse keeper is drawn so plainly that "
    "one forgets how little he says, and the sea does the rest of the talking, as it should."
)
SPAM = {"rating": "10", "body": "Cheaper at http://shop.example", "name": "Ann"}


def address(book):
    return f"/books/{book.ref}/review"


def flags():
    """The rules that have noticed something, in the order they did."""
    db.session.expire_all()
    return db.session.scalars(sa.select(Flag.rule).order_by(Flag.id)).all()


def review(number=1):
    return db.session.get(Review, number, populate_existing=True)


@pytest.fixture
def ann(browser):
    """A member who is logged in."""
    ann = a_reader("ann")
    browser.login(ann)
    return ann


def test_a_suspicious_review_of_a_guest_is_taken_and_waits_for_a_look(app, browser):
    book = a_book()
    thanks = browser.follow(browser.post(address(book), **SPAM))
    assert thanks.page.h1.get_text() == "Thank you for your review"
    assert "It waits for a look by the site’s moderators." in thanks.words
    assert "The rules against advertising noticed something. They can be wrong" in thanks.words
    assert "Cheaper" in browser.get("/reviews/1").words and "so a person decides" in browser.get("/reviews/1").words
    assert "Cheaper" not in Browser(app).get(f"/books/{book.ref}").words
    assert flags() == ["links"]
    db.session.refresh(book)
    assert (book.guests_count, book.reviews_count) == (0, 0)


def test_a_members_first_review_waits_too(browser, ann):
    book = a_book()
    browser.post(address(book), **SPAM)
    assert review().held_at and flags() == ["links"]
    db.session.refresh(book)
    assert book.ratings_count == 0


def test_who_has_written_before_is_read_at_once_and_looked_at_all_the_same(browser, ann):
    a_review(by=ann, body=HONEST)
    book = a_book("Emma")
    thanks = browser.follow(browser.post(address(book), **SPAM))
    assert "for everybody to read" in thanks.words
    assert review(2).held_at is None and flags() == ["links"]
    assert db.session.scalar(sa.select(Case)).review_id == 2


def test_what_waits_is_no_history(browser, ann):
    browser.post(address(a_book()), **SPAM)
    browser.post(address(a_book("Emma")), **SPAM)
    assert review(2).held_at


def test_an_honest_review_meets_no_moderator(browser):
    browser.post(address(a_book()), rating="8", body=HONEST, name="Ann")
    assert review().held_at is None and flags() == []


def test_what_was_looked_at_is_not_looked_at_again_when_only_the_name_or_the_rating_changes(browser):
    book = a_book()
    browser.post(address(book), **SPAM)
    review().held_at = None
    db.session.scalar(sa.select(Case)).close()
    db.session.commit()
    browser.post(address(book), **SPAM | {"name": "Anna"})
    browser.post(address(book), **SPAM | {"name": "Anna", "rating": "9"})
    assert review().held_at is None and flags() == ["links"]
    browser.post(address(book), **SPAM | {"body": SPAM["body"] + " and www.shop.example"})
    assert review().held_at and flags() == ["links", "links"]


def test_a_name_can_be_an_advertisement_too(browser):
    browser.post(address(a_book()), rating="10", name="www.shop.example")
    assert flags() == ["links"]


def test_becoming_a_member_is_no_way_around_the_look(app, browser):
    browser.post(address(a_book()), **SPAM)
    browser.login(a_reader("ann"))
    assert review().user_id and review().held_at


def test_a_guest_who_only_waited_for_being_a_guest_waits_no_more_as_a_member(app, browser, monkeypatch):
    monkeypatch.setitem(app.config, "GUEST_REVIEWS", "held")
    browser.post(address(a_book()), rating="8", body=HONEST, name="Ann")
    assert review().held_at
    browser.login(a_reader("ann"))
    assert review().held_at is None


# The same words again


def test_words_that_stand_already_are_noticed_whoever_sends_them(app, browser):
    for number, title in enumerate(["Dune", "Emma", "Persuasion"]):
        words = HONEST.replace("kettle", ("kettle", "pot", "pan")[number])
        Browser(app).post(address(a_book(title)), rating="8", body=words, name=f"Ann{number}")
    assert [review(number).held_at is not None for number in (1, 2, 3)] == [False, True, True]
    words = db.session.scalars(sa.select(Flag.words).order_by(Flag.id)).all()
    assert words[0].startswith("1 other review says nearly the same; the likest by ")
    assert words[1].startswith("2 other reviews say nearly the same; the likest by ")


def test_words_that_were_looked_at_are_no_news_under_another_name(app, browser):
    Browser(app).post(address(a_book()), rating="8", body=HONEST, name="Ann")
    book = a_book("Emma")
    browser.post(address(book), rating="8", body=HONEST, name="Bob")
    review(2).held_at = None
    db.session.scalar(sa.select(Case)).close()
    db.session.commit()
    browser.post(address(book), rating="8", body=HONEST, name="Bobby")
    assert review(2).held_at is None and flags() == ["repeated"]


def test_one_sentence_may_be_written_by_anybody(app):
    for number in (1, 2):
        Browser(app).post(address(a_book()), rating="8", body="Great book! Could not put it down.", name=f"Ann{number}")
    assert flags() == []


def test_words_that_were_changed_are_compared_as_they_are_now(app, browser):
    book = a_book()
    browser.post(address(book), rating="8", body=HONEST, name="Ann")
    browser.post(address(book), rating="8", body="Other words.", name="Ann")
    Browser(app).post(address(a_book("Emma")), rating="8", body=HONEST, name="Bob")
    assert flags() == []


# The way it was sent


def sent(browser, book, **words):
    """Send the form with more than people see."""
    browser.send(address(book), hidden(browser.form(address(book))) | {"rating": "8", "name": "Ann"} | words)
    return flags()


def test_a_field_that_nobody_sees_is_noticed_when_it_is_filled_in(browser):
    assert sent(browser, a_book(), body="Fine.", website="http://shop.example") == ["filled"]
    assert review().held_at


def test_a_text_that_comes_in_no_time_is_noticed(app, browser, monkeypatch):
    monkeypatch.setitem(app.config, "SPAM_SECONDS", 60)
    assert sent(browser, a_book(), body="Fine.") == ["quick"]


@pytest.mark.parametrize("stamp", ["", "made up", "shown.YWJj.YWJj", "é\x00"])
def test_a_moment_that_somebody_made_up_counts_as_now(app, browser, monkeypatch, stamp):
    monkeypatch.setitem(app.config, "SPAM_SECONDS", 60)
    assert sent(browser, a_book(), body="Fine.", shown=stamp) == ["quick"]


def test_a_rating_alone_is_given_in_a_moment(app, browser, monkeypatch):
    monkeypatch.setitem(app.config, "SPAM_SECONDS", 60)
    assert sent(browser, a_book(), body="") == []


def test_the_time_counts_from_when_the_form_was_first_shown(app, browser, monkeypatch):
    form = hidden(browser.form(address(a_book())))
    again = browser.send("/books/1/review", form | {"rating": "", "body": "Fine.", "name": "Ann"}, 422)
    assert hidden(again.page.find(id="review-form"))["shown"] == form["shown"]


def test_a_form_shown_before_the_sites_key_changed_is_known(app, monkeypatch):
    stamp = traps.signer().sign("shown").decode()
    monkeypatch.setitem(app.config, "SECRET_KEY", "another")
    assert traps.age_of(stamp) is None
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", ["test"])
    assert traps.age_of(stamp) >= 0


def test_nobody_stumbles_over_the_field_by_keyboard_or_by_ear(browser):
    field = browser.get(address(a_book())).page.find("input", {"name": "website"})
    assert (field["tabindex"], field["autocomplete"], field["value"]) == ("-1", "off", "")
    assert field.find_parent(attrs={"aria-hidden": "true"}).label.get_text() == "Leave this empty"


# The operator's question


@pytest.fixture
def asked(app, monkeypatch):
    monkeypatch.setitem(app.config, "SPAM_QUESTION", "Who wrote Emma?")
    monkeypatch.setitem(app.config, "SPAM_ANSWERS", ["Austen", "Jane Austen"])


def test_a_guest_answers_the_operators_question_and_loses_nothing_with_a_wrong_answer(browser, asked):
    words = {"rating": "8", "body": "Fine.", "name": "Ann"}
    answer = browser.post(address(a_book()), 422, **words, answer="Dickens")
    assert "That is not the answer." in answer.page.find(role="alert").get_text()
    assert answer.page.find("label", {"for": "answer"}).get_text() == "Who wrote Emma?"
    assert answer.page.find("textarea", {"name": "body"}).get_text().strip() == "Fine."
    browser.post("/books/1/review", **words, answer=" jane  AUSTEN. ")
    assert review().body == "Fine."


def test_members_are_not_asked(browser, ann, asked):
    assert "Who wrote Emma?" not in browser.get(address(a_book())).words
    browser.post("/books/1/review", rating="8", body="Fine.")
    assert review().body == "Fine."


def test_a_draft_needs_no_answer(app, browser, ann, asked):
    form = hidden(browser.form(address(a_book())))
    browser.send("/books/1/draft", form | {"body": "Not yet."})
    assert "Not yet." in browser.get("/books/1/review").text


# Registering


ANN = {"email": "ann@example.org", "username": "ann", "password": PASSWORD}


def registered(browser):
    return "Log out" in browser.open("POST", "/login", data=hidden(browser.form("/login")) | ANN).text


@pytest.mark.parametrize("address", ["ann@example.org", "known@example.org"])
def test_a_registration_in_no_time_comes_back_once_and_is_taken_when_it_is_sent_again(app, browser, monkeypatch, address):
    a_reader("known")
    monkeypatch.setitem(app.config, "SPAM_SECONDS", 60)
    fields = ANN | {"email": address}
    answer = browser.post("/register", 422, **fields)
    assert "Please send it once more" in answer.page.find(role="alert").get_text()
    assert [answer.page.find("input", {"name": name})["value"] for name in ("email", "username")] == [address, "ann"]
    monkeypatch.setitem(app.config, "SPAM_SECONDS", 0)
    browser.send("/register", hidden(answer.page.main.form) | fields)


def test_a_registration_with_everything_filled_in_comes_back_with_that_field_empty(browser):
    answer = browser.post("/register", 422, **ANN, website="http://shop.example")
    assert "Please send it once more" in answer.words
    assert answer.page.find("input", {"name": "website"})["value"] == ""
    browser.send("/register", hidden(answer.page.main.form) | ANN)


def test_who_registers_answers_the_operators_question(browser, asked):
    assert "That is not the answer." in browser.post("/register", 422, **ANN).words
    browser.post("/register", **ANN, answer="austen")
