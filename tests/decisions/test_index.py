"""The public log of moderation."""

from datetime import UTC, datetime

import pytest

from bookreviews.extensions import db
from bookreviews.moderation.models import Decision
from tests.factories import a_book


@pytest.fixture
def log(app):
    """Three decisions in two years."""
    book = a_book("Dune")
    facts = {"book_id": book.id, "role": "moderator"}
    db.session.add_all(
        [
            Decision(action="hide", rule="spam", reason="Pills.", at=datetime(2025, 5, 1, tzinfo=UTC), **facts),
            Decision(action="hide", rule="abuse", reason="Insults.", at=datetime(2026, 5, 1, tzinfo=UTC), **facts),
            Decision(action="brake", reason="Many.", at=datetime(2026, 6, 1, tzinfo=UTC), **(facts | {"role": "site"})),
        ]
    )
    db.session.commit()


def test_everybody_reads_what_was_decided_and_why_the_newest_first(browser, log):
    words = browser.get("/decisions").page.select_one(".decisions").get_text(" ")
    assert words.index("Many.") < words.index("Insults.") < words.index("Pills.")
    assert "by the site, by a rule" in words


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("action=hide", {"Insults.", "Pills."}),
        ("rule=spam", {"Pills."}),
        ("role=site", {"Many."}),
        ("year=2026", {"Many.", "Insults."}),
        ("year=2026&action=hide", {"Insults."}),
        ("year=1999", set()),
    ],
)
def test_it_can_be_narrowed(browser, log, query, shown):
    words = browser.get(f"/decisions?{query}").words
    assert {word for word in ("Many.", "Insults.", "Pills.") if word in words} == shown


def test_what_it_does_not_know_gets_a_sentence(browser, log):
    browser.get("/decisions?action=dance", 400)


def test_each_year_is_counted(browser, log):
    rows = {
        row.th.get_text(): [cell.get_text() for cell in row.find_all("td")]
        for row in browser.get("/decisions").page.select("table tbody tr")
    }
    assert rows == {"Removed": ["1", "1"], "New ratings wait": ["1", "0"]}


def test_it_is_paged(browser, app):
    for number in range(25):
        db.session.add(Decision(action="keep", reason=f"Fine {number}.", role="admin"))
    db.session.commit()
    answer = browser.get("/decisions")
    assert len(answer.page.select(".decisions > li")) == 20
    assert len(browser.get(answer.page.find("a", rel="next")["href"]).page.select(".decisions > li")) == 5


def test_an_empty_log_says_so(browser):
    assert "Nothing has been decided yet." in browser.get("/decisions").words
