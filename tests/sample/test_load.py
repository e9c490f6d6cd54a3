import sqlalchemy as sa

from bookreviews.accounts import names
from bookreviews.accounts.models import User
from bookreviews.books.models import Book
from bookreviews.extensions import db, now
from bookreviews.reviews.models import Review, Version
from bookreviews.reviews.ratings import differences
from bookreviews.spam import repeats
from bookreviews.votes import counting
from bookreviews.votes.models import Vote
from tests.factories import a_book, a_reader, a_review, a_vote


def number_of(model):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def test_a_new_site_has_books_with_reviews(cli, browser):
    result = cli("sample", "load")
    assert result.stdout == f"Loaded {number_of(Book)} books and {number_of(Review)} reviews.\n"
    assert number_of(Book) >= 150 and number_of(Review) >= 500
    assert list(differences()) == []
    assert db.session.scalar(sa.select(sa.func.max(Review.created_at))) <= now()
    book = db.session.scalar(sa.select(Book).where(Book.title == "The Hunger Games"))
    assert "Suzanne Collins" in browser.get(f"/books/{book.ref}").words
    assert "The Hunger Games" in browser.get("/search?q=hunger games").words


def test_words_of_the_sample_sent_as_somebodys_own_are_noticed(cli):
    cli("sample", "load")
    theirs = db.session.scalar(sa.select(Review).where(sa.func.length(Review.body) > 500).limit(1))
    copy = a_review(title=theirs.title, body=theirs.body)
    assert [other.id for other, _ in repeats.of(copy)] == [theirs.id]


def everything():
    """All rows that tell something of the sample."""
    tables = (Book, User, Review, Version, Vote)
    return [db.session.execute(sa.select(one.__table__).order_by(*one.__table__.primary_key)).all() for one in tables]


def test_loading_it_again_changes_nothing(cli):
    cli("sample", "load")
    before = everything()
    db.session.rollback()
    assert cli("sample", "load").stdout == "Loaded 0 books and 0 reviews.\n"
    assert everything() == before


def test_its_reviews_have_readers_whom_nobody_can_log_in_as(cli, browser):
    cli("sample", "load")
    readers = db.session.scalars(sa.select(User)).all()
    assert len(readers) >= 50 and all(reader.sample and reader.password is None for reader in readers)
    for reader in readers:
        names.check(reader.username)
    assert db.session.scalar(sa.select(sa.func.count()).where(Review.user_id.is_(None) | (Review.name == ""))) == 0
    too_early = sa.select(Review.id).join(User).where((Review.created_at < User.created_at) | (Review.name != User.username))
    assert db.session.scalars(too_early).all() == []
    assert "787" not in browser.get("/readers/Edith_Crane").words
    assert browser.get("/readers/Edith_Crane").page.find("meter")
    browser.post("/login", 422, email="edith-crane@sample.invalid", password="")


def test_its_readers_have_voted_and_every_vote_is_counted(cli):
    cli("sample", "load")
    assert list(counting.differences()) == []
    assert number_of(Vote) > 2_000
    own = sa.select(Vote.review_id).join(Review).where(Vote.user_id == Review.user_id)
    assert db.session.scalars(own).all() == []
    early = sa.select(Vote.review_id).join(Review).where((Vote.cast_at < Review.created_at) | (Vote.cast_at > now()))
    assert db.session.scalars(early).all() == []
    length = sa.func.length(Review.body)
    helpfulness = sa.select(sa.func.avg(Review.helpfulness))
    assert db.session.scalar(helpfulness.where(length > 600)) > 2 * db.session.scalar(helpfulness.where(length < 100))


def test_it_shows_reviews_that_changed_and_what_readers_declare(cli):
    cli("sample", "load")
    edited = db.session.scalars(sa.select(Review).where(Review.updated_at.is_not(None))).all()
    assert len(edited) == number_of(Version) >= 2
    assert all(review.created_at < review.updated_at < now() and review.version == 2 for review in edited)
    rewritten = [review for review in edited if review.rewritten_at]
    assert rewritten and all(review.votes_before for review in rewritten)
    assert set(db.session.scalars(sa.select(Review.source))) == {None, "bought", "library", "free"}
    assert db.session.scalar(sa.select(sa.func.count(Review.stopped_at))) >= 3


def test_an_older_sample_gets_its_readers(cli):
    """Its reviews were by guests, whose names said that they were of the sample."""
    cli("sample", "load")
    fresh = [(review.book_id, review.name) for review in db.session.scalars(sa.select(Review).order_by(Review.id))]
    review = Review.__table__
    email = sa.select(User.email).where(User.id == review.c.user_id).scalar_subquery()
    guest = "sample-" + sa.func.replace(email, "@sample.invalid", "")
    db.session.execute(sa.update(review).values(guest=guest, helpful=0, unhelpful=0, votes_before=0, helpfulness=0))
    db.session.execute(sa.update(review).values(user_id=None, name="As it was"))
    for table in (Version, Vote, User):
        db.session.execute(sa.delete(table.__table__))
    db.session.commit()
    assert cli("sample", "load").stdout == "Loaded 0 books and 0 reviews.\n"
    db.session.expire_all()
    now_there = db.session.scalars(sa.select(Review).order_by(Review.id)).all()
    assert [(one.book_id, one.name) for one in now_there] == fresh
    assert all(one.user_id and one.guest is None for one in now_there)
    assert number_of(Vote) > 2_000 and list(counting.differences()) == []


def test_the_name_of_a_real_reader_stays_theirs(cli):
    real = a_reader("edith.crane", email="real@example.org")
    cli("sample", "load")
    db.session.refresh(real)
    assert (real.username, real.sample) == ("edith.crane", False)
    other = db.session.scalar(sa.select(User).where(User.email == "edith-crane@sample.invalid"))
    assert other.username == "Edith_Crane_2"
    assert cli("sample", "load").stdout == "Loaded 0 books and 0 reviews.\n"


def test_what_real_readers_found_helpful_stays_counted(cli):
    cli("sample", "load")
    review = db.session.scalar(sa.select(Review).where(Review.helpful > 0).limit(1))
    before = review.helpful
    a_vote(review, by=a_reader())
    cli("sample", "load")
    db.session.refresh(review)
    assert review.helpful == before + 1 and list(counting.differences()) == []


def test_what_readers_wrote_is_not_touched(cli):
    review = a_review(a_book("Dune", ["Frank Herbert"], description="Mine."), body="My own words.")
    cli("sample", "load")
    db.session.expire_all()
    book = db.session.get(Book, review.book_id)
    assert (review.body, review.version, book.description, book.sample) == ("My own words.", 1, "Mine.", False)
    assert number_of(sa.select(Book).where(Book.title == "Dune").subquery()) == 1
