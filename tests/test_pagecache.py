"""Pages kept in front of Flask: quick, never stale, and nobody's but a visitor's."""

import gzip
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import brotli
import pytest
import sqlalchemy as sa
from backports import zstd

from bookreviews import common, pagecache, retiring, stamps
from bookreviews.books.models import Book
from bookreviews.extensions import db
from bookreviews.languages import NAMES
from bookreviews.moderation.models import Decision
from bookreviews.reviews.models import Review
from bookreviews.revisions.models import APPLIED, Revision
from bookreviews.votes import listing
from tests.browser import Browser, hidden
from tests.conftest import emptied, make_app, wait_until
from tests.factories import a_book, a_reader, a_review, a_vote

PAGES = ("/", "/books", "/books/1-dune", "/authors/1-frank-herbert", "/reviews/1", "/reviews/1/changes", "/readers/Rita",
         "/books/1-dune/rating", "/books/1-dune/history", "/decisions", "/subjects/sand", "/api/9780441013593")  # fmt: skip


@pytest.fixture
def dune(app):
    """A book with a review by Rita, and a site that hears of changes."""
    app.extensions["pages"].forget()
    book = a_book("Dune", ["Frank Herbert"], ["9780441013593"], ["Sand"])
    a_review(book, by=a_reader("Rita"), title="Sand")
    wait_until(lambda: app.extensions["news"].reliable)
    return book


def ask(app, path, method="GET", **headers):
    """A visitor's answer, read as it was sent."""
    return app.test_client(use_cookies=False).open(path, method=method, headers=headers, buffered=True)


def is_kept(app, path):
    """Whether the page at `path` is kept just now."""
    pages = app.extensions["pages"]
    return any(pages.kept(key) for key in list(pages.pages) if "?".join(filter(None, (key.path, key.query))) == path)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_made_once_for_all_visitors(app, dune, queries, path):
    first = ask(app, path)
    with queries() as found:
        second = ask(app, path)
    assert (first.status_code, found) == (200, [])
    assert second.data == first.data
    assert dict(second.headers) == dict(first.headers)


def test_whatever_may_stand_in_front_is_told_what_a_page_shows(app, dune):
    headers = ask(app, "/books/1-dune").headers
    assert headers["Cache-Control"] == "public, max-age=0, s-maxage=60, stale-while-revalidate=60"
    assert headers["Vary"] == "Accept-Encoding, Cookie"
    assert {"book:1", "best_known:1"} <= set(headers["Surrogate-Key"].split())
    assert headers["Cache-Tag"].split(",") == headers["Surrogate-Key"].split()


def test_a_new_review_is_on_the_page_at_once_and_leaves_the_other_pages_alone(app, dune, queries):
    a_review(a_book("Emma", ["Jane Austen"]))
    for path in ("/books/1-dune", "/books/2-emma", "/"):
        ask(app, path)
    a_review(dune, title="Worms everywhere")
    assert "Worms everywhere" in ask(app, "/books/1-dune").text
    assert "Worms everywhere" in ask(app, "/").text
    with queries() as found:
        ask(app, "/books/2-emma")
    assert not found


def test_a_process_that_is_killed_right_after_its_commit_leaves_no_page_behind(app, dune, monkeypatch):
    ask(app, "/books/1-dune")
    monkeypatch.setattr(app.extensions["news"], "retire", lambda _tags: None)  # it has no time left to
    a_review(dune, title="My last words")
    assert "My last words" in ask(app, "/books/1-dune").text


def test_a_rating_leaves_the_page_alone_on_which_its_book_stands_beside_another_as_before(app, dune):
    emma, sand = a_book("Emma", ["Jane Austen"], subjects=["Sand"]), "/books/1-dune"
    for number in range(5):
        a_review(emma, 8, by=a_reader(f"reader{number}"))
    ask(app, sand)
    a_review(emma, 7, by=a_reader("reader5"))
    assert is_kept(app, sand)
    for number in range(6, 9):
        a_review(emma, 2, by=a_reader(f"reader{number}"))
    assert not is_kept(app, sand)
    assert "Rated 3 of 5" in ask(app, sand).text


