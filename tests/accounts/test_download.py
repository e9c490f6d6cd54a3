import json
from datetime import UTC, datetime, timedelta

from bookreviews.accounts.export import PARTS
from bookreviews.accounts.models import Login
from bookreviews.appeals.models import Appeal
from bookreviews.drafts.models import Draft
from bookreviews.extensions import db, now
from bookreviews.mail.models import Message
from bookreviews.moderation.models import Decision
from bookreviews.reports.models import Report
from bookreviews.reviews.models import Version
from bookreviews.votes.models import Vote
from tests.factories import a_book, a_case, a_cover, a_passkey, a_reader, a_review

DAY = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def file(browser):
    answer = browser.get("/settings/data.json")
    assert answer.headers["Content-Disposition"] == "attachment; filename=bookreviews.json"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.mimetype == "application/json"
    return json.loads(answer.text)


def test_a_new_account_has_little_to_take(browser):
    browser.log_in(a_reader("Ann", created_at=DAY, confirmed_at=DAY, email="ann@example.org"))
    told = file(browser)
    assert list(told) == list(PARTS)
    assert told["account"] == {
        "username": "Ann",
        "email": "ann@example.org",
        "joined": "2026-01-02T03:04:05+00:00",
        "address_confirmed": "2026-01-02T03:04:05+00:00",
        "roles": [],
        "second_factor": False,
        "recovery_codes_left": 0,
    }
    assert [login["browser"] for login in told.pop("browsers")]
    assert not any(told[name] for name in ("reviews", "drafts", "covers", "votes", "passkeys", "mails"))


def test_everything_of_a_reader_is_in_it(browser):
    ann, bob = a_reader("Ann", roles=["moderator"]), a_reader("Bob")
    dune, emma = a_book("Dune", ["Frank Herbert"]), a_book("Emma", ["Jane Austen"])
    review = a_review(dune, 9, by=ann, title="Sand", body="*Worms*", language="en", source="library", stopped_at=90)
    a_review(emma, 2, by=ann, body="Taken back.", deleted_at=DAY)
    a_review(a_book("Ulysses"), 3, by=ann, body="Held.", held_at=DAY, created_at=now() + timedelta(hours=1))
    theirs = a_review(dune, 4, by=bob)
    db.session.add_all(
        [
            Version(review_id=review.id, number=1, rating=3, body="Sand?", written_at=DAY),
            Draft(user_id=ann.id, book_id=emma.id, body="Balls.", saved_at=DAY),
            Vote(user_id=ann.id, review_id=theirs.id, helpful=False, cast_at=DAY),
            Message(user_id=ann.id, recipient="old@example.org", subject="Hello", body="/reset/secret", created_at=DAY),
        ]
    )
    db.session.commit()
    a_passkey(ann, name="Telephone")
    shown, refused = a_cover(dune, ann), a_cover(emma, ann, refused_at=DAY, reason="Blurred.")
    told = file(browser.log_in(ann))
    assert told["account"]["roles"] == ["moderator"]
    first, second, third = told["reviews"]
    assert first["book"]["title"] == "Dune" and first["book"]["authors"] == ["Frank Herbert"]
    assert first["address"].endswith(f"/reviews/{review.id}")
    assert (first["rating"], first["body"], first["source"], first["stopped_at"]) == (9, "*Worms*", "library", 90)
    earlier = first["earlier_versions"][0]
    assert (earlier["rating"], earlier["body"], earlier["written"]) == (3, "Sand?", "2026-01-02T03:04:05+00:00")
    assert second["deleted"] and third["waits_since"]
    assert [(draft["book"]["title"], draft["body"]) for draft in told["drafts"]] == [("Emma", "Balls.")]
    assert [cover["book"]["title"] for cover in told["covers"]] == ["Dune", "Emma"]
    assert told["covers"][0]["picture"].endswith(f"/covers/{shown.key}-480.webp") and told["covers"][0]["shown"]
    assert (told["covers"][1]["picture"], told["covers"][1]["reason"]) == (None, refused.reason)
    assert [(vote["of"], vote["helpful"]) for vote in told["votes"]] == [("Dune", False)]
    assert [key["name"] for key in told["passkeys"]] == ["Telephone"]
    assert [mail["subject"] for mail in told["mails"]] == ["Hello"]


def test_nothing_that_opens_the_account_is_in_it_and_nothing_of_others(browser):
    bob = a_reader("Bob")
    a_review(by=bob, body="Bob's own words.")
    ann = a_reader("Ann", tf_totp_secret="TOTP", mf_recovery_codes=["CODE"])
    db.session.add(
        Message(user_id=ann.id, recipient="old@example.org", subject="A new password", body="https://example.org/reset/TOKEN")
    )
    db.session.commit()
    browser.log_in(ann)
    text = browser.get("/settings/data.json").text
    login = db.session.query(Login).filter_by(user_id=ann.id).one()
    for secret in (ann.password, ann.fs_uniquifier, login.token_hash, "TOTP", "CODE", "TOKEN", "Bob"):
        assert secret not in text


def test_words_of_any_script_can_be_read(browser):
    ann = a_reader("ليلى", email="x@example.org")
    a_review(by=ann, body="رواية")
    assert "رواية" in browser.log_in(ann).get("/settings/data.json").text


def test_who_logged_in_long_ago_shows_again_that_it_is_them(browser):
    browser.log_in(a_reader())
    with browser.client.session_transaction() as session:
        session["fs_paa"] -= timedelta(days=1).total_seconds()
        session.pop("fs_gexp", None)
    assert browser.get("/settings/data.json", 302).location.startswith("/verify?next=")


def test_the_number_of_queries_does_not_grow(browser, queries):
    ann = a_reader()
    browser.log_in(ann)

    def download():
        with queries() as found:
            browser.get("/settings/data.json")
        return len(found)

    a_review(by=ann)
    a_cover(by=ann)
    few = download()
    for number in range(9):
        book = a_book(f"Book {number}", [f"Author {number}"])
        a_review(book, by=ann)
        a_cover(book, ann)
    assert download() == few


def test_what_was_decided_and_reported_is_in_it(browser):
    ann = a_reader("ann")
    mine, other = a_review(a_book("Dune"), by=ann), a_review(a_book("Emma"))
    reported, appealed = a_case(other), a_case(mine, kind="appeal", user_id=ann.id, closed_at=DAY)
    removal = Decision(action="hide", rule="spam", reason="Pills.", role="moderator", review_id=mine.id, user_id=ann.id, at=DAY)
    db.session.add_all([removal, Report(case_id=reported.id, user_id=ann.id, rule="abuse", words="Rude.", at=DAY)])
    db.session.flush()
    db.session.add(Appeal(decision_id=removal.id, case_id=appealed.id, words="A joke.", at=DAY))
    db.session.commit()
    told = file(browser.log_in(ann))
    when, address = {"at": "2026-01-02T03:04:05+00:00"}, "http://localhost/reviews/"
    about = {"action": "hide", "rule": "spam", "reason": "Pills.", "by": "moderator"}
    assert told["decisions"] == [{"review": f"{address}{mine.id}"} | about | when]
    assert told["appeals"] == [{"review": f"{address}{mine.id}", "words": "A joke."} | when]
    assert told["reports"] == [{"review": f"{address}{other.id}", "rule": "abuse", "words": "Rude.", "upheld": None} | when]
