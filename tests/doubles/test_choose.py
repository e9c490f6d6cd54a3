"""Who reviewed two books that were found to be one chooses which review stays."""

import pytest
import sqlalchemy as sa

from bookreviews.books.models import Book
from bookreviews.drafts.models import Draft
from bookreviews.extensions import db, now
from bookreviews.merging import books as merging
from bookreviews.merging.models import Merge
from bookreviews.moderation.models import Case, Decision
from bookreviews.reviews.models import Review, Version
from tests.browser import Browser, hidden
from tests.factories import a_book, a_case, a_reader, a_review, a_vote

PAGE = "/reviews/twice"


@pytest.fixture
def ann(app):
    return a_reader("ann")


@pytest.fixture
def books(app):
    """A book, and the same once more."""
    return a_book("Dune: a novel", ["F. Herbert"]), a_book("Dune", ["Frank Herbert"])


def merge(books):
    merging.merge(books[0].id, books[1].id, {}, "The same.")
    db.session.commit()


@pytest.fixture
def twice(browser, ann, books):
    """Ann has reviewed both, which are one now; somebody else has, too."""
    again, dune = books
    review = a_review(again, 4, by=ann, title="Sand", body="Of the second.")
    a_vote(review, by=a_reader("bob"))
    a_review(dune, 9, by=ann, body="Of the first.")
    merge(books)
    return browser.login(ann)


def mine(ann):
    db.session.expire_all()
    return db.session.scalars(sa.select(Review).where(Review.user_id == ann.id)).all()


def test_until_then_the_one_of_the_book_that_stands_is_shown_and_counted(twice, ann, books, cli):
    dune = db.session.get(Book, books[1].id)
    assert (dune.ratings_count, dune.ratings_sum) == (1, 9)
    for path in (f"/books/{dune.ref}", "/readers/ann", "/"):
        answer = twice.get(path)
        assert "Of the first." in answer.words and "Of the second." not in answer.words
    assert cli("ratings", "verify").output == "0 wrong.\n"


def test_the_person_is_told_on_every_page_and_nobody_else_is(app, twice):
    notice = "A book that you reviewed was here twice"
    assert notice in twice.get("/books").words
    assert notice not in Browser(app).get("/books").words
    assert notice not in Browser(app).login(a_reader("cid")).get("/books").words


def test_both_are_shown_side_by_side(twice):
    page = twice.get(PAGE)
    assert "Of the first." in page.words and "Of the second." in page.words and "Dune" in page.words


def test_the_one_that_stands_aside_is_read_by_its_writer_alone_and_others_come_to_the_one_that_is_shown(app, twice, ann):
    shown, aside = sorted(mine(ann), key=lambda review: review.set_aside_at is not None)
    assert "Of the second." in twice.get(f"/reviews/{aside.id}").words
    assert Browser(app).get(f"/reviews/{aside.id}", 302).location == f"/reviews/{shown.id}"
    twice.post(f"/books/{shown.book_id}-dune/review/delete")
    Browser(app).get(f"/reviews/{aside.id}", 404)


def test_instead_of_what_a_guest_wrote_nobody_comes_to_what_another_did(app, browser, books):
    for book in books:
        browser.post(f"/books/{book.ref}/review", rating=8, body="Sand.", title="", name="Gus")
    a_review(books[1], body="By another guest.")
    merge(books)
    browser.post(f"/books/{books[1].ref}/review/delete")
    aside = db.session.scalar(sa.select(Review).where(Review.set_aside_at.is_not(None)))
    Browser(app).get(f"/reviews/{aside.id}", 404)