def test_the_best_known_books_of_an_author_stand_beside_one_at_once(app, dune):
    for title in "ABCDEFG":
        a_book(title, ["Frank Herbert"])
    assert ">G</a>" not in ask(app, "/books/1-dune").text
    a_review(db.session.scalar(sa.select(Book).where(Book.title == "G")), by=a_reader("Ben"))
    assert ">G</a>" in ask(app, "/books/1-dune").text


def test_who_changed_a_book_is_named_as_they_stand_now(app, dune):
    ann, mo = a_reader("Ann"), a_reader("Mo")
    for user, role in ((ann, "reader"), (mo, "moderator")):
        db.session.add(Revision(book_id=dune.id, user=user, role=role, state=APPLIED, changes={}))
    db.session.commit()
    answer = ask(app, "/books/1-dune/history")
    assert "/readers/Ann" in answer.text and f"reader:{mo.id}" not in answer.headers["Surrogate-Key"].split()
    ann.active = False
    db.session.commit()
    text = ask(app, "/books/1-dune/history").text
    assert "/readers/Ann" not in text and "Ann" in text


@pytest.mark.parametrize("path", ["/decisions", "/books/1-dune/rating"])
def test_a_moderator_who_may_be_named_is_named_as_now(app, dune, monkeypatch, path):
    monkeypatch.setitem(app.config, "MODERATORS_NAMED", True)
    mo = a_reader("Mo")
    db.session.add(Decision(book_id=dune.id, action="hide", rule="spam", reason="Pills.", role="moderator", moderator=mo))
    db.session.commit()
    assert "Mo</bdi>" in ask(app, path).text
    mo.username = "Moira"
    db.session.commit()
    assert "Moira</bdi>" in ask(app, path).text


def test_what_is_undone_leaves_the_pages_alone(app, dune):
    ask(app, "/books/1-dune")
    db.session.add(Review(book_id=1, rating=1, guest="x", name="x"))
    db.session.flush()
    db.session.rollback()
    db.session.commit()
    assert is_kept(app, "/books/1-dune")


def test_a_vote_is_counted_on_the_page_at_once(app, dune):
    assert "found this helpful" not in ask(app, "/books/1-dune").text
    a_vote(db.session.get(Review, 1))
    assert "1 of 1 reader found this helpful" in ask(app, "/books/1-dune").text
    assert "1 of 1 reader found this helpful" in ask(app, "/reviews/1").text


def test_where_many_rows_change_and_nobody_says_which_no_page_stands(app, dune):
    ask(app, "/books/1-dune")
    db.session.execute(sa.update(Book).values(title="Sand"))
    db.session.commit()
    assert not is_kept(app, "/books/1-dune")


def test_readers_with_a_session_get_pages_of_their_own(app, dune):
    for path in PAGES:
        ask(app, path)
    ann = Browser(app).login(a_reader("Ann"))
    for path in PAGES[:-1]:
        answer = ann.get(path)
        assert "Log out" in answer.text and "s-maxage" not in answer.headers["Cache-Control"]
        assert "Surrogate-Key" not in answer.headers and "Cache-Tag" not in answer.headers
        assert "Log out" not in ask(app, path).text


def test_a_guest_finds_their_own_review_marked_and_visitors_do_not(app, dune):
    guest = Browser(app)
    guest.post("/books/1-dune/review", rating=8, name="Gus", body="Dry.")
    assert "Change your review" in guest.get("/books/1-dune").text
    assert "Change your review" not in ask(app, "/books/1-dune").text
    assert "Change your review" in guest.get("/books/1-dune").text


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "session=x"}, {"Cookie": "a=b;session = x"}, {"Cookie": "remember_token=x"},
        {"Authorization": "Basic eDp5"},
    ],
)  # fmt: skip
def test_whoever_may_be_somebody_is_not_answered_from_memory(app, dune, headers):
    ask(app, "/", **headers)
    assert not is_kept(app, "/")
    for path in ("/", "/books/1-dune"):
        ask(app, path)
        assert "s-maxage" not in ask(app, path, **headers).headers["Cache-Control"]


