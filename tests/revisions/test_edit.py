"""The facts of a book are improved: by moderators at once, by readers as proposals."""

import pytest
import sqlalchemy as sa

from bookreviews.books.models import Book, Edition
from bookreviews.extensions import db
from bookreviews.moderation.models import Case
from bookreviews.revisions import facts
from bookreviews.revisions.models import Revision
from bookreviews.search.index import differences
from tests.browser import Browser
from tests.factories import a_book, a_reader
from tests.revisions.changes import filled, improve

ISBN, OTHER_ISBN = "9780441172719", "9780439023481"


@pytest.fixture
def dune(app):
    known = {"first_published": 1965, "language": "en", "description": "A desert.\n\nAnd worms."}
    return a_book("Dune", ["Frank Herbert"], [ISBN], ["Science fiction"], **known)


@pytest.fixture
def reader(app):
    return Browser(app).login(a_reader("ann"))


@pytest.fixture
def moderator(app):
    return Browser(app).login(a_reader("mo", roles=["moderator"]))


def known(book):
    db.session.expire_all()
    return facts.of(book.id)


def revisions():
    return db.session.scalars(sa.select(Revision).order_by(Revision.id)).all()


def test_the_books_page_leads_to_the_form_and_visitors_log_in_on_the_way(browser, reader, dune):
    link = browser.get(f"/books/{dune.ref}").page.find("a", string="Improve these facts")
    assert browser.get(link["href"], 302).location.startswith("/login?next=")
    form = reader.get(link["href"]).page
    assert form.find(id="first_published")["value"] == "1965"
    assert form.find(id="authors").get_text().strip() == "Frank Herbert"
    assert form.find(id="edition_1_isbn13")["value"] == ISBN


def test_a_moderators_change_stands_at_once_and_the_search_knows_it(moderator, browser, dune):
    improve(
        moderator, dune, title="The Dune", subtitle="Book One", authors="Brian Herbert\nJohn Schoenherr (Illustrator)",
        series="Dune", series_position="1.0", first_published="750 BC", language="de",
        subjects="Deserts\nScience fiction", description="Sand.", why="From the title page",
    )  # fmt: skip
    assert {name: text for name, text in known(dune).items() if not name.startswith("edition")} == {
        "title": "The Dune", "subtitle": "Book One", "authors": "Brian Herbert\nJohn Schoenherr (illustrator)",
        "series": "Dune", "series_position": "1", "first_published": "750 BC", "language": "de",
        "subjects": "Deserts\nScience fiction", "description": "Sand.",
    }  # fmt: skip
    book = db.session.get(Book, dune.id)
    assert (book.sort_title, book.match_key) == ("dune", "the dune|brian herbert")
    assert differences([dune.id]) == []
    assert "The Dune" in browser.get("/search?q=author:schoenherr").page.main.get_text()
    (revision,) = revisions()
    assert (revision.role, revision.why, revision.waits) == ("moderator", "From the title page", False)
    assert revision.changes["title"] == ["Dune", "The Dune"]
    assert revision.changes["authors"] == ["Frank Herbert", "Brian Herbert\nJohn Schoenherr (illustrator)"]


def test_a_readers_change_is_proposed_and_the_facts_stay(reader, dune):
    before = known(dune)
    answer = reader.follow(reader.follow(improve(reader, dune, subtitle="Book One"), 301))
    assert "A moderator looks at it first" in answer.words
    assert known(dune) == before
    (revision,) = revisions()
    assert revision.waits and revision.changes == {"subtitle": ["", "Book One"]}
    case = db.session.scalar(Case.open())
    assert (case.kind, case.id, case.book_id, case.user_id) == ("proposal", revision.case_id, dune.id, revision.user_id)


def test_what_a_reader_proposes_later_is_added_to_what_waits(reader, dune):
    improve(reader, dune, subtitle="Book One", why="Title page")
    assert "wait for a moderator already" in reader.get(f"/books/{dune.ref}/edit").words
    improve(reader, dune, series="Dune")
    (revision,) = revisions()
    assert revision.changes == {"subtitle": ["", "Book One"], "series": ["", "Dune"]}
    assert revision.why == "Title page"


def test_proposals_of_two_readers_are_two(app, reader, dune):
    improve(reader, dune, subtitle="Book One")
    improve(Browser(app).login(a_reader("bob")), dune, subtitle="Book 1")
    assert len(revisions()) == 2
    assert len(db.session.scalars(Case.open()).all()) == 2


def test_sending_what_stands_changes_nothing(moderator, dune):
    answer = moderator.follow(moderator.follow(improve(moderator, dune), 301))
    assert "Nothing was changed" in answer.words
    assert revisions() == []


def test_the_same_twice_is_one_change(moderator, dune):
    form = filled(moderator.form(f"/books/{dune.ref}/edit")) | {"series": "Dune", "edition_new_isbn13": OTHER_ISBN}
    moderator.send(f"/books/{dune.ref}/edit", form)
    moderator.send(f"/books/{dune.ref}/edit", form | {"edition_new_isbn13": ""})
    assert len(revisions()) == 1