def test_the_one_that_is_shown_is_kept_and_the_others_words_are_a_draft(twice, ann, books, cli):
    assert twice.post(PAGE, keep="shown").location == f"/books/{books[1].ref}"
    assert [(review.body, review.set_aside_at) for review in mine(ann)] == [("Of the first.", None)]
    draft = db.session.scalar(sa.select(Draft))
    assert (draft.body, draft.title, draft.rating, draft.book_id) == ("Of the second.", "Sand", 4, books[1].id)
    assert "A book that you reviewed was here twice" not in twice.get("/books").words
    assert cli("ratings", "verify").output == "0 wrong.\n"


def test_the_one_that_stood_aside_is_kept_with_its_votes(twice, ann, books, cli):
    twice.post(PAGE, keep="aside")
    (review,) = mine(ann)
    assert (review.body, review.book_id, review.set_aside_at, review.helpful) == ("Of the second.", books[1].id, None, 1)
    assert db.session.scalar(sa.select(Draft.body)) == "Of the first."
    assert (db.session.get(Book, books[1].id).ratings_count, db.session.get(Book, books[1].id).ratings_sum) == (1, 4)
    assert cli("ratings", "verify").output == "0 wrong.\n"


def test_what_was_drafted_already_stays_above(twice, ann, books):
    db.session.add(Draft(user_id=ann.id, book_id=books[1].id, body="Drafted."))
    db.session.commit()
    twice.post(PAGE, keep="shown")
    assert db.session.scalar(sa.select(Draft.body)) == "Drafted.\n\nOf the second."


def test_a_guest_chooses_as_well_and_the_others_words_are_an_earlier_version(browser, books, cli):
    for book, body in zip(books, ("Of the second.", "Of the first."), strict=True):
        browser.post(f"/books/{book.ref}/review", rating=8, body=body, title="", name="Gus")
    merge(books)
    assert "A book that you reviewed was here twice" in browser.get("/").words
    browser.post(PAGE, keep="aside")
    assert [review.body for review in db.session.scalars(sa.select(Review))] == ["Of the second."]
    assert db.session.scalar(sa.select(Version.body)) == "Of the first."
    assert cli("ratings", "verify").output == "0 wrong.\n"


def test_one_after_the_other_is_chosen(twice, ann, books):
    third = a_book("Dune, once more")
    a_review(third, 2, by=ann, body="Of the third.")
    merge((third, books[1]))
    assert twice.post(PAGE, keep="aside").location == PAGE
    twice.post(PAGE, keep="shown")
    assert len(mine(ann)) == 1
    assert "Of the third." in db.session.scalar(sa.select(Draft.body))


def test_choosing_twice_is_harmless(twice, ann):
    form = twice.form(PAGE)
    data = {field["name"]: field["value"] for field in form.select("input")} | {"keep": "aside"}
    twice.send(PAGE, data)
    answer = twice.send(PAGE, data)
    assert "There was nothing to choose any more." in twice.follow(answer).words
    assert len(mine(ann)) == 1


def test_nobody_chooses_for_somebody_else(app, twice, ann):
    data = {field["name"]: field["value"] for field in twice.form(PAGE).select("input")}
    other = Browser(app).login(a_reader("eve"))
    data["csrf_token"] = other.get("/appearance").page.main.find("input", {"name": "csrf_token"})["value"]
    other.send(PAGE, data | {"keep": "aside"})
    assert len(mine(ann)) == 2


@pytest.mark.parametrize("fields", [{"keep": "both"}, {"keep": "shown", "aside": "x"}, {"keep": "shown", "aside": "9" * 11}])
def test_nonsense_changes_nothing(twice, ann, fields):
    twice.post(PAGE, 400, **fields)
    assert len(mine(ann)) == 2


def test_what_a_moderator_removed_is_not_brought_back_by_choosing_it(browser, ann, books):
    a_review(books[0], by=ann, body="Rude.", hidden_at=now())
    a_review(books[1], by=ann)
    merge(books)
    assert "There is nothing to choose" in browser.login(ann).get(PAGE).words


