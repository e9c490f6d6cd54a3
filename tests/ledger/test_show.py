"""How a rating came about."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bookreviews.extensions import db, now
from bookreviews.ledger.models import RatingChange, RatingMonth
from bookreviews.moderation.models import Decision
from tests.browser import Browser, hidden
from tests.conftest import emptied
from tests.factories import a_book, a_reader, a_review


@pytest.fixture
def book(app):
    return a_book("Dune")


def entries():
    found = db.session.execute(sa.select(RatingChange.before, RatingChange.after, RatingChange.cause).order_by(RatingChange.id))
    return [tuple(row) for row in found]


def kept_sums():
    found = db.session.execute(sa.select(RatingMonth.month, RatingMonth.before, RatingMonth.after, RatingMonth.times))
    return {tuple(key): times for *key, times in found}


def test_every_change_of_a_rating_that_counts_is_written_down(app, book):
    ann = Browser(app).login(a_reader("ann"))
    address = f"/books/{book.ref}/review"
    ann.post(address, rating=8)
    ann.post(address, rating=8, body="The same rating.")
    ann.post(address, rating=3)
    ann.post(f"{address}/delete")
    ann.send(f"{address}/restore", hidden(ann.form(f"{address}/delete")))
    assert entries() == [
        (None, 8, "written"), (8, 3, "written"), (3, None, "deleted"), (None, 3, "undone"),
    ]  # fmt: skip


def test_the_ratings_of_guests_are_not_in_it_until_they_are_members(app, browser, book):
    browser.post(f"/books/{book.ref}/review", rating=8, name="Ann")
    assert entries() == []
    browser.login(a_reader("ann"))
    assert entries() == [(None, 8, "joined")]


def test_a_closed_account_leaves_the_score_and_the_ledger_says_so(app, book, cli):
    ann = Browser(app).login(a_reader("ann"))
    ann.post(f"/books/{book.ref}/review", rating=8)
    ann.post("/settings/close", password="of mice and moonlight", reviews="delete")
    assert entries()[-1] == (8, None, "closed")
    assert cli("ratings", "verify").output == "0 wrong.\n"


@pytest.mark.parametrize("statement", ["UPDATE rating_change SET after = 10", "DELETE FROM rating_change"])
def test_the_database_lets_nobody_change_it(book, statement):
    a_review(book, by=a_reader())
    with pytest.raises(sa.exc.DatabaseError, match="append-only"):
        db.session.execute(sa.text(statement))
    db.session.rollback()


def test_it_goes_with_its_book(book):
    a_review(book, by=a_reader())
    db.session.execute(sa.delete(type(book)).where(type(book).id == book.id))
    db.session.commit()
    assert entries() == [] and kept_sums() == {}


def test_its_sums_by_month_are_kept_as_it_grows(app, book):
    for name, rating in (("ann", 8), ("bea", 8), ("cyd", 3)):
        browser = Browser(app).login(a_reader(name))
        browser.post(f"/books/{book.ref}/review", rating=rating)
    browser.post(f"/books/{book.ref}/review", rating=4)
    browser.post(f"/books/{book.ref}/review/delete")
    months = Counter(
        (int(f"{change.at:%Y%m}"), change.before or 0, change.after or 0)
        for change in db.session.scalars(RatingChange.of(book))
    )
    assert kept_sums() == months
    assert sorted((*key[1:], times) for key, times in months.items()) == [(0, 3, 1), (0, 8, 2), (3, 4, 1), (4, 0, 1)]


def test_a_month_begins_at_midnight_utc_wherever_the_database_is(browser, book):
    if db.engine.dialect.name == "postgresql":
        db.session.execute(sa.text("SET LOCAL TIME ZONE 'Asia/Tokyo'"))
    last = datetime(2025, 12, 31, 23, 59, 59, 999_999, UTC)
    for moment in (last, last + timedelta(microseconds=1)):
        db.session.add(RatingChange(book_id=book.id, review_id=1, after=8, cause="written", at=moment))
    db.session.commit()
    rows = browser.get(f"/books/{book.ref}/rating").page.select("table tbody tr")
    assert [row.th.get_text() for row in rows] == ["2025-12", "2026-01"]


def test_the_page_reads_sums_and_no_ratings(browser, book, queries):
    a_review(book, by=a_reader())
    with queries() as found:
        browser.get(f"/books/{book.ref}/rating")
    assert any("rating_month" in statement for statement in found)
    assert not any("rating_change" in statement for statement in found)


def test_the_page_tells_it_by_month_in_a_chart_and_in_a_table(browser, book):
    reader = a_reader()
    a_review(book, 10, by=reader)
    a_review(book, 7, by=a_reader())
    page = browser.get(f"/books/{book.ref}/rating").page
    month = [cell.get_text() for cell in page.select("table tbody tr")[0].find_all(["th", "td"])]
    assert month == [f"{now():%Y-%m}", "1", "1", "0", "0", "0", "0", "2", "4.25"]
    assert len(page.select("svg rect")) == 2
    assert "from" in page.svg["aria-label"]


def test_what_was_long_ago_is_one_row(browser, book):
    for number in range(30):
        moment = now() - timedelta(days=31 * number)
        db.session.add(RatingChange(book_id=book.id, review_id=number, after=8, cause="written", at=moment))
    db.session.commit()
    page = browser.get(f"/books/{book.ref}/rating").page
    rows = page.select("table tbody tr")
    assert len(rows) == 25
    before = [cell.get_text() for cell in rows[0].find_all(["th", "td"])]
    assert before[0] == "Before"
    assert before[2] == before[7]
    assert rows[-1].find_all("td")[6].get_text() == "30"


def test_every_hold_and_removal_is_there_with_its_reason(browser, book):
    for number in range(25):
        db.session.add(Decision(action="hide", rule="spam", reason=f"Pills {number}.", role="moderator", book_id=book.id))
    db.session.add(Decision(action="hide", rule="spam", reason="Of another.", role="moderator", book_id=a_book("Emma").id))
    db.session.commit()
    answer = browser.get(f"/books/{book.ref}/rating")
    assert "Pills 24." in answer.words
    assert "Of another." not in answer.words
    assert "Pills 0." in browser.get(answer.page.find("a", rel="next")["href"]).words


def test_a_book_without_ratings_says_so(browser, book):
    words = browser.get(f"/books/{book.ref}/rating").words
    assert "No rating of this book has counted yet." in words
    assert "Nothing was held or removed here." in words


def test_another_address_of_the_page_leads_there(browser, book):
    assert browser.get(f"/books/{book.id}/rating", 301).location == f"/books/{book.ref}/rating"
    browser.get("/books/99/rating", 404)


def test_the_books_page_leads_there(browser, book):
    a_review(book)
    assert browser.get(f"/books/{book.ref}").page.find("a", string="How this rating came about")


def test_nor_does_sqlite_replace_a_row(sqlite_app):
    with emptied(sqlite_app).app_context():
        a_review(a_book("Dune"), by=a_reader())
        columns = "id, book_id, review_id, at, before, after, cause"
        with pytest.raises(sa.exc.DatabaseError, match="append-only"):
            db.session.execute(sa.text(f"REPLACE INTO rating_change ({columns}) SELECT {columns} FROM rating_change"))
        db.session.remove()
