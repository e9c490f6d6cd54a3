from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from bookreviews.accounts.models import Login, Passkey, User, user_role
from bookreviews.books.models import Book
from bookreviews.covers import storage
from bookreviews.covers.models import Cover
from bookreviews.drafts.models import Draft
from bookreviews.extensions import db, now
from bookreviews.mail.models import Message
from bookreviews.moderation.models import Case
from bookreviews.reviews import ratings
from bookreviews.reviews.models import Review, Version
from bookreviews.votes import counting
from bookreviews.votes.models import Vote
from tests.browser import Browser
from tests.factories import PASSWORD, a_book, a_cover, a_passkey, a_reader, a_review

ADDRESS = "/settings/close"


def number_of(model):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def a_busy_reader(name="Ann", **facts):
    """A reader with one of everything, and with votes on a review by somebody else."""
    ann = a_reader(name, **facts)
    dune, emma = a_book("Dune"), a_book("Emma")
    mine, gone = a_review(dune, 2, by=ann), a_review(emma, 2, by=ann, deleted_at=now())
    theirs = a_review(dune, 9, body="By another.")
    a_passkey(ann)
    db.session.add_all(
        [
            Version(review_id=mine.id, number=1, rating=3, written_at=now()),
            Version(review_id=gone.id, number=1, rating=3, written_at=now()),
            Draft(user_id=ann.id, book_id=emma.id),
            Vote(user_id=ann.id, review_id=theirs.id, helpful=True),
            Vote(user_id=a_reader().id, review_id=theirs.id, helpful=False),
            Vote(user_id=a_reader().id, review_id=mine.id, helpful=True),
            Message(user_id=ann.id, recipient=ann.email, subject="Hello", body="Hello"),
        ]
    )
    counting.tally_all([mine.id, theirs.id])
    db.session.commit()
    return ann


def nothing_is_miscounted():
    return list(ratings.differences()) == [] and list(counting.differences()) == []


def test_the_account_is_gone_and_with_it_whatever_was_its_own(browser):
    browser.log_in(a_busy_reader(roles=["moderator"]))
    answer = browser.post(ADDRESS, reviews="delete", password=PASSWORD)
    words = browser.follow(answer).words
    assert "Your account is closed" in words and "Log in" in words
    assert [number_of(model) for model in (Login, Passkey, Draft, Message, user_role)] == [0] * 5
    assert not db.session.scalar(sa.select(User).where(User.username == "Ann"))
    browser.get("/readers/Ann", 404)
    browser.get("/settings", 302)


def test_the_reviews_are_deleted_and_everything_is_counted_again(browser):
    browser.log_in(a_busy_reader())
    browser.post(ADDRESS, reviews="delete", password=PASSWORD)
    assert db.session.scalars(sa.select(Review.body)).all() == ["By another."]
    assert number_of(Version) == 0
    assert nothing_is_miscounted()
    dune = db.session.scalar(sa.select(Book).where(Book.title == "Dune"))
    assert (dune.ratings_count, dune.guests_count, dune.guests_sum, dune.reviews_count) == (0, 1, 9, 1)
    theirs = db.session.scalar(sa.select(Review))
    assert (theirs.helpful, theirs.unhelpful, theirs.version) == (0, 1, 1)


def test_the_reviews_can_stay_without_the_name(browser):
    browser.log_in(a_busy_reader())
    browser.post(ADDRESS, reviews="keep", password=PASSWORD)
    kept = db.session.scalars(sa.select(Review).order_by(Review.rating)).all()
    assert [(review.name, review.user_id, review.rating) for review in kept] == [
        ("A former reader", None, 2),
        ("Ann", None, 9),  # a guest of that name
    ]
    assert kept[0].guest is None and number_of(Version) == 1
    assert (kept[0].helpful, kept[1].helpful) == (1, 0)
    assert nothing_is_miscounted()
    book = db.session.get(Book, kept[0].book_id)
    assert (book.ratings_count, book.guests_count) == (0, 2), "or whoever comes back would count twice"
    assert "A former reader" in browser.get(f"/reviews/{kept[0].id}").words


def test_two_former_readers_can_have_reviewed_one_book(app, browser):
    book = a_book()
    for name in ("Ann", "Bob"):
        reader = a_reader(name)
        a_review(book, by=reader)
        Browser(app).log_in(reader).post(ADDRESS, reviews="keep", password=PASSWORD)
    assert browser.get(f"/books/{book.ref}").words.count("A former reader") >= 2