def test_a_deleted_review_gives_way_to_one_that_is_not(ann, books, cli):
    a_review(books[1], by=ann, body="Deleted.", deleted_at=now())
    a_review(books[0], 4, by=ann, body="Stands.")
    merge(books)
    assert [(review.body, review.book_id, review.set_aside_at) for review in mine(ann)] == [("Stands.", books[1].id, None)]
    assert db.session.get(Book, books[1].id).ratings_sum == 4
    assert cli("ratings", "verify").output == "0 wrong.\n"


def test_after_the_merge_was_undone_both_stand_again(twice, ann, books, cli):
    merging.undo(db.session.scalar(sa.select(Merge)))
    db.session.commit()
    assert sorted((review.book_id, review.set_aside_at) for review in mine(ann)) == [(books[0].id, None), (books[1].id, None)]
    assert "There is nothing to choose" in twice.get(PAGE).words
    assert cli("ratings", "verify").output == "0 wrong.\n"


def test_what_was_chosen_stays_when_the_merge_is_undone(twice, ann, books, cli):
    twice.post(PAGE, keep="aside")
    merging.undo(db.session.scalar(sa.select(Merge)))
    db.session.commit()
    assert [(review.body, review.book_id) for review in mine(ann)] == [("Of the second.", books[1].id)]
    assert cli("ratings", "verify").output == "0 wrong.\n"


def test_a_guests_two_reviews_become_a_members(app, browser, ann, books):
    for book in books:
        browser.post(f"/books/{book.ref}/review", rating=8, body="Sand.", title="", name="Gus")
    merge(books)
    browser.login(ann)
    assert len(mine(ann)) == 2
    browser.post(PAGE, keep="aside")
    assert len(mine(ann)) == 1


def test_an_account_is_closed_although_there_was_something_to_choose(twice, ann, cli):
    twice.post("/settings/close", username="ann", password="of mice and moonlight", reviews="keep", keep="yes")
    assert cli("ratings", "verify").output == "0 wrong.\n"


def test_a_visitor_has_nothing_to_choose_and_no_query_is_asked_for_that(browser, queries):
    with queries() as found:
        browser.get("/books")
    assert not [statement for statement in found if "set_aside_at IS NOT NULL" in statement]
    assert "There is nothing to choose" in browser.get(PAGE).words


@pytest.fixture
def deleted(twice, books):
    """Ann has deleted the one that was shown."""
    twice.post(f"/books/{books[1].ref}/review/delete")
    return twice


def test_where_the_one_that_was_shown_is_deleted_the_other_is_published_in_its_place(deleted, ann, books, cli):
    assert "A book that you reviewed was here twice" in deleted.get("/").words
    page = deleted.get(PAGE)
    assert "You have deleted your other review" in page.words and "Of the first." not in page.words
    deleted.post(PAGE, keep="aside")
    assert [(review.body, review.book_id, review.set_aside_at) for review in mine(ann)] == [
        ("Of the second.", books[1].id, None)
    ]
    assert db.session.scalar(sa.select(Draft)) is None
    assert (db.session.get(Book, books[1].id).ratings_count, db.session.get(Book, books[1].id).ratings_sum) == (1, 4)
    assert cli("ratings", "verify").output == "0 wrong.\n"


def test_or_it_is_deleted_as_well_and_does_not_come_back_when_the_merge_is_undone(deleted, ann, books, cli):
    deleted.post(PAGE, keep="shown")
    assert "There is nothing to choose" in deleted.get(PAGE).words
    merging.undo(db.session.scalar(sa.select(Merge)))
    db.session.commit()
    assert all(review.deleted for review in mine(ann))
    assert cli("ratings", "verify").output == "0 wrong.\n"


def test_it_is_so_when_the_deleted_one_is_gone_for_good(deleted, ann, books):
    db.session.delete(next(review for review in mine(ann) if review.deleted))
    db.session.commit()
    assert "You have deleted your other review" in deleted.get(PAGE).words
    deleted.post(PAGE, keep="aside")
    assert [(review.body, review.book_id) for review in mine(ann)] == [("Of the second.", books[1].id)]