def test_a_cookie_of_somebody_else_makes_no_difference_and_the_theme_does(app, dune):
    light = ask(app, "/books/1-dune")
    assert ask(app, "/books/1-dune", Cookie="_ga=1").data == light.data
    assert 'data-bs-theme="dark"' in ask(app, "/books/1-dune", Cookie="_ga=1; theme=dark").text
    assert ask(app, "/books/1-dune", Cookie="theme=<script>").data == light.data
    assert len(app.extensions["pages"].pages) == 2


def test_a_page_is_sent_as_the_browser_can_read_it(app, dune):
    plain = ask(app, "/books/1-dune").data
    for coding, decode in (("zstd", zstd.decompress), ("br", brotli.decompress), ("gzip", gzip.decompress)):
        answer = ask(app, "/books/1-dune", Accept_Encoding=f"{coding}, deflate")
        assert answer.headers["Content-Encoding"] == coding and decode(answer.data) == plain
        assert answer.content_length == len(answer.data) < len(plain)
    assert "Content-Encoding" not in ask(app, "/books/1-dune", Accept_Encoding="br;q=0, gzip;q=0").headers
    assert ask(app, "/books/1-dune", Accept_Encoding="zstd;q=0.1, gzip").headers["Content-Encoding"] == "gzip"
    assert len(app.extensions["pages"].pages) == 1


def test_a_browser_that_has_the_page_is_told_so(app, dune):
    etag = ask(app, "/books/1-dune", Accept_Encoding="br").headers["ETag"]
    for said in (etag, f'"x", {etag}', etag.removeprefix("W/"), "*"):
        answer = ask(app, "/books/1-dune", If_None_Match=said)
        assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", etag), said
    a_review(dune)
    assert ask(app, "/books/1-dune", If_None_Match=etag).status_code == 200


def test_head_and_range_are_answered_as_http_has_it(app, dune):
    head = ask(app, "/books/1-dune", "HEAD")
    whole = ask(app, "/books/1-dune")
    assert head.data == b"" and head.content_length == len(whole.data) > 1000
    assert ask(app, "/books/1-dune", "HEAD").data == ask(app, "/nowhere", "HEAD").data == b""
    assert ask(app, "/books/1-dune", Range="bytes=0-9").data == whole.data


@pytest.mark.parametrize(
    ("path", "status"),
    [("/books/9", 404), ("/books/1", 301), ("/books/1-dune?sort=x", 400), ("/nowhere", 404), ("/books/1-dune?junk=1", 200),
     ("/search?q=dune", 200), ("/login", 200), ("/books/1-dune/review", 200), ("/books/1-dune?stars=5&stars=4", 200),
     ("/books/", 200)],
)  # fmt: skip
def test_what_is_no_page_for_all_is_not_kept(app, dune, path, status):
    answer = ask(app, path)
    assert answer.status_code == status
    assert not app.extensions["pages"].pages
    assert "s-maxage" not in answer.headers.get("Cache-Control", "")


def test_addresses_that_somebody_made_up_do_not_fill_the_memory(app, dune):
    languages = list(NAMES)[: pagecache.VARIANTS + 5]
    for tag in languages:
        ask(app, f"/books/1-dune?language={tag}")
    assert len(app.extensions["pages"].pages) == pagecache.VARIANTS
    first, last = (f"/books/1-dune?language={tag}" for tag in (languages[0], languages[-1]))
    assert is_kept(app, last) and not is_kept(app, first)
    ask(app, first)
    assert is_kept(app, first)
    ask(app, "/books/1-dune")
    assert is_kept(app, "/books/1-dune") and len(app.extensions["pages"].pages) == pagecache.VARIANTS + 1


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}, {"X-Forwarded-Proto": "gopher"},
     {"X-Forwarded-Prefix": "/evil"}, {"Host": "evil.example", "X-Forwarded-Host": "localhost"}],
)  # fmt: skip
def test_nobody_can_put_words_into_a_page_that_others_read(app, dune, headers):
    ask(app, "/books/1-dune", **headers)
    for host in ("localhost", "books.example.org"):
        assert "evil" not in ask(app, "/books/1-dune", Host=host).text


