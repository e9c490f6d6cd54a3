import sqlalchemy as sa

from bookreviews.extensions import db


def test_the_site_says_that_it_can_answer(browser):
    assert browser.get("/readyz").json == {"status": "ok"}


def test_without_its_database_the_site_says_come_back_later(browser, monkeypatch):
    def gone(*_args, **_options):
        raise sa.exc.OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(db.session, "execute", gone)
    answer = browser.get("/readyz", 503)
    assert "cannot reach its database" in answer.words
    assert answer.headers["Retry-After"] == "30"
