"""A merge is undone: what moved and is still there goes back."""

import pytest
import sqlalchemy as sa

from bookreviews.books.models import Author, Book, Edition, Identifier, OutsideRating
from bookreviews.covers.models import Cover
from bookreviews.drafts.models import Draft
from bookreviews.extensions import db
from bookreviews.merging.models import Merge
from bookreviews.moderation.models import Case, Decision
from bookreviews.reviews.models import Review
from bookreviews.revisions.models import APPLIED, PROPOSED, Revision
from tests.browser import Browser
from tests.factories import a_book, a_cover, a_reader, a_review
from tests.merging.acting import merged, token, undone
from tests.merging.test_authors import merged_authors
from tests.merging.test_move import moved


def everything(*books):
    """All that there is of books, to be compared."""
    db.session.expire_all()
    found = []
    for book in books:
        row = db.session.scalars(Book.together().where(Book.id == book.id)).unique().one()
        facts = {column.name: getattr(row, column.name) for column in Book.__table__.c}
        lists = [author.name for author in row.authors], [subject.name for subject in row.subjects]
        rows = {
            model.__name__: sorted(
                tuple(
                    getattr(one, column.name) or ""
                    for column in model.__table__.c
                    if column.name not in ("version", "opened_at")
                )
                for one in db.session.scalars(sa.select(model).where(model.book_id == row.id))
                if getattr(one, "state", "") != APPLIED  # the history tells both
            )
            for model in (Edition, Identifier, OutsideRating, Draft, Review, Case, Cover, Revision)
        }
        found.append((facts, lists, rows))
    return found


def test_everything_is_as_it_was(moderator, pair, cli):
    again, dune = pair
    ann, bob = a_reader("ann"), a_reader("bob")
    a_review(again, 4, by=ann)
    a_review(again, 5, by=bob)
    a_review(dune, 9, by=bob)
    a_review(again, 7)
    db.session.add_all(Identifier(scheme="x", value=str(book.id), book_id=book.id) for book in pair)
    for book, source, count in ((again, "a", 5), (dune, "a", 3), (again, "b", 2)):
        db.session.add(OutsideRating(book_id=book.id, source=source, average=4.0, count=count))
        book.outside_count += count
    db.session.add(Draft(user_id=ann.id, book_id=again.id, body="Not yet."))
    db.session.add_all(Case(kind=kind, book_id=again.id) for kind in ("proposal", "book"))
    db.session.add(Revision(book_id=again.id, user_id=ann.id, role="reader", state=PROPOSED, changes={"title": ["a", "b"]}))
    db.session.commit()
    for book in pair:
        a_cover(book, by=ann, shown=False)
        a_cover(book, by=bob)
    before = everything(*pair)
    merge = merged(moderator, again, dune, title="from", authors="from", language="from")
    answer = undone(moderator, merge)
    assert "This is undone." in answer.words and "stays as it is" not in answer.words
    assert everything(*pair) == before
    assert cli("ratings", "verify").output == "0 wrong.\n"
    assert cli("search", "check").exit_code == 0
    assert moderator.get(f"/books/{again.ref}")
    assert moderator.get("/isbn/9780340960196", 302).location == f"/books/{again.ref}"


def test_what_was_written_or_changed_since_stays(moderator, pair, cli):
    again, dune = pair
    a_review(again, 4, by=a_reader("ann"))
    merge = merged(moderator, again, dune, title="from", language="from")
    late = a_review(dune, 8, by=a_reader("bob"))
    dune.title = "Dune, mended"
    db.session.commit()
    answer = undone(moderator, merge)
    assert "What was changed since stays as it is: title." in answer.words
    book, away = db.session.get(Book, dune.id), db.session.get(Book, again.id)
    assert (book.title, book.language, book.ratings_sum) == ("Dune, mended", "en", 8)
    assert (away.title, away.ratings_sum) == ("Dune: a novel", 4)
    assert db.session.get(Review, late.id).book_id == dune.id
    assert cli("ratings", "verify").output == "0 wrong.\n"


def test_what_readers_chose_stays_and_that_is_said(moderator, pair):
    ann = a_reader("ann")
    for book in pair:
        a_review(book, by=ann)
    merge = merged(moderator, *pair)
    assert "So does what readers chose who had reviewed both" in moderator.get(f"/moderation/merge/{merge.id}").words
    Browser(moderator.client.application).login(ann).post("/reviews/twice", keep="aside")
    assert "stays as it is: what readers chose who had reviewed both." in undone(moderator, merge).words


def test_the_history_of_the_one_that_stays_tells_both(moderator, pair):
    merge = merged(moderator, *pair, title="from")
    undone(moderator, merge)
    undoing, merging = moderator.get(f"/books/{pair[1].ref}/history").page.select(".change")
    assert "Changed by a moderator" in merging.text and "The same work." in merging.text
    assert [merging.find(tag).text for tag in ("dt", "ins")] == ["Title", ": a novel"]
    assert "Undone: “Dune: a novel” is part of “Dune” now." in undoing.text
    assert undoing.find("del").text == ": a novel"