def test_of_names_that_nobody_believes_there_is_one_page(app, dune):
    for name in ("a.example", "b.example", "c.example"):
        ask(app, "/books/1-dune", Host=name)
    assert len(app.extensions["pages"].pages) == 1


def test_names_that_somebody_made_up_for_the_own_machine_do_not_fill_the_memory(app, dune):
    for number in range(pagecache.VARIANTS):
        ask(app, "/books/1-dune", Host=f"u{number}@localhost")
    assert len(app.extensions["pages"].pages) == 1
    for port in range(1, pagecache.VARIANTS + 5):
        ask(app, "/books/1-dune", Host=f"localhost:{port}")
    assert len(app.extensions["pages"].pages) == pagecache.VARIANTS
    assert f"http://localhost:{port}/books/1-dune" in ask(app, "/books/1-dune", Host=f"localhost:{port}").text


def test_a_page_is_made_once_however_many_wait_for_it(app, dune, monkeypatch):
    pages, asked = app.extensions["pages"], []
    within, together = pages.within, Barrier(8)

    def slow(environ, start_response):
        asked.append(environ["PATH_INFO"])
        time.sleep(0.3)
        return within(environ, start_response)

    def visit(_number):
        together.wait()
        return ask(app, "/books/1-dune").status_code

    monkeypatch.setattr(pages, "within", slow)
    with ThreadPoolExecutor(8) as visitors:
        assert list(visitors.map(visit, range(8))) == [200] * 8
    assert asked == ["/books/1-dune"]


def test_who_waits_for_a_page_that_breaks_asks_by_themselves(app, dune, monkeypatch):
    pages, together = app.extensions["pages"], Barrier(4)

    def broken(_environ, _start_response):
        time.sleep(0.1)
        raise RuntimeError

    def visit(_number):
        together.wait()
        with pytest.raises(RuntimeError):
            ask(app, "/books/1-dune")

    monkeypatch.setattr(pages, "within", broken)
    with ThreadPoolExecutor(4) as visitors:
        list(visitors.map(visit, range(4)))
    monkeypatch.undo()
    assert ask(app, "/books/1-dune").status_code == 200


def test_a_page_that_was_changed_while_it_was_made_is_not_kept(app, dune, monkeypatch):
    pages = app.extensions["pages"]
    within = pages.within

    def overtaken(environ, start_response):
        answer = within(environ, start_response)
        app.extensions["news"].retire({"book:1"})
        return answer

    monkeypatch.setattr(pages, "within", overtaken)
    assert ask(app, "/books/1-dune").status_code == 200
    assert not is_kept(app, "/books/1-dune")


def test_the_memory_is_bounded_and_what_nobody_reads_goes_first(app, dune):
    pages = pagecache.Pages(100_000)

    def page(size):
        made = pagecache.Page(b"", [], ["book:1"], stamps.Stamps(), 0, time.monotonic(), "public")
        made.answers[""] = [], bytes(size)
        return made

    for number in range(50):
        key = pagecache.Key(f"/{number}", "", "", "")
        pages[key] = page(10_000)
        pages.get(pagecache.Key("/0", "", "", ""))
    assert pages.currsize <= 100_000 and len(pages) == 7
    assert pagecache.Key("/0", "", "", "") in pages and len(pages) == 7
    with pytest.raises(ValueError):
        pages[key] = page(200_000)