@pytest.mark.parametrize(("moment", "told"), [("hidden_at", "The moderators removed"), ("held_at", "waits for a look")])
@pytest.mark.parametrize("facts", [{}, {"deleted_at": now()}])
def test_what_moderators_decided_is_not_shaken_off_by_the_other_one(app, browser, ann, books, moment, told, facts, cli):
    rude = a_review(books[1], 1, by=ann, body="Rude.", **{moment: now()}, **facts)
    decided = Decision(action="hide", role="moderator", review_id=rude.id, book_id=books[1].id, reason="Rude.")
    db.session.add(decided)
    db.session.commit()
    a_review(books[0], 9, by=ann, body="Good.")
    merge(books)
    assert told in browser.login(ann).get(PAGE).words
    browser.post(PAGE, keep="aside")
    (kept,) = mine(ann)
    assert (kept.body, kept.book_id) == ("Good.", books[1].id) and getattr(kept, moment)
    assert db.session.get(Decision, decided.id).review_id == kept.id
    assert "Good." not in Browser(app).get(f"/books/{books[1].ref}").words
    assert db.session.get(Book, books[1].id).ratings_count == 0
    assert cli("ratings", "verify").output == "0 wrong.\n"


def test_what_was_removed_of_a_guests_is_not_read_as_an_earlier_version(app, browser, books):
    for book, body in zip(books, ("Good.", "Rude."), strict=True):
        browser.post(f"/books/{book.ref}/review", rating=8, body=body, title="", name="Gus")
    db.session.scalar(sa.select(Review).where(Review.body == "Rude.")).hidden_at = now()
    db.session.commit()
    merge(books)
    browser.post(PAGE, keep="aside")
    assert db.session.scalar(sa.select(Version.hidden)) is True


def test_what_was_reported_of_the_one_that_stood_aside_is_of_the_book_that_it_is_of_now(twice, ann, books):
    review = next(review for review in mine(ann) if review.set_aside_at)
    a_case(review)
    twice.post(PAGE, keep="aside")
    assert db.session.scalar(sa.select(Case.book_id)) == books[1].id


def test_moderators_see_that_it_stands_aside_and_have_nothing_to_decide(app, twice, ann):
    review = next(review for review in mine(ann) if review.set_aside_at)
    page = Browser(app).login(a_reader("mo", roles=["moderator"])).get(f"/moderation/reviews/{review.id}")
    assert "Stands aside" in page.page.select_one(".lead").text
    assert page.page.find("button", attrs={"name": "action"}) is None


@pytest.mark.parametrize(
    ("facts", "told"), [({}, "was not removed"), ({"hidden_at": now(), "body": "Rude."}, "This review stands aside")]
)
def test_against_what_stands_aside_nobody_appeals(browser, ann, books, facts, told):
    review = a_review(books[0], by=ann, **facts)
    db.session.add(Decision(action="hide", role="moderator", review_id=review.id, reason="Rude."))
    a_review(books[1], by=ann)
    merge(books)
    page = browser.login(ann).get(f"/reviews/{review.id}")
    assert page.page.find("a", string="Appeal") is None and page.page.find("a", string="Delete your review") is None
    assert told in browser.follow(browser.get(f"/reviews/{review.id}/appeal", 303)).words


def test_a_question_about_the_one_deletes_not_the_other(browser, ann, books):
    for book, body in zip(books, ("Of the second.", "Of the first."), strict=True):
        a_review(book, by=ann, body=body)
    path = f"/books/{books[0].ref}/review/delete"
    shown = hidden(browser.login(ann).form(path))
    merge(books)
    answer = browser.send(path, shown, 308)
    assert "This is not what you were asked about" in browser.send(answer.location, shown, 409).words
    assert not any(review.deleted for review in mine(ann))
