"""Reading from a real streaming replica: one that stands still, dies, says nothing, and comes again."""

from time import monotonic, sleep

import pytest
import sqlalchemy as sa
from flask import current_app, request

from bookreviews import create_app, replicas
from bookreviews.books.models import Book
from bookreviews.config import database_url
from bookreviews.extensions import db
from tests import postgres
from tests.browser import Browser
from tests.conftest import NO_POSTGRES, SETTINGS, emptied, migrated, missing, wait_until
from tests.factories import a_book, a_reader


@pytest.fixture(scope="module")
def pair():
    with postgres.pair() as (primary, replica):
        if primary is None:
            missing(NO_POSTGRES)
        app = migrated(primary.url.render_as_string())
        with app.app_context():
            db.engine.dispose()
        yield primary, replica


@pytest.fixture
def replica(pair):
    """The replica, which replays everything again afterwards."""
    yield pair[1]
    pair[1].execute("SELECT pg_wal_replay_resume()")


@pytest.fixture
def make(pair, monkeypatch):
    """Make the site, its replicas watched closely: `make(REPLICA_LAG=1)`."""
    monkeypatch.setattr(replicas, "PAUSE", 0.02)
    made = []

    def make(**settings):
        primary, replica = (database_url(server.url.render_as_string()) for server in pair)
        servers = {"SQLALCHEMY_DATABASE_URI": primary, "DATABASE_REPLICA_URLS": [replica], "REPLICA_LAG": 60}
        app = emptied(create_app(SETTINGS | servers | settings))
        app.after_request(tell_position)
        made.append(app)
        return app

    yield make
    for app in made:
        if "replicas" in app.extensions:
            app.extensions["replicas"].end()
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def app(make):
    app = make()
    with app.app_context():
        wait_until(lambda: reads_a_replica(app))
        yield app
        db.session.remove()


def tell_position(response):
    response.headers["Position"] = replicas.position(request.environ) or "primary"
    return response


def reads_a_replica(app, browser=None):
    answer = (browser or Browser(app)).get("/books?made=afresh")  # and not kept from before
    return answer.headers["Position"] != "primary"


def stand_still(replica):
    """Let the replica catch up, and replay nothing more."""
    written = current_app.extensions["replicas"].inserted()
    wait_until(lambda: replica.execute(replicas.REPLAYED)[0][0] >= written)
    replica.execute("SELECT pg_wal_replay_pause()")
    wait_until(lambda: replica.execute("SELECT pg_get_wal_replay_pause_state()") == [("paused",)])


def is_there(app, book):
    return Browser(app).open("GET", f"/books/{book.ref}").status_code == 200


def test_visitors_read_from_the_replica(app, replica):
    stand_still(replica)
    book = a_book()
    assert not is_there(app, book)
    replica.execute("SELECT pg_wal_replay_resume()")
    wait_until(lambda: is_there(app, book))


def test_no_page_is_kept_that_a_replica_may_not_have_brought_up_to_date(app, replica):
    book = a_book()
    wait_until(lambda: is_there(app, book))
    stand_still(replica)
    Browser(app).post(f"/books/{book.ref}/review", rating=8, title="Sand", body="Worms, and sand.", name="Ann")
    assert "Worms, and sand." not in Browser(app).get(f"/books/{book.ref}").words
    replica.execute("SELECT pg_wal_replay_resume()")
    wait_until(lambda: "Worms, and sand." in Browser(app).get(f"/books/{book.ref}").words)


def test_whoever_writes_reads_what_they_wrote(app, replica):
    book = a_book()
    wait_until(lambda: is_there(app, book))
    stand_still(replica)
    writer, other = Browser(app), Browser(app)
    writer.post(f"/books/{book.ref}/review", rating=8, title="Sand", body="Worms, and sand.", name="Ann")
    assert "Worms, and sand." in writer.get(f"/books/{book.ref}").words
    app.extensions["pages"].forget()  # what was read by the writer is up to date
    wait_until(lambda: reads_a_replica(app, other))  # which may just have been too slow to answer
    assert "Worms, and sand." not in other.get(f"/books/{book.ref}").words


def test_whoever_logs_in_is_logged_in_at_once(app, replica):
    reader = a_reader("ann")
    stand_still(replica)
    browser = Browser(app).login(reader)
    assert "Log out" in browser.get("/").words


def test_writers_read_from_the_replica_again_when_it_has_replayed_what_they_wrote(app):
    browser = Browser(app).login(a_reader())
    wait_until(lambda: reads_a_replica(app, browser))


