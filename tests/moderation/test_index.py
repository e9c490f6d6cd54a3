"""The moderators' queue."""

from datetime import timedelta

from bookreviews.extensions import db, now
from bookreviews.moderation.models import Case
from tests.browser import Browser
from tests.factories import a_book, a_case, a_moderator, a_reader, a_review


def test_what_waits_is_shown_the_oldest_first(app):
    new = a_review(a_book("Emma"))
    old = a_review(a_book("Dune"))
    a_case(new)
    a_case(old, opened_at=now() - timedelta(days=2))
    a_case(a_review(a_book("Persuasion")), closed_at=now())
    queue = Browser(app).login(a_moderator()).get("/moderation").page.select_one(".queue").get_text()
    assert queue.index("Dune") < queue.index("Emma")
    assert "Persuasion" not in queue


def test_one_kind_can_be_shown_alone(app):
    a_case(a_review(a_book("Dune")))
    db.session.add(Case(kind="burst", book_id=a_book("Emma").id))
    db.session.commit()
    mo = Browser(app).login(a_moderator())
    assert "All (2)" in mo.get("/moderation").words
    queue = mo.get("/moderation?kind=burst").page.select_one(".queue").get_text()
    assert "Emma" in queue
    assert "Dune" not in queue
    mo.get("/moderation?kind=nonsense", 400)


def test_the_queue_is_paged(app):
    for number in range(25):
        a_case(a_review(a_book(f"Book {number}")))
    mo = Browser(app).login(a_moderator())
    page = mo.get("/moderation").page
    assert len(page.select(".queue > li")) == 20
    assert len(mo.get(page.find("a", rel="next")["href"]).page.select(".queue > li")) == 5


def test_a_full_queue_costs_no_more_queries_than_one_case(app, queries):
    a_case(a_review(a_book("Dune")))
    mo = Browser(app).login(a_moderator())
    with queries() as one:
        mo.get("/moderation")
    for number in range(5):
        a_case(a_review(a_book(f"Book {number}"), by=a_reader(password=None)))
    with queries() as many:
        mo.get("/moderation")
    assert len(one) == len(many)


def test_moderators_and_admins_have_a_link_to_it_and_readers_have_not(app):
    for role in ("moderator", "admin"):
        assert "Moderation" in Browser(app).login(a_moderator(role=role)).get("/").page.nav.get_text()
    reader = Browser(app).login(a_reader())
    assert "Moderation" not in reader.get("/").page.nav.get_text()
    assert "for the site’s moderators" in reader.get("/moderation", 403).words


def test_visitors_are_led_to_log_in_and_back(browser):
    assert browser.get("/moderation?kind=burst", 302).location == "/login?next=/moderation?kind%3Dburst"


def test_an_empty_queue_says_so(app):
    assert "Nothing waits." in Browser(app).login(a_moderator()).get("/moderation").words
