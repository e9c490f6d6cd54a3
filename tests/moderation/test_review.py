"""Deciding on a review."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bookreviews.accounts.models import User
from bookreviews.extensions import db, now
from bookreviews.ledger.models import RatingChange
from bookreviews.moderation import deciding
from bookreviews.moderation.models import Case, Decision, Flag
from bookreviews.reports.models import Report
from bookreviews.reviews.models import Review
from bookreviews.reviews.ratings import tally
from tests.browser import Browser, hidden
from tests.factories import a_book, a_case, a_moderator, a_reader, a_review

HIDE = {"action": "hide", "rule": "spam", "reason": "It sells pills."}


@pytest.fixture
def mo(app):
    return Browser(app).login(a_moderator("mo"))


@pytest.fixture
def book(app):
    return a_book("Dune")


@pytest.fixture
def review(book):
    return a_review(book, rating=2, by=a_reader("bob"), body="Buy my pills.", title="Pills")


def address(review):
    return f"/moderation/reviews/{review.id}"


def numbers(book):
    db.session.refresh(book)
    return book.ratings_count, book.ratings_sum, book.reviews_count


def causes():
    return db.session.scalars(sa.select(RatingChange.cause).order_by(RatingChange.id)).all()


def test_what_is_removed_leaves_every_number_and_returns_with_them(app, browser, mo, cli, book, review):
    a_review(book, rating=10, by=a_reader())
    assert numbers(book) == (2, 12, 2)
    mo.post(address(review), **HIDE)
    assert numbers(book) == (1, 10, 1)
    assert "Buy my pills." not in browser.get(f"/books/{book.ref}").words
    assert "1 removed by moderators" in browser.get(f"/books/{book.ref}").words
    mo.post(address(review), action="restore", reason="It was a quotation.")
    assert numbers(book) == (2, 12, 2)
    assert causes()[-2:] == ["hidden", "restored"]
    assert cli("ratings", "verify").output == "0 wrong.\n"


def test_a_removed_review_leaves_a_tombstone_with_role_rule_and_date(browser, mo, review):
    mo.post(address(review), **HIDE)
    stone = browser.get(f"/reviews/{review.id}", 410)
    assert "Removed : advertising" in stone.words
    assert "It sells pills." in stone.words
    assert "by a moderator" in stone.words
    assert f"{now():%Y}" in stone.words
    assert "Buy my" not in stone.words
    assert "mo" not in stone.words.split()  # nobody is named


def test_its_writer_keeps_the_text_and_reads_the_reason(app, mo, review):
    bob = Browser(app).login(a_bob(review))
    mo.post(address(review), **HIDE)
    own = bob.get(f"/reviews/{review.id}")
    assert "It sells pills." in own.words
    assert own.page.select_one(".source").get_text().split() == ["Pills", "Buy", "my", "pills."]
    assert "It sells pills." in bob.get("/").words


def a_bob(review):
    return db.session.get(User, review.user_id)


def test_what_moderators_may_be_named_is_the_operators_choice(app, browser, mo, review, monkeypatch):
    mo.post(address(review), **HIDE)
    monkeypatch.setitem(app.config, "MODERATORS_NAMED", True)
    assert "by a moderator, mo" in browser.get("/decisions").words


def test_a_held_review_is_its_writers_only_until_it_is_published(app, browser, mo, book, review):
    mo.post(address(review), action="hold", reason="Let us look.")
    assert numbers(book) == (0, 0, 0)
    browser.get(f"/reviews/{review.id}", 404)
    assert "Review: Dune" in mo.get("/moderation").words
    assert "waits for a look" in Browser(app).login(a_bob(review)).get(f"/reviews/{review.id}").words
    mo.post(address(review), action="keep")
    assert numbers(book) == (1, 2, 1)
    assert "Nothing waits." in mo.get("/moderation").words
    assert causes()[-2:] == ["held", "published"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"action": "hide", "rule": "", "reason": "Bad."}, "Please choose which rule was broken."),
        ({"action": "hide", "rule": "spam", "reason": ""}, "Please give a reason"),
        ({"action": "hide", "rule": "taste", "reason": "Bad."}, "Please choose"),
        ({"action": "hold", "reason": " "}, "Please give a reason"),
        ({"action": "explode", "reason": "Bad."}, "that cannot be done any more"),
        ({"action": "restore", "reason": "Bad."}, "that cannot be done any more"),
    ],
)
def test_what_is_missing_is_said_and_the_reason_kept(mo, book, review, sent, said):
    answer = mo.post(address(review), 422, **sent)
    assert said in answer.page.find(role="alert").get_text()
    assert answer.page.find("textarea", {"name": "reason"}).get_text().strip() == sent["reason"].strip()
    assert numbers(book) == (1, 2, 1)


def test_what_another_moderator_has_decided_meanwhile_gets_a_sentence(app, mo, book, review):
    form = hidden(mo.form(address(review)))
    Browser(app).login(a_moderator()).post(address(review), **HIDE)
    answer = mo.send(address(review), form | {"action": "hold", "reason": "Let us look."}, 422)
    assert "that cannot be done any more" in answer.words
    answer = mo.send(address(review), form | {"action": "restore", "rule": "spam", "reason": "It is fine."}, 422)
    assert "Somebody has decided on this review meanwhile" in answer.words
    assert answer.page.find("textarea", {"name": "reason"}).get_text().strip() == "It is fine."
    assert answer.page.find("option", selected=True)["value"] == "spam"
    assert numbers(book) == (0, 0, 0)


def test_a_decision_closes_the_case_and_says_who_was_right(mo, review):
    for action, upheld in (("keep", False), ("hide", True)):
        case = a_case(review)
        db.session.add(Report(case_id=case.id, user_id=a_reader(password=None).id, rule="spam"))
        db.session.commit()
        mo.post(address(review), **(HIDE | {"action": action}))
        assert db.session.scalars(sa.select(Report.upheld).order_by(Report.id.desc())).first() is upheld
    assert db.session.scalars(sa.select(Case.closed_at)).all().count(None) == 0


def test_a_case_of_a_review_that_its_writer_deleted_can_be_closed(mo, review):
    a_case(review)
    review.delete()
    db.session.commit()
    assert "deleted by its writer" in mo.get("/moderation").words
    mo.post(address(review), action="keep")
    assert "Nothing waits." in mo.get("/moderation").words


def test_a_moderator_sees_what_rules_noticed_and_how_the_writer_stands(mo, review):
    a_review(a_book("Emma"), by=a_bob(review), hidden_at=now(), body="More pills.")
    case = a_case(review)
    db.session.add(Flag(case_id=case.id, rule="links", words="Three links in 12 words."))
    db.session.commit()
    words = mo.get(address(review)).words
    assert "Three links in 12 words." in words
    assert "1 review that stands, 1 removed, 0 held" in words
    assert "Emma" in words
    assert "A new account: it was 0 hours old" in words


def test_one_reader_against_one_author_stands_out(mo, app):
    bob = a_reader("bob", created_at=now() - timedelta(days=100))
    for number in range(3):
        review = a_review(a_book(f"Book {number}", ["Jane Doe"]), rating=1, by=bob)
    for number in range(2):
        a_review(a_book(f"Other {number}", ["John Roe"]), rating=9, by=bob)
    words = mo.get(address(review)).words
    assert "One reader and one author: 0.5 stars on average to 3 books by Jane Doe, 4.5 to 2 others." in words


def test_who_rates_all_alike_does_not(mo, app):
    bob = a_reader("bob", created_at=now() - timedelta(days=100))
    for number in range(4):
        review = a_review(a_book(f"Book {number}", ["Jane Doe"] if number < 3 else ["John Roe"]), rating=10, by=bob)
    assert "One reader and one author" not in mo.get(f"/moderation/reviews/{review.id - 1}").words
    assert "Nothing stands out." in mo.get(f"/moderation/reviews/{review.id - 1}").words


def test_a_burst_stands_out(mo, app):
    book = a_book("Emma")
    for _ in range(12):
        review = a_review(book, rating=1)
    assert "A burst: 12 ratings of this book within a day" in mo.get(address(review)).words


def test_what_a_removed_review_becomes_by_a_change_stays_removed(app, mo, book, review):
    mo.post(address(review), **HIDE)
    bob = Browser(app).login(a_bob(review))
    answer = bob.post(f"/books/{book.ref}/review", rating=8, body="A real review.")
    assert "removed by a moderator before, and stays so" in bob.follow(answer).words
    assert numbers(book) == (0, 0, 0)
    assert db.session.scalar(sa.select(Review.body)) == "A real review."


def test_every_decision_is_in_the_log(mo, review, browser):
    mo.post(address(review), **HIDE)
    decision = db.session.scalar(sa.select(Decision))
    assert (decision.action, decision.rule, decision.role) == ("hide", "spam", "moderator")
    assert decision.user_id == review.user_id
    log = browser.get("/decisions").words
    assert "Removed : advertising, Dune" in log
    assert "bob" not in log


# What the writer does meanwhile.


def test_a_text_that_was_changed_meanwhile_is_not_decided_on_unseen(app, browser, mo, book, review):
    a_case(review)
    form = hidden(mo.form(address(review)))
    Browser(app).login(a_bob(review)).post(f"/books/{book.ref}/review", rating=1, body="Something much worse.")
    answer = mo.send(address(review), form | HIDE, 422)
    assert "its writer has changed it" in answer.words
    assert "Review: Dune" in mo.get("/moderation").words
    mo.send(address(review), hidden(answer.page) | HIDE)
    browser.get(f"/reviews/{review.id}", 410)


def test_a_reason_for_what_its_writer_has_deleted_meanwhile_comes_back(app, mo, book, review):
    form = hidden(mo.form(address(review)))
    bob = Browser(app).login(a_bob(review))
    bob.post(f"/books/{book.ref}/review/delete")
    answer = mo.send(address(review), form | HIDE, 422)
    assert "that cannot be done any more" in answer.page.find(role="alert").get_text()
    assert "It sells pills." in answer.words


def test_a_reason_that_came_a_moment_too_late_comes_back(mo, review, monkeypatch):
    """Another decision comes between the look at the review and the hold of it."""

    def overtaken(*_):
        raise deciding.Settled(deciding.OVERTAKEN)

    monkeypatch.setattr(deciding, "on_review", overtaken)
    answer = mo.post(address(review), 422, **HIDE)
    assert "Somebody has decided on this review meanwhile" in answer.page.find(role="alert").get_text()
    assert answer.page.find("textarea", {"name": "reason"}).get_text().strip() == HIDE["reason"]


@pytest.mark.parametrize("changed", [False, True])
def test_what_was_removed_is_not_read_in_its_history_after_a_change(app, browser, mo, book, review, changed):
    bob = Browser(app).login(a_bob(review))
    bob.post(f"/books/{book.ref}/review", rating=2, body="She lives in Elm Street.")
    mo.post(address(review), **HIDE)
    if changed:
        bob.post(f"/books/{book.ref}/review", rating=2, body="While it was hidden.")
        bob.post(f"/books/{book.ref}/review", rating=2, body="It is fine now.")
    mo.post(address(review), action="restore", reason="It is fine.")
    words = browser.get(f"/reviews/{review.id}/changes").words
    assert ("Elm Street" in words) != changed
    assert ("moderators had taken it off the site" in words) == changed
    assert "before this site kept earlier words" not in words
    assert "While it was hidden." not in words


def test_who_moderates_does_not_decide_on_their_own(app, mo):
    ada = a_moderator("ada")
    own = a_review(a_book("Emma"), by=ada, body="Mine.")
    a_case(own)
    browser = Browser(app).login(ada)
    assert "This review is yours" in browser.follow(browser.get(address(own), 303)).words
    token = browser.get("/appearance").page.main.find("input", {"name": "csrf_token"})["value"]
    browser.send(address(own), {"csrf_token": token, "action": "keep", "seen": f"0-{own.version}"})
    assert "Review: Emma" in browser.get("/moderation").words


def test_a_single_rating_is_left_out_and_counted_again(mo, book, review):
    review.waits_until = now() + timedelta(hours=9)
    tally(book.id, "brake")
    db.session.commit()
    mo.post(address(review), action="leave_out", reason="Of a campaign.")
    db.session.refresh(review)
    assert (review.waits_until, bool(review.left_out_at)) == (None, True)
    mo.post(address(review), action="count", reason="It is not.")
    db.session.refresh(review)
    assert review.left_out_at is None
    assert causes()[-1] == "counted"


def test_the_writer_reads_why_it_is_held(app, mo, review):
    mo.post(address(review), action="hold", reason="Is this a quotation?")
    assert "Is this a quotation?" in Browser(app).login(a_bob(review)).get(f"/reviews/{review.id}").words
