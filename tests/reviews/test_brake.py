"""The brake for review bombs."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bookreviews import background
from bookreviews.accounts.models import User
from bookreviews.extensions import db, now
from bookreviews.moderation.models import Case, Decision
from bookreviews.reviews.jobs import release_all
from bookreviews.reviews.models import Review
from tests.browser import Browser
from tests.factories import a_book, a_moderator, a_reader, a_review

LONG_AGO = now() - timedelta(days=400)


@pytest.fixture
def book(app):
    """A book that a few people, who rate others too, have rated over the last months."""
    book, other = a_book("Dune"), a_book("Emma")
    for number in range(4):
        reader = a_reader(password=None, created_at=LONG_AGO)
        a_review(book, rating=9, by=reader, created_at=now() - timedelta(days=20 * number + 2))
        a_review(other, by=reader, created_at=LONG_AGO)
    return book


def new_accounts(book, count, rating=1):
    """Ratings by accounts that were made a moment ago."""
    for _ in range(count):
        a_review(book, rating=rating, by=a_reader(password=None), body="")


def rate(app, book, rating=1, **facts):
    """A new reader, or another, rates a book by the form."""
    browser = Browser(app).login(a_reader(**facts))
    return browser.follow(browser.post(f"/books/{book.ref}/review", rating=rating))


def numbers(book):
    db.session.refresh(book)
    return book.ratings_count, book.ratings_sum


def waiting():
    return db.session.scalar(sa.select(sa.func.count()).where(Review.waits_until.is_not(None)))


def test_a_bomb_does_not_move_the_score(app, browser, book, cli):
    new_accounts(book, 9)
    rate(app, book)
    assert waiting() == 0  # ten may well be honest
    thanks = rate(app, book)
    assert "Many ratings of this book came within a short time" in thanks.words
    assert numbers(book) == (4, 36)  # those of the burst that came before wait as well
    words = browser.get(f"/books/{book.ref}").words
    assert "11 new ratings wait and are not in the score yet" in words
    assert "Not counted: 11 came in a burst and wait" in words
    assert "4.5" in words
    assert cli("ratings", "verify").output == "0 wrong.\n"


def test_what_waits_can_be_read_and_is_marked(app, browser, book):
    new_accounts(book, 10)
    rate(app, book)
    page = browser.get(f"/books/{book.ref}?sort=lowest").page
    assert len(page.select("article.review")) == 15
    assert sum("waits and is not in the score yet" in one.get_text() for one in page.select("article.review")) == 11


def test_it_stands_in_the_queue_and_in_the_log_once(app, browser, book):
    new_accounts(book, 10)
    for _ in range(3):
        rate(app, book)
    assert db.session.scalars(sa.select(Case.kind)).all() == ["burst"]
    words = browser.get("/decisions").words
    assert words.count("11 ratings within a day, where about 0.0 are usual") == 1
    assert "by the site, by a rule" in words
    assert "New ratings wait : not an honest rating" not in words, "nobody has looked yet"
    assert db.session.scalars(sa.select(Decision.rule)).all() == [None]


def test_an_honest_surge_is_not_braked(app, book):
    other = a_book("Persuasion")
    for _ in range(20):
        reader = a_reader(password=None, created_at=LONG_AGO)
        a_review(other, by=reader, created_at=LONG_AGO)
        a_review(book, rating=10, by=reader)
    rate(app, book, rating=10)
    assert waiting() == 0
    assert numbers(book)[0] == 25


def test_a_book_that_is_rated_much_every_day_has_more_room(app):
    book = a_book("Dune")
    for number in range(270):  # three a day: fifteen within a day are no burst
        moment = now() - timedelta(days=2 + number / 3)
        db.session.add(Review(book_id=book.id, user_id=None, guest=f"g{number}", name="x", rating=8, created_at=moment))
    db.session.flush()
    readers = [User(email=f"{n}@x", username=f"old{n}", created_at=LONG_AGO) for n in range(270)]
    db.session.add_all(readers)
    db.session.flush()
    for review, reader in zip(db.session.scalars(sa.select(Review).order_by(Review.id)).all(), readers, strict=True):
        review.user_id, review.guest = reader.id, None
    db.session.commit()
    new_accounts(book, 13)
    rate(app, book)
    assert waiting() == 0
    rate(app, book)
    rate(app, book)
    assert waiting() == 16


def test_ratings_of_guests_brake_nothing(app, browser, book):
    for _ in range(20):
        a_review(book, rating=1)
    rate(app, book)
    assert waiting() == 0


def test_the_thresholds_are_the_operators(app, book, monkeypatch):
    monkeypatch.setitem(app.config, "BRAKE_AT_LEAST", 2)
    new_accounts(book, 2)
    rate(app, book)
    assert waiting() == 3


def test_a_change_of_what_waits_goes_on_waiting(app, book):
    new_accounts(book, 10)
    browser = Browser(app).login(a_reader("ann"))
    browser.post(f"/books/{book.ref}/review", rating=1)
    browser.post(f"/books/{book.ref}/review", rating=10)
    assert numbers(book) == (4, 36)


def test_after_its_time_it_counts_without_anybody_doing_anything(app, browser, book, cli):
    new_accounts(book, 10)
    rate(app, book)
    db.session.execute(sa.update(Review).where(Review.waits_until.is_not(None)).values(waits_until=now()))
    db.session.commit()
    browser.get(f"/books/{book.ref}")
    background.finish()
    assert numbers(book) == (15, 47)
    assert "They have waited long enough" in browser.get(f"/books/{book.ref}/rating").words
    assert db.session.scalar(sa.select(Case.closed_at))
    assert cli("ratings", "verify").output == "0 wrong.\n"


def test_a_command_does_so_too(book, cli, app):
    new_accounts(book, 10)
    rate(app, book)
    assert cli("ratings", "release").output == "Ratings of 0 books count now.\n"
    db.session.execute(sa.update(Review).where(Review.waits_until.is_not(None)).values(waits_until=now()))
    db.session.commit()
    assert cli("ratings", "release").output == "Ratings of 1 book count now.\n"
    assert release_all() == 0


def test_what_a_moderator_found_honest_is_not_braked_again(app, book):
    new_accounts(book, 10)
    rate(app, book)
    mo = Browser(app).login(a_moderator())
    mo.post(mo.get("/moderation").page.select_one(".queue a")["href"], action="count", reason="It is in the news.")
    rate(app, book)
    assert waiting() == 0
    assert numbers(book)[0] == 16
    assert db.session.scalars(sa.select(Decision.action).order_by(Decision.id)).all() == ["brake", "count"]


def test_what_was_left_out_stays_out_and_new_ones_wait(app, book):
    new_accounts(book, 10)
    rate(app, book)
    mo = Browser(app).login(a_moderator())
    mo.post(mo.get("/moderation").page.select_one(".queue a")["href"], action="leave_out", reason="A campaign.")
    new_accounts(book, 10)
    rate(app, book)
    assert numbers(book) == (4, 36)
    assert waiting() == 11