@pytest.fixture
def again():
    """Make the site again, as another process has it: `again(app)`."""
    made = []

    def make(app):
        made.append(make_app(app.config["SQLALCHEMY_DATABASE_URI"]))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


def test_every_process_of_a_machine_knows_of_a_change_before_its_writer_is_answered(app, dune, again):
    other = again(app)
    wait_until(lambda: other.extensions["news"].reliable)
    for number in range(20):
        ask(other, "/books/1-dune")
        assert is_kept(other, "/books/1-dune")
        a_review(dune, title=f"No. {number}")
        assert not is_kept(other, "/books/1-dune")
        assert f"No. {number}" in ask(other, "/books/1-dune?sort=newest").text


def refuse(_environ, _start_response):
    raise AssertionError("the page is made once more")


def test_only_of_a_page_that_was_kept_a_process_waits_until_another_has_made_it(app, dune, monkeypatch):
    waits, alone = [], stamps.Stamps.alone
    monkeypatch.setattr(stamps.Stamps, "alone", lambda own, name, seconds: waits.append(seconds) or alone(own, name, seconds))
    ask(app, "/books/1-dune")
    assert not waits
    a_review(dune, title="Worms")
    ask(app, "/books/1-dune")
    assert waits == [pagecache.PATIENCE_OF_ALL] and waits[0] < 1


def test_what_one_process_has_made_the_others_need_not_make(app, dune, again, monkeypatch):
    other = again(app)
    pages = other.extensions["pages"]
    wait_until(lambda: other.extensions["news"].reliable)
    made = ask(app, "/books/1-dune")
    monkeypatch.setattr(pages, "within", refuse)
    taken = ask(other, "/books/1-dune")
    assert (taken.data, dict(taken.headers)) == (made.data, dict(made.headers))
    a_review(dune, title="Worms")
    made = ask(app, "/books/1-dune")
    assert "Worms" in made.text
    assert ask(other, "/books/1-dune").data == made.data


@pytest.mark.parametrize("coding", ["", "identity", "gzip", "br"])
def test_what_one_process_has_made_is_there_for_all_browsers(app, dune, again, monkeypatch, coding):
    other = again(app)
    wait_until(lambda: other.extensions["news"].reliable)
    for number in range(20):
        a_review(dune, body=f"{number} " + "".join(map(chr, range(0x4E00, 0x4E00 + 500))))
    ask(app, "/books/1-dune", **{"Accept-Encoding": coding})
    made = ask(app, "/books/1-dune").data
    assert len(made) > common.ROOM
    monkeypatch.setattr(other.extensions["pages"], "within", refuse)
    assert zstd.decompress(ask(other, "/books/1-dune", **{"Accept-Encoding": "zstd"}).data) == made
    assert ask(other, "/books/1-dune").data == made


def test_what_was_made_before_a_process_heard_of_changes_is_made_anew(app, dune, again):
    other = again(app)
    wait_until(lambda: other.extensions["news"].reliable)
    ask(app, "/books/1-dune")
    other.extensions["pages"].forget()
    other.extensions["pages"].within, within = refuse, other.extensions["pages"].within
    with pytest.raises(AssertionError):
        ask(other, "/books/1-dune")
    other.extensions["pages"].within = within
    assert ask(other, "/books/1-dune").status_code == 200