def test_a_merge_that_changed_no_fact_is_told_as_well(moderator):
    merged(moderator, a_book("Dune"), dune := a_book("Dune"))
    change = moderator.get(f"/books/{dune.ref}/history").page.select_one(".change")
    assert "The same work." in change.text and "It was so already." not in change.text


def test_it_stands_in_the_public_log(moderator, pair):
    undone(moderator, merged(moderator, *pair))
    last = db.session.scalars(sa.select(Decision).order_by(Decision.id)).all()[-1]
    assert (last.action, last.reason) == ("unmerge", "Undone: “Dune: a novel” is part of “Dune” now. They differ.")


@pytest.mark.parametrize("reason", ["", " \n "])
def test_a_reason_is_needed(moderator, pair, reason):
    merge = merged(moderator, *pair)
    answer = moderator.send(f"/moderation/merge/{merge.id}/undo", token(moderator) | {"reason": reason}, 422)
    assert "Please say why" in answer.page.select_one("#reason-error").text


def test_what_is_undone_already_is_told(moderator, pair):
    merge = merged(moderator, *pair)
    undone(moderator, merge)
    assert "This was undone already." in undone(moderator, merge).page.select_one(".notice").text
    assert len(db.session.scalars(sa.select(Decision)).all()) == 2


def test_the_later_of_two_merges_is_undone_first(moderator, pair):
    again, dune = pair
    third = a_book("Dune, once more")
    first, second = merged(moderator, again, dune), merged(moderator, dune, third)
    assert "was itself merged since. Undo that first." in undone(moderator, first).words
    undone(moderator, second)
    assert moderator.get(f"/books/{again.id}", 301).location == f"/books/{dune.ref}"
    undone(moderator, first)
    assert [book.merged_into_id for book in db.session.scalars(sa.select(Book))] == [None] * 3


def test_two_merges_into_one_book_are_undone_in_any_order(moderator, pair, cli):
    again, dune = pair
    third = a_book("Dune, once more")
    for book in (again, third):
        a_review(book, by=a_reader())
    first, second = merged(moderator, again, dune), merged(moderator, third, dune)
    undone(moderator, first)
    undone(moderator, second)
    assert sorted(db.session.scalars(sa.select(Review.book_id))) == [again.id, third.id]
    assert cli("ratings", "verify").output == "0 wrong.\n"


def test_authors_are_two_again(moderator):
    herbert = a_book("Dune", ["Frank Herbert"]).id
    other = a_book("Dune Messiah", ["F. Herbert"])
    both = a_book("Both", ["Frank Herbert", "F. Herbert"])
    keys = db.session.scalars(sa.select(Book.match_key).order_by(Book.id)).all()
    merge = merged_authors(moderator, 2, 1)
    undone(moderator, merge)
    assert [author.merged_into_id for author in db.session.scalars(sa.select(Author))] == [None, None]
    books = {book.id: [author.id for author in book.authors] for book in db.session.scalars(Book.listed())}
    assert books == {herbert: [1], other.id: [2], both.id: [1, 2]}
    assert db.session.scalars(sa.select(Book.match_key).order_by(Book.id)).all() == keys
    assert "This was undone already." in undone(moderator, merge).words


def test_an_edition_goes_back_and_a_book_made_for_it_goes(moderator, pair):
    merge = moved(moderator, pair[1])
    made = merge.into_book_id
    undone(moderator, merge)
    assert db.session.scalar(sa.select(Edition.book_id).where(Edition.isbn13 == "9780441172719")) == pair[1].id
    assert moderator.get(f"/books/{made}", 301).location == f"/books/{pair[1].ref}"


def test_a_book_made_for_an_edition_stays_where_somebody_wrote_of_it(moderator, pair, cli):
    merge = moved(moderator, pair[1])
    a_review(db.session.get(Book, merge.into_book_id), by=a_reader("ann"))
    made = merge.into_book_id
    undone(moderator, merge)
    assert moderator.get(f"/books/{made}", 301).location.startswith(f"/books/{made}-"), "its own address"
    assert cli("ratings", "verify").output == "0 wrong.\n"


def test_an_edition_that_has_moved_on_stays(moderator, pair):
    merge = moved(moderator, pair[1])
    moved(moderator, db.session.get(Book, merge.into_book_id), into=str(pair[0].id))
    assert "What was changed since stays as it is: edition." in undone(moderator, merge).words
    assert db.session.scalar(sa.select(Edition.book_id).where(Edition.isbn13 == "9780441172719")) == pair[0].id


def test_of_an_unknown_one_there_is_nothing(moderator):
    moderator.send("/moderation/merge/999/undo", token(moderator), 404)
    assert db.session.scalar(sa.select(Merge)) is None