def test_the_name_and_the_address_are_free(browser):
    browser.log_in(a_reader("Ann", email="ann@example.org"))
    browser.post(ADDRESS, reviews="keep", password=PASSWORD)
    a_reader("Ann", email="ann@example.org")


def test_every_other_browser_is_logged_out(app, browser):
    ann = a_reader()
    other = Browser(app).log_in(ann)
    browser.log_in(ann)
    browser.post(ADDRESS, reviews="keep", password=PASSWORD)
    other.get("/settings", 302)


@pytest.mark.parametrize(
    "fields, reason",
    [
        ({"reviews": "delete", "password": "something else"}, "not the password of this account"),
        ({"reviews": "delete"}, "Please type a password"),
        ({"reviews": "delete", "password": ""}, "Please type a password"),
        ({"password": PASSWORD}, "Please choose what becomes of your reviews"),
        ({"reviews": "burn", "password": PASSWORD}, "Please choose what becomes of your reviews"),
    ],
)
def test_nothing_happens_before_it_is_sure(browser, fields, reason):
    ann = a_busy_reader()
    browser.log_in(ann)
    answer = browser.post(ADDRESS, 422, **fields)
    assert reason in answer.words and PASSWORD not in answer.text
    assert [button["value"] for button in answer.page.select("input[checked]")] == (
        ["delete"] if fields.get("reviews") == "delete" else []
    )
    assert number_of(Draft) == 1 and number_of(Review) == 3
    browser.get("/settings")


def test_the_last_admin_stays(browser):
    admin = a_reader("Ann", roles=["admin"])
    a_reader("Mod", roles=["moderator"])
    a_reader("Off", roles=["admin"], active=False)
    browser.log_in(admin)
    answer = browser.post(ADDRESS, 422, reviews="keep", password=PASSWORD)
    assert "You are the only admin" in answer.words
    a_reader("Bob", roles=["admin"])
    browser.post(ADDRESS, reviews="keep", password=PASSWORD)


def test_of_two_admins_who_leave_at_the_same_moment_one_stays(app):
    browsers = [Browser(app).log_in(a_reader(name, roles=["admin"])) for name in ("Ann", "Bob")]
    forms = [browser.form(ADDRESS).find(attrs={"name": "csrf_token"})["value"] for browser in browsers]

    def leave(browser, token):
        data = {"csrf_token": token, "reviews": "keep", "password": PASSWORD}
        return browser.client.post(ADDRESS, data=data).status_code

    with ThreadPoolExecutor(2) as threads:
        statuses = sorted(threads.map(leave, browsers, forms))
    assert statuses == [303, 422]
    assert number_of(User) == 1


def test_somebody_elses_account_stays(browser):
    bob = a_reader("Bob")
    browser.log_in(a_reader("Ann"))
    browser.post(ADDRESS, reviews="delete", password=PASSWORD, user_id=str(bob.id), id=str(bob.id), username="Bob")
    assert db.session.scalars(sa.select(User.username)).all() == ["Bob"]


@pytest.mark.parametrize("choice", ["delete", "keep"])
def test_the_number_of_queries_does_not_grow(app, queries, choice):
    def queries_of(reader):
        browser = Browser(app).log_in(reader)
        token = browser.form(ADDRESS).find(attrs={"name": "csrf_token"})["value"]
        with queries() as found:
            browser.send(ADDRESS, {"csrf_token": token, "reviews": choice, "password": PASSWORD})
        return len(found)

    ann, bob = a_busy_reader("Ann"), a_busy_reader("Bob")
    for number in range(30):
        a_review(a_book(f"Book {number}"), by=bob)
    assert queries_of(bob) == queries_of(ann)


def test_covers_that_are_shown_stay_without_the_name_and_the_others_go_with_their_files(browser):
    ann = a_busy_reader()
    dune, emma = db.session.scalars(sa.select(Book).order_by(Book.id))
    shown, refused, waiting = a_cover(dune, ann), a_cover(emma, ann, refused_at=now()), a_cover(emma, ann, shown=False)
    keys = shown.key, waiting.key, refused.key
    browser.log_in(ann).post(ADDRESS, reviews="keep", password=PASSWORD)
    (left,) = db.session.scalars(sa.select(Cover))
    assert (left.key, left.user_id, left.is_shown) == (keys[0], None, True)
    assert [bool(storage.found(key, 240)) for key in keys] == [True, False, False]
    assert not db.session.scalar(Case.open()), "there is nothing to look at"
