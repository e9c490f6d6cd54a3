"""Banning readers."""

import pytest
import sqlalchemy as sa

from bookreviews.accounts.models import Login, User
from bookreviews.extensions import db, now
from bookreviews.ledger.models import RatingChange
from bookreviews.reviews.forms import ReviewForm
from tests.browser import Browser
from tests.factories import PASSWORD, a_book, a_moderator, a_reader, a_review, a_vote

BAN = {"action": "ban", "rule": "spam", "reason": "Forty advertisements."}


@pytest.fixture
def mo(app):
    return Browser(app).login(a_moderator("mo"))


@pytest.fixture
def bob(app):
    return a_reader("bob")


def numbers(book):
    db.session.refresh(book)
    return book.ratings_count, book.ratings_sum, book.reviews_count


def test_what_a_banned_reader_wrote_and_voted_goes_and_comes_back(app, browser, mo, bob, cli):
    book, other = a_book("Dune"), a_review(a_book("Emma"))
    a_review(book, rating=1, by=bob, body="Buy my pills.")
    a_review(book, rating=9, by=a_reader())
    a_vote(other, by=bob)
    mo.post("/moderation/readers/bob", **BAN)
    assert numbers(book) == (1, 9, 1)
    assert "Buy my pills." not in browser.get(f"/books/{book.ref}").words
    assert "1 by banned readers" in browser.get(f"/books/{book.ref}").words
    assert "Its writer was banned" in browser.get("/reviews/2", 410).words
    assert "was banned by a moderator" in browser.get("/readers/bob", 410).words
    db.session.refresh(other)
    assert other.helpful == 0
    assert cli("ratings", "verify").output == "0 wrong.\n"
    mo.post("/moderation/readers/bob", action="unban", reason="They said sorry.")
    assert numbers(book) == (2, 10, 2)
    db.session.refresh(other)
    assert other.helpful == 1
    assert db.session.scalars(sa.select(RatingChange.cause).order_by(RatingChange.id)).all()[-2:] == ["banned", "unbanned"]
    assert cli("ratings", "verify").output == "0 wrong.\n"


def test_their_sessions_end_at_once(app, mo, bob):
    theirs = Browser(app).login(bob)
    assert "Log out" in theirs.get("/").words
    mo.post("/moderation/readers/bob", **BAN)
    assert "Log out" not in theirs.get("/").words
    assert db.session.scalar(sa.select(sa.func.count()).where(Login.user_id == bob.id)) == 0


def test_they_read_why_when_they_log_in_with_their_password(browser, mo, bob):
    mo.post("/moderation/readers/bob", **BAN)
    answer = browser.post("/login", 422, email="bob", password=PASSWORD)
    assert "You were banned on" in answer.words
    assert "Advertising: Forty advertisements." in answer.words
    assert "banned" not in browser.post("/login", 422, email="bob", password="something else").words


def test_nothing_is_written_by_whoever_was_banned_a_moment_ago(app, bob, monkeypatch):
    """The request began before the ban, and comes to write after it."""
    theirs = Browser(app).login(bob)
    book = a_book("Dune")
    form = theirs.form(f"/books/{book.ref}/review")
    token = {field["name"]: field["value"] for field in form.select("input[type=hidden]")}

    valid = ReviewForm.validate_on_submit

    def banned_meanwhile(form):
        db.session.execute(sa.update(User).where(User.id == bob.id).values(banned_at=now()))
        return valid(form)

    monkeypatch.setattr(ReviewForm, "validate_on_submit", banned_meanwhile)
    answer = theirs.send(f"/books/{book.ref}/review", token | {"rating": "9", "body": "Pills."}, 403)
    assert "Go back to find what you typed" in answer.words


@pytest.mark.parametrize(
    ("role", "whom", "may"),
    [
        ("moderator", "reader", True),
        ("moderator", "moderator", False),
        ("moderator", "admin", False),
        ("admin", "moderator", True),
        ("admin", "admin", False),
    ],
)
def test_who_may_ban_whom(app, role, whom, may):
    browser = Browser(app).login(a_moderator("mo", role=role))
    a_reader("bob", roles=[whom] if whom != "reader" else [])
    page = browser.get("/moderation/readers/bob")
    assert bool(page.page.find("button", value="ban")) == may
    token = browser.get("/appearance").page.main.find("input", {"name": "csrf_token"})["value"]
    browser.send("/moderation/readers/bob", BAN | {"csrf_token": token}, 303 if may else 422)
    assert (db.session.scalar(User.named("bob")).banned_at is not None) == may


def test_nobody_bans_themselves(mo):
    assert not mo.get("/moderation/readers/mo").page.find("button", value="ban")


def test_a_ban_needs_a_rule_and_a_reason(mo, bob):
    words = mo.post("/moderation/readers/bob", 422, action="ban").words
    assert "Please choose which rule was broken." in words
    assert "Please give a reason" in words


def test_the_log_names_nobody(browser, mo, bob):
    mo.post("/moderation/readers/bob", **BAN)
    words = browser.get("/decisions").words
    assert "Reader banned : advertising" in words
    assert "bob" not in words


def test_all_that_a_reader_wrote_is_there_however_it_stands(mo, bob):
    a_review(a_book("Dune"), by=bob, hidden_at=now())
    a_review(a_book("Emma"), by=bob)
    words = mo.get("/moderation/readers/bob").words
    assert "Dune" in words
    assert "Removed." in words
    assert "Emma" in words
