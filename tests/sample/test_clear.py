import sqlalchemy as sa

from bookreviews.accounts.models import User
from bookreviews.books.models import Author, Book, Edition, Subject
from bookreviews.drafts.models import Draft
from bookreviews.extensions import db
from bookreviews.reviews.models import Review
from bookreviews.reviews.ratings import differences
from bookreviews.votes.models import Vote
from tests.factories import a_book, a_reader, a_review, a_vote


def number_of(model):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def the_book(title):
    return db.session.scalar(sa.select(Book).where(Book.title == title))


def test_the_sample_goes_without_a_trace(cli, browser):
    cli("sample", "load")
    result = cli("sample", "clear")
    assert result.exit_code == 0 and "kept 0 books" in result.stdout
    assert [number_of(model) for model in (Book, Edition, Author, Subject, Review, User, Vote)] == [0] * 7
    assert "hunger-games" not in browser.get("/search?q=hunger games").text


def test_what_readers_wrote_and_reviewed_stays(cli):
    mine = a_review(a_book("Mine", ["Suzanne Collins"], subjects=["Fiction"]))
    cli("sample", "load")
    theirs = a_review(the_book("The Hunger Games"), rating=4)
    assert "kept 1 books" in cli("sample", "clear").stdout
    assert set(db.session.scalars(sa.select(Review.id))) == {mine.id, theirs.id}
    assert {book.title for book in db.session.scalars(sa.select(Book))} == {"Mine", "The Hunger Games"}
    assert db.session.scalars(sa.select(Author.name)).all() == ["Suzanne Collins"]
    db.session.expire_all()
    assert (the_book("The Hunger Games").guests_count, the_book("The Hunger Games").guests_sum) == (1, 4)
    assert list(differences()) == []


def test_what_members_wrote_began_and_voted_on_one_another_stays(cli):
    ann = a_reader("Ann")
    cli("sample", "load")
    mine = a_review(the_book("The Hunger Games"), by=ann)
    a_vote(mine, by=a_reader("Bob"))
    a_vote(db.session.scalar(sa.select(Review).where(Review.user_id != ann.id).limit(1)), by=ann)
    begun = the_book("Dune").id
    db.session.add(Draft(user_id=ann.id, book_id=begun, body="Worms"))
    db.session.commit()
    cli("sample", "clear")
    assert set(db.session.scalars(sa.select(User.username))) == {"Ann", "Bob"}
    assert db.session.scalars(sa.select(Vote.review_id)).all() == [mine.id]
    assert db.session.scalars(sa.select(Draft.book_id)).all() == [begun]
    assert {book.title for book in db.session.scalars(sa.select(Book))} == {"The Hunger Games", "Dune"}


def test_an_older_sample_can_be_cleared_too(cli):
    a_review(a_book("Dune", sample=True), guest="sample-edith-crane")
    assert cli("sample", "clear").stdout.startswith("Removed 1 reviews and 1 books")


def test_books_that_a_catalogue_has_too_stay(cli, tmp_path):
    cli("sample", "load")
    path = tmp_path / "books.csv"
    path.write_text("title,author,isbn\nThe Hunger Games,Suzanne Collins,0439023483\n")
    cli("catalogue", "import", path)
    cli("sample", "clear")
    assert [book.title for book in db.session.scalars(sa.select(Book))] == ["The Hunger Games"]


def test_an_empty_site_has_nothing_to_clear(cli):
    assert cli("sample", "clear").stdout == "Removed 0 reviews and 0 books; kept 0 books that readers reviewed.\n"
