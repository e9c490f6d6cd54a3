import pytest
import sqlalchemy as sa

from bookreviews.accounts.models import User
from bookreviews.accounts.names import key_of
from bookreviews.extensions import db, now
from bookreviews.reviews.models import Review
from tests.factories import a_book, a_reader, a_review

ADDRESS = "/settings/username"


def names():
    return set(db.session.scalars(sa.select(User.username)))


def test_the_new_name_stands_everywhere_at_once(browser):
    ann = a_reader("Ann")
    review, other = a_review(by=ann), a_review(a_book("Dune"), name="Ann")
    browser.log_in(ann)
    answer = browser.post(ADDRESS, username="Zoë")
    assert "Your name is changed" in browser.follow(answer).words
    assert "Zoë" in browser.get(f"/reviews/{review.id}").words
    browser.get("/readers/Zoë")
    browser.get("/readers/Ann", 404)
    db.session.expire_all()
    assert [one.name for one in (review, other)] == ["Zoë", "Ann"]


def test_a_review_that_is_open_in_another_tab_can_still_be_sent(browser):
    ann = a_reader("Ann")
    review = a_review(by=ann)
    browser.log_in(ann)
    browser.post(ADDRESS, username="Zoë")
    db.session.expire_all()
    assert review.version == 1


def test_the_old_name_is_free(browser):
    ann = a_reader("Ann")
    browser.log_in(ann)
    browser.post(ADDRESS, username="Zoe")
    a_reader("Ann", email="other@example.org")
    assert names() == {"Ann", "Zoe"}


@pytest.mark.parametrize("name", ["Bob", "b.o.b", "BOB", "B0b"])
def test_the_name_of_somebody_else_is_taken(browser, name):
    a_reader("Bob")
    browser.log_in(a_reader("Ann"))
    answer = browser.post(ADDRESS, 422, username=name)
    assert "is taken" in answer.words
    assert answer.page.find("input", id="username")["value"] == name
    assert names() == {"Ann", "Bob"}


@pytest.mark.parametrize("name", ["", "a", "a" * 31, "Ann Lee", "admin", "<b>", "Аnn"])
def test_a_name_that_cannot_be_had_comes_back_with_the_reason(browser, name):
    browser.log_in(a_reader("Ann"))
    answer = browser.post(ADDRESS, 422, username=name)
    assert answer.page.find("input", id="username").get("value", "") == name
    assert answer.page.select_one(".field-error")
    assert names() == {"Ann"}


def test_ones_own_name_can_be_spelt_anew(browser):
    browser.log_in(a_reader("ann-lee"))
    browser.post(ADDRESS, username="AnnLee")
    assert names() == {"AnnLee"}


def test_whoever_is_second_at_the_same_moment_is_told(app, browser):
    """Somebody takes the name between the look and the change."""
    browser.log_in(a_reader("Ann"))
    looked = []

    def overtake(_session, _context, _instances):
        if not looked:
            looked.append(True)
            with db.engine.begin() as apart:
                bob = {"email": "bob@example.org", "username": "Bob", "username_key": key_of("Bob"), "fs_uniquifier": "x"}
                apart.execute(sa.insert(User.__table__).values(bob | {"confirmed_at": now()}))

    sa.event.listen(db.session, "before_flush", overtake)
    try:
        answer = browser.post(ADDRESS, 422, username="Bob")
    finally:
        sa.event.remove(db.session, "before_flush", overtake)
    assert looked and "is taken" in answer.words
    assert names() == {"Ann", "Bob"}


def test_a_name_that_was_never_confirmed_is_free(browser):
    a_reader("Bob", confirmed_at=None)
    browser.log_in(a_reader("Ann"))
    browser.post(ADDRESS, username="Bob")
    assert names() == {"Bob"}


def test_nothing_but_the_name_is_changed(browser):
    ann = a_reader("Ann", email="ann@example.org")
    browser.log_in(ann)
    browser.post(ADDRESS, username="Zoe", email="eve@example.org", active="", password="x", id="7", roles="admin")
    db.session.expire_all()
    assert (ann.username, ann.email, ann.active, ann.roles) == ("Zoe", "ann@example.org", True, [])


def test_only_ones_own_reviews_change(browser):
    bob = a_reader("Bob")
    review = a_review(by=bob)
    browser.log_in(a_reader("Ann"))
    browser.post(ADDRESS, username="Zoe")
    assert db.session.scalar(sa.select(Review.name).where(Review.id == review.id)) == "Bob"