def test_a_commit_is_not_remembered_for_ever(app, replica, monkeypatch):
    browser = Browser(app).login(a_reader())
    stand_still(replica)
    browser.post("/settings/username", username="beth")
    assert not reads_a_replica(app, browser)
    monkeypatch.setattr(replicas, "MARGIN", -60)
    assert reads_a_replica(app, browser)


def test_a_get_that_writes_is_answered_from_the_primary(make, replica):
    app = make()
    app.add_url_rule("/rename/<int:book_id>", view_func=rename)
    with app.app_context():
        wait_until(lambda: reads_a_replica(app))
        book = a_book()
        wait_until(lambda: is_there(app, book))
        stand_still(replica)
        browser = Browser(app)
        assert browser.open("GET", f"/rename/{book.id}").text == "Dune Messiah"
        assert not reads_a_replica(app, browser)  # until it has replayed that
        assert db.session.get(Book, book.id).title == "Dune Messiah"


def rename(book_id):
    book = db.session.get_one(Book, book_id)
    book.title = "Dune Messiah"
    db.session.commit()
    return book.title


def test_a_list_that_is_sent_piece_by_piece_arrives_whole(app):
    book = a_book()
    wait_until(lambda: is_there(app, book))
    assert f"/books/{book.ref}</loc>" in Browser(app).get("/sitemaps/books-1.xml").text


def test_no_visitor_notices_that_the_replica_dies_and_comes_again(app, replica):
    book = a_book()
    wait_until(lambda: is_there(app, book))
    browser = Browser(app)
    replica.stop()
    for _ in range(20):
        browser.get(f"/books/{book.ref}")
    replica.start()
    wait_until(lambda: reads_a_replica(app))


def test_visitors_go_on_reading_while_the_primary_is_away(app, pair):
    book = a_book()
    wait_until(lambda: is_there(app, book))
    address, (primary, _) = f"/books/{book.ref}", pair
    db.session.remove()
    primary.stop()
    try:
        assert Browser(app).client.get(address).status_code == 200
    finally:
        primary.start()
    Browser(app).login(a_reader())


def test_nobody_waits_for_a_replica_that_says_nothing(app, replica):
    begin = monotonic()
    with replica.frozen():
        for _ in range(5):
            reads_a_replica(app)
        assert monotonic() - begin < 20
    wait_until(lambda: reads_a_replica(app))


def test_a_replica_that_lags_is_left_out_until_it_has_caught_up(make, replica):
    app = make(REPLICA_LAG=1)
    with app.app_context():
        wait_until(lambda: reads_a_replica(app))
        stand_still(replica)
        book = a_book()
        wait_until(lambda: is_there(app, book))
        assert not reads_a_replica(app)
        replica.execute("SELECT pg_wal_replay_resume()")
        wait_until(lambda: reads_a_replica(app))


def test_where_nobody_writes_no_replica_lags(make):
    app = make(REPLICA_LAG=1)
    with app.app_context():
        wait_until(lambda: reads_a_replica(app))
        sleep(1.5)
        assert reads_a_replica(app)


def test_what_is_no_replica_is_not_read_from(make, pair):
    primary = database_url(pair[0].url.render_as_string())
    app = make(DATABASE_REPLICA_URLS=[primary])
    with app.app_context():
        assert not reads_a_replica(app)
        wait_until(lambda: app.extensions["replicas"].floor)
        assert not reads_a_replica(app)


def test_without_replicas_nothing_is_asked_for_them(make):
    app = make(DATABASE_REPLICA_URLS=[])
    assert "replicas" not in app.extensions
    with app.app_context():
        assert not reads_a_replica(app)


def test_a_page_that_the_replica_has_brought_up_to_date_is_kept(app):
    book = a_book()
    pages = app.extensions["pages"]
    wait_until(lambda: is_there(app, book) and any(page.path.startswith("/books/") for page in list(pages.pages)))
    assert Browser(app).open("GET", f"/books/{book.ref}").headers["Position"] != "primary"


def test_what_postgresql_reads_often_is_prepared(postgres_app):
    emptied(postgres_app)
    with postgres_app.app_context():
        address = f"/books/{a_book().ref}"
        db.session.remove()
        db.engine.dispose()
        for _ in range(8):
            postgres_app.extensions["pages"].forget()
            assert Browser(postgres_app).open("GET", address).status_code == 200
        prepared = sa.text("SELECT count(*) FROM pg_prepared_statements WHERE statement ~ 'review'")
        with db.engine.connect() as connection:
            assert connection.scalar(prepared) > 0
        db.session.remove()