def test_editions_are_changed_added_and_taken_away(moderator, dune):
    improve(moderator, dune, edition_1_publisher="Ace", edition_1_year="1990", edition_1_pages="535", edition_1_language="en")
    improve(moderator, dune, edition_new_isbn13="0-439-02348-3", edition_new_format="Paperback")
    assert {(edition.id, edition.isbn13, edition.publisher, edition.year, edition.pages, edition.language, edition.format)
            for edition in db.session.scalars(sa.select(Edition))} == {
        (1, ISBN, "Ace", 1990, 535, "en", ""), (2, OTHER_ISBN, "", None, None, None, "Paperback"),
    }  # fmt: skip
    assert revisions()[1].changes == {"edition_2_isbn13": ["", OTHER_ISBN], "edition_2_format": ["", "Paperback"]}
    improve(moderator, dune, edition_2_isbn13="", edition_2_format="")
    assert db.session.scalars(sa.select(Edition.id)).all() == [1]


@pytest.mark.parametrize(
    "name, text, sentence",
    [
        ("title", "", "A book has a title"),
        ("title", "\u200b", "A book has a title"),
        ("title", "x" * 1001, "at most 1,000 characters"),
        ("description", "x" * 20_001, "at most 20,000 characters; there are 20,001"),
        ("first_published", "soon", "A year is written as"),
        ("first_published", "9999", "A year is written as"),
        ("series_position", "first", "A place in a series is a number"),
        ("language", "tlh!", "choose a language"),
        ("authors", "x" * 301, "at most 300 characters"),
        ("authors", "\n".join(f"Author {number}" for number in range(101)), "at most 100 authors"),
        ("authors", "Ann\n\u200b", "a line without a name"),
        ("subjects", "Deserts\n!!!", "a line without a name"),
        ("subjects", "x" * 101, "at most 100 characters"),
        ("edition_1_isbn13", "978-0-441-17271-8", "A digit is wrong or missing"),
        ("edition_new_isbn13", ISBN, "is with an edition of “Dune” already"),
        ("edition_1_pages", "0", "Pages are a number"),
        ("edition_1_year", "soon", "A year is written as"),
        ("edition_new_publisher", "x" * 301, "at most 300 characters"),
        ("why", "x" * 301, "at most 300 characters"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(reader, dune, name, text, sentence):
    before = known(dune)
    answer = improve(reader, dune, 422, **{"subtitle": "Kept", name: text})
    place = answer.page.find(id=f"{name}-error")
    assert sentence in place.get_text()
    assert not place.find_parent("details") or place.find_parent("details").has_attr("open")
    assert answer.page.find(role="alert").find("a", href=f"#{name}")
    assert answer.page.find(id="subtitle")["value"] == "Kept"
    assert known(dune) == before and revisions() == []


def test_what_was_there_before_need_not_be_mended(moderator, app):
    odd = a_book("!", ["x" * 400], subjects=["A" * 120], language="tlh", series="?", series_position="one")
    improve(moderator, odd, subtitle="New")
    assert revisions()[0].changes == {"subtitle": ["", "New"]}
    assert db.session.get(Book, odd.id).language == "tlh"


def test_another_spelling_of_the_same_is_no_change(moderator, dune):
    improve(moderator, dune, first_published="AD 1965", edition_1_isbn13="0-441-17271-7", authors=" Frank  Herbert \n\n")
    assert revisions() == []


def test_two_who_change_different_facts_do_not_meet(app, moderator, dune):
    url = f"/books/{dune.ref}/edit"
    earlier = filled(moderator.form(url))
    improve(Browser(app).login(a_reader("ada", roles=["admin"])), dune, series="Dune")
    moderator.send(url, earlier | {"subtitle": "Book One"})
    assert (known(dune)["series"], known(dune)["subtitle"]) == ("Dune", "Book One")


def test_facts_changed_meanwhile_are_shown_beside_what_was_typed_and_nothing_is_lost(app, moderator, dune):
    url = f"/books/{dune.ref}/edit"
    earlier = filled(moderator.form(url))
    improve(Browser(app).login(a_reader("ada", roles=["admin"])), dune, description="A red desert.")
    answer = moderator.send(url, earlier | {"description": "A blue desert.", "series": "Dune"}, 409)
    stands, typed = answer.page.select(".conflict .sides .diff")
    assert (stands.get_text(), typed.get_text()) == ("A red desert.", "A blue desert.")
    assert [h3.get_text() for h3 in answer.page.select(".conflict h3")] == ["Description"]
    assert answer.page.find(id="series")["value"] == "Dune"
    assert known(dune)["description"] == "A red desert."
    moderator.send(url, filled(answer.page.find(id="facts")))
    assert (known(dune)["description"], known(dune)["series"]) == ("A blue desert.", "Dune")


@pytest.mark.parametrize("role", ["moderator", "reader"])
def test_what_others_changed_meanwhile_and_one_has_not_touched_stands(app, role, request, dune):
    one, url = request.getfixturevalue(role), f"/books/{dune.ref}/edit"
    earlier = filled(one.form(url)) | {"first_published": "1964"}
    other = Browser(app).login(a_reader("ada", roles=["admin"]))
    improve(other, dune, first_published="1966", subjects="Deserts\nScience fiction", language="de", edition_1_isbn13="")
    answer = one.send(url, earlier, 409)
    assert answer.page.find(id="subjects").get_text().split("\n")[1:] == ["Deserts", "Science fiction"]
    one.send(url, filled(answer.page.find(id="facts")))
    assert revisions()[-1].changes == {"first_published": ["1966", "1964"]}
    stands = known(dune)
    assert (stands["subjects"], stands["language"]) == ("Deserts\nScience fiction", "de")
    assert stands["first_published"] == ("1964" if role == "moderator" else "1966")
    assert db.session.scalar(sa.select(sa.func.count(Edition.id))) == 0


def test_what_was_typed_for_an_edition_that_is_gone_meanwhile_is_shown(moderator, dune):
    url = f"/books/{dune.ref}/edit"
    earlier = filled(moderator.form(url))
    db.session.execute(sa.delete(Edition))
    db.session.commit()
    answer = moderator.send(url, earlier | {"edition_1_publisher": "Ace"}, 409)
    assert answer.page.find(id="edition_1_publisher")["value"] == "Ace"
    moderator.send(url, filled(answer.page.find(id="facts")))
    (edition,) = db.session.scalars(sa.select(Edition))
    assert (edition.publisher, edition.isbn13) == ("Ace", ISBN)


@pytest.mark.parametrize(
    "shown", ["", "{", "[]", "null", '{"title": 5}', '{"edition_9_year": "x", "edition_x_year": "x"}', "x" * 9999]
)
def test_mangled_signs_are_no_way_round_the_question(moderator, dune, shown):
    answer = improve(moderator, dune, 409, title="Doon", shown=shown)
    assert answer.page.find(id="title")["value"] == "Doon"
    assert known(dune)["title"] == "Dune"


def test_who_was_logged_out_meanwhile_loses_nothing(reader, dune):
    url = f"/books/{dune.ref}/edit"
    form = filled(reader.form(url)) | {"description": "All my words."}
    reader.client.delete_cookie("session")
    answer = reader.send(url, form, 422)
    assert "You have been logged out" in answer.page.find(role="alert").get_text()
    assert answer.page.find(id="description").get_text().strip() == "All my words."


def test_an_import_does_not_overwrite_what_was_changed(moderator, dune, cli, tmp_path):
    improve(moderator, dune, subtitle="Book One", first_published="1964")
    file = tmp_path / "more.csv"
    file.write_text("isbn,title,subtitle,author,year\n9780441172719,Dune,The Novel,Frank Herbert,1965\n")
    assert cli("catalogue", "import", file).exit_code == 0
    assert (known(dune)["subtitle"], known(dune)["first_published"]) == ("Book One", "1964")


def test_an_import_does_not_bring_back_what_was_taken_away(moderator, dune, cli, tmp_path):
    file = tmp_path / "again.csv"
    file.write_text(f"isbn,title,author,year,language,subjects\n{ISBN},Dune,Frank Herbert,1965,en,Science fiction\n")
    improve(moderator, dune, first_published="", language="", authors="", subjects="")
    stands = known(dune)
    assert "added 0, updated 0, unchanged 1" in cli("catalogue", "import", file).output
    assert known(dune) == stands
    improve(moderator, dune, authors="Frank Herbert", edition_1_isbn13="")
    assert "added 0, updated 0, unchanged 1" in cli("catalogue", "import", file).output
    assert db.session.scalar(sa.select(sa.func.count(Edition.id))) == 0


def test_an_import_fills_in_where_a_change_is_only_proposed(reader, dune, cli, tmp_path):
    improve(reader, dune, subtitle="Book One")
    file = tmp_path / "again.csv"
    file.write_text(f"isbn,title,author,series\n{ISBN},Dune,Frank Herbert,Dune\n")
    assert "updated 1" in cli("catalogue", "import", file).output
    assert known(dune)["series"] == "Dune"


@pytest.mark.parametrize("path", ["/books/999/edit", "/books/x/edit"])
def test_an_unknown_book_has_no_facts(reader, path):
    reader.get(path, 404)
    reader.send(path, {"title": "x"}, 404)


def test_the_number_of_queries_does_not_grow_with_the_editions(moderator, dune, queries):
    url = f"/books/{dune.ref}/edit"

    def look():
        with queries() as found:
            moderator.get(url)
        return len(found)

    few = look()
    db.session.add_all(Edition(book_id=dune.id, publisher=f"Publisher {number}") for number in range(9))
    db.session.commit()
    assert look() == few