def test_what_is_no_page_is_not_taken_for_one(app, dune, again, monkeypatch):
    other = again(app)
    wait_until(lambda: other.extensions["news"].reliable)
    made = ask(app, "/books/1-dune")
    monkeypatch.setattr(common, "memory", bytearray(b"junk" * (len(common.memory) // 4)))
    assert ask(other, "/books/1-dune").data == made.data


def test_another_machine_hears_of_a_change_from_postgresql(postgres_app, again, tmp_path, monkeypatch):
    emptied(postgres_app)
    monkeypatch.setattr(retiring, "place", lambda _url: str(tmp_path / "stamps"))  # which that machine has for itself
    away = again(postgres_app)
    wait_until(lambda: away.extensions["news"].reliable)
    monkeypatch.undo()
    with postgres_app.app_context():
        book = a_book("Dune")
        for number in range(10):
            wait_until(lambda: ask(away, "/books/1-dune") and is_kept(away, "/books/1-dune"))
            a_review(book, title=f"No. {number}")
            wait_until(lambda: not is_kept(away, "/books/1-dune"), seconds=2)
            assert f"No. {number}" in ask(away, "/books/1-dune?sort=newest").text
        retiring.retire(*(f"book:{number}" for number in range(5_000)))  # more than a notice holds
        ask(away, "/")
        db.session.commit()
        wait_until(lambda: not is_kept(away, "/"), seconds=2)


def test_while_postgresql_is_not_heard_nothing_is_kept(postgres_app, again, monkeypatch):
    emptied(postgres_app)
    monkeypatch.setattr(retiring, "AGAIN", 0.1)
    deaf = again(postgres_app)
    news = deaf.extensions["news"]
    wait_until(lambda: news.reliable)
    ask(deaf, "/")
    assert is_kept(deaf, "/")
    with postgres_app.app_context(), monkeypatch.context() as away:
        away.setattr(news, "url", lambda: sa.make_url("postgresql://nobody@/nowhere?host=/nowhere"))
        listeners = "FROM pg_stat_activity WHERE query ~ '^(LISTEN|SELECT 1$)' AND pid <> pg_backend_pid()"
        db.session.execute(sa.text(f"SELECT pg_terminate_backend(pid) {listeners}"))
        wait_until(lambda: not news.reliable)
        assert ask(deaf, "/").status_code == 200
    wait_until(lambda: news.reliable)
    assert not is_kept(deaf, "/")  # what was changed meanwhile was not heard


def test_without_shared_memory_pages_are_made_afresh(app, again, monkeypatch, caplog):
    def refused(_path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(retiring, "Stamps", refused)
    poor = again(app)
    with poor.app_context():
        book = a_book("Dune")
        assert ask(poor, "/books/1-dune").status_code == 200
        a_review(book, title="Worms")
        assert "Worms" in ask(poor, "/books/1-dune").text
        assert not poor.extensions["pages"].pages
        assert "No space left" in caplog.text


@pytest.fixture
def memory(tmp_path, monkeypatch):
    """The file of the memory that processes share, at which they look again each time."""
    monkeypatch.setattr(retiring, "place", lambda _url: str(tmp_path / "stamps"))
    monkeypatch.setattr(retiring, "LOOK", 0)
    return tmp_path / "stamps"


@pytest.fixture
def two_processes(memory, made_anew):
    """Two that share it, and have kept the page of the only book; the context of the first is pushed."""
    one, two = made_anew(), made_anew()
    emptied(one)
    with one.app_context():
        a_book("Dune")
        for app in (one, two):
            ask(app, "/books/1-dune")
        yield one, two


def test_where_somebody_removes_the_shared_memory_it_is_made_anew(memory, two_processes):
    one, two = two_processes
    book = db.session.get(Book, 1)
    memory.unlink()
    a_review(book, title="Worms")
    for app in (two, one):
        assert "Worms" in ask(app, "/books/1-dune").text
    a_review(book, title="Spice")
    assert "Spice" in ask(two, "/books/1-dune?sort=newest").text


@pytest.mark.parametrize("byte", [b"\0", b"\xff"])
def test_where_something_writes_over_the_shared_memory_it_is_made_anew(memory, two_processes, byte):
    one, two = two_processes
    book = db.session.get(Book, 1)
    with memory.open("r+b") as file:
        file.write(byte * stamps.SIZE)
    for title in ("Worms", "Spice"):
        a_review(book, title=title)
        for app in (two, one):
            assert title in ask(app, "/books/1-dune").text


def test_where_a_coding_breaks_the_page_is_sent_without(app, dune, monkeypatch):
    def broken(_body):
        raise MemoryError

    plain = ask(app, "/books/1-dune").data
    monkeypatch.setitem(pagecache.ENCODE, "br", broken)
    for _ in range(2):  # once from memory, once made
        answer = ask(app, "/books/1-dune", Accept_Encoding="br")
        assert (answer.status_code, answer.data) == (200, plain)
        app.extensions["pages"].forget()


def test_the_stamps_of_somebody_else_are_not_trusted(tmp_path, monkeypatch):
    (tmp_path / "link").symlink_to(tmp_path / "theirs")
    with pytest.raises(OSError):
        stamps.Stamps(str(tmp_path / "link"))
    monkeypatch.setattr(stamps, "SHARED_MEMORY", tmp_path)
    ours = stamps.own_folder()
    assert stamps.own_folder() == ours
    ours.chmod(0o777)
    with pytest.raises(PermissionError):
        stamps.own_folder()


def test_whoever_may_write_the_database_may_write_its_stamps(tmp_path):
    database = tmp_path / "site.db"
    database.touch()
    database.chmod(0o664)
    stamps.Stamps(f"{database}-stamps")
    assert (tmp_path / "site.db-stamps").stat().st_mode & 0o777 == 0o664


# What no page shows that is kept for visitors; of a version, a vote and a change of a rating the review or the book tells.
HIDDEN = {
    "appeal", "cover", "decision_count", "draft", "flag", "identifier", "invitation", "login", "merge", "message", "passkey",
    "rating_change", "rating_month", "report", "review_version", "role", "search_form", "sketch", "user_role", "vote",
}  # fmt: skip


def test_every_table_is_one_that_pages_show_or_not(app):
    shown = {table.name for table in db.metadata.sorted_tables if retiring.is_shown(table)}
    assert shown | HIDDEN >= {table.name for table in db.metadata.sorted_tables}
    assert not shown & HIDDEN


def test_a_member_s_page_is_the_kept_one_joined_with_what_is_theirs(app, dune, queries):
    """What a member reads is, but for their own parts, what a visitor reads, and costs few queries."""
    other = a_review(dune, by=a_reader("Olaf"), title="Worms")
    ann = a_reader("Ann")
    a_vote(other, by=ann)
    own = a_review(dune, by=ann, title="My own words")
    member = Browser(app).login(ann)
    ask(app, "/books/1-dune")
    with queries() as found:
        page = member.get("/books/1-dune").page
    assert len(found) <= 6
    assert "<!--" not in str(page)
    assert page.select_one(f"#votes-{other.id} button[aria-pressed=true]").get_text().startswith("Helpful")
    assert not page.select_one(f"#votes-{own.id} form") and page.select_one(f"#review-{own.id} .own")
    assert "Change your review" in page.main.get_text() and "Have you read it?" not in page.main.get_text()
    visitor = Browser(app).get("/books/1-dune").page
    for changed in (page, visitor):
        for part in changed.select(".votes, .own, nav, .book-verdict > a, .what-now, form"):
            part.decompose()
    assert page.main.get_text(" ", strip=True) == visitor.main.get_text(" ", strip=True)


def test_a_review_that_went_while_its_page_was_joined_breaks_nothing(app, dune, monkeypatch):
    member = Browser(app).login(a_reader("Ann"))
    monkeypatch.setattr(listing, "answers", lambda _ids: {})
    page = member.get("/books/1-dune").page
    assert page.select_one("#review-1") and not page.select("#votes-1")


def test_a_member_s_notices_stand_on_a_joined_page_once(app, dune):
    member = Browser(app).login(a_reader("Ann"))
    member.post("/books/1-dune/review", rating=8, body="Dry.")
    member.send("/books/1-dune/review/delete", hidden(member.form("/books/1-dune/review/delete")))
    assert "You have deleted your review" in member.get("/books/1-dune").words
    assert "You have deleted" not in ask(app, "/books/1-dune").text
