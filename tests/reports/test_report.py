"""Reporting a review."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bookreviews.accounts.models import User
from bookreviews.extensions import db, now
from bookreviews.moderation.models import Case, Decision
from bookreviews.reports.models import Report
from bookreviews.reports.weight import trust
from tests.browser import Browser
from tests.factories import a_book, a_reader, a_review

OLD = {"created_at": now() - timedelta(days=100), "password": None}


@pytest.fixture
def review(app):
    return a_review(a_book("Dune"), rating=4, by=a_reader("bob"), body="Buy my pills.")


def address(review):
    return f"/reviews/{review.id}/report"


def reported(app, review, **sent):
    """A new reader reports a review."""
    browser = Browser(app).login(a_reader())
    return browser.post(address(review), **({"rule": "spam", "words": ""} | sent))


def reports():
    return db.session.scalars(sa.select(Report).order_by(Report.id)).all()


def a_report(review, by, upheld=None):
    """A report of somebody, in a case of its own if it is decided."""
    case = Case(kind="review", book_id=review.book_id, review_id=review.id, closed_at=now() if upheld is not None else None)
    db.session.add(case)
    db.session.flush()
    db.session.add(Report(case_id=case.id, user_id=by.id, rule="spam", upheld=upheld))
    db.session.commit()
    return case


def test_a_reader_reports_a_review_and_a_moderator_finds_it(app, browser, review):
    browser.login(a_reader("ann"))
    assert browser.get(f"/reviews/{review.id}").page.select_one("a.report")["href"] == address(review)
    answer = browser.post(address(review), rule="spam", words="It sells pills.")
    assert "A moderator looks at this review" in browser.follow(answer).words
    moderator = Browser(app).login(a_reader("mo", roles=["moderator"]))
    queue = moderator.get("/moderation")
    assert "Dune" in queue.words
    shown = moderator.get(f"/moderation/reviews/{review.id}").words
    assert "Advertising : It sells pills." in shown
    assert "Buy my pills." in browser.get(f"/books/{review.book_id}-dune").words  # it stands until somebody has looked


def test_a_visitor_is_led_to_log_in_and_back(browser, review):
    answer = browser.get(address(review), 302)
    login = browser.follow(answer)
    assert "Please log in to report a review" in login.words
    assert login.page.find("input", {"name": "next"})["value"] == address(review)


@pytest.mark.parametrize("sent", [{"rule": ""}, {"rule": "taste"}, {"rule": "other", "words": " "}])
def test_a_report_says_what_is_wrong(browser, review, sent):
    browser.login(a_reader("ann"))
    answer = browser.post(address(review), 422, **({"words": "So bad."} | sent))
    assert answer.page.find(role="alert")
    assert sent.get("words", "So bad.").strip() in answer.page.find("textarea").get_text()
    assert reports() == []


def test_reporting_twice_gets_a_sentence_and_counts_once(browser, review):
    browser.login(a_reader("ann"))
    form = browser.form(address(review))
    sent = {field["name"]: field["value"] for field in form.select("input[type=hidden]")} | {"rule": "spam", "words": ""}
    browser.send(address(review), sent)
    answer = browser.send(address(review), sent)
    assert "You have reported this review already" in browser.follow(answer).words
    assert "You have reported this review already" in browser.get(address(review)).words
    assert len(reports()) == 1


def test_nobody_reports_what_is_theirs(browser, review):
    browser.login(db.session.get(User, review.user_id))
    assert "This review is yours" in browser.get(address(review)).words
    assert not browser.get(f"/reviews/{review.id}").page.select_one("a.report")


def test_what_a_moderator_has_kept_is_reported_again_only_after_a_change(browser, review):
    db.session.add(Decision(action="keep", role="moderator", review_id=review.id, book_id=review.book_id))
    db.session.commit()
    browser.login(a_reader("ann"))
    assert "A moderator looked at this review on" in browser.get(address(review)).words
    review.updated_at = now() + timedelta(seconds=1)
    db.session.commit()
    browser.post(address(review), rule="spam", words="")
    assert len(reports()) == 1


def test_reports_of_one_review_are_one_case(app, review):
    for _ in range(3):
        reported(app, review)
    assert db.session.scalars(sa.select(Case.kind)).all() == ["review"]


def test_a_record_of_wrong_reports_makes_a_word_weigh_less():
    assert trust(0, 0) == 0.5
    assert trust(8, 0) == 0.9
    assert trust(0, 8) == 0.1


# What weighs enough holds a review until somebody has looked.


def settled_reader(**facts):
    """Somebody who has been here for long, and has reviewed a book."""
    reader = a_reader(**(OLD | facts))
    a_review(a_book("Emma"), by=reader)
    return reader


def report_as(app, review, readers):
    for reader in readers:
        db.session.add(Report(case_id=opened(review).id, user_id=reader.id, rule="abuse"))
    db.session.commit()
    reported(app, review)
    db.session.refresh(review)


def opened(review):
    case = db.session.scalar(sa.select(Case).where(Case.review_id == review.id, Case.closed_at.is_(None)))
    if case is None:
        case = Case(kind="review", book_id=review.book_id, review_id=review.id)
        db.session.add(case)
        db.session.flush()
    return case


def test_six_settled_readers_hold_a_review_and_the_log_says_so(app, browser, review):
    report_as(app, review, [settled_reader() for _ in range(6)])
    assert review.held_at
    assert "Buy my pills." not in browser.get(f"/books/{review.book_id}-dune").words
    assert "Several readers" in browser.get("/decisions").words


def test_a_crowd_of_new_accounts_holds_nothing(app, review):
    report_as(app, review, [a_reader(password=None) for _ in range(20)])
    assert review.held_at is None


def test_those_who_cry_wolf_hold_nothing(app, review):
    readers = [settled_reader() for _ in range(6)]
    for reader in readers:
        for number in range(4):
            a_report(a_review(a_book(f"Book {number}")), by=reader, upheld=False)
    report_as(app, review, readers)
    assert review.held_at is None


def test_a_report_that_comes_late_gets_a_sentence(app, browser, review):
    browser.login(a_reader("ann"))
    token = browser.get("/appearance").page.main.find("input", {"name": "csrf_token"})["value"]
    review.hidden_at = now()
    db.session.commit()
    answer = browser.send(address(review), {"csrf_token": token, "rule": "spam", "words": "Pills."})
    assert "not on the site any more" in browser.follow(answer).words
