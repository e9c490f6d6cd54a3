"""Finding reviews that say nearly the same, however many there are."""

from bookreviews.extensions import db
from bookreviews.reviews.models import Review
from bookreviews.spam import repeats
from tests.factories import a_book, a_reader, a_review
from tests.spam.test_looks import HONEST


def a_kept_review(**facts):
    review = a_review(**facts)
    repeats.keep(review)
    db.session.commit()
    return review


def test_they_are_told_with_how_alike_they_are_the_likest_first(app):
    ann = a_reader("ann")
    mine = a_kept_review(book=a_book("Dune"), by=ann, body=HONEST)
    near = a_kept_review(book=a_book("Emma"), by=ann, body=HONEST.replace("kettle", "pot").replace("sea", "ocean"))
    same = a_kept_review(body=HONEST)
    a_kept_review(body="The lighthouse again, in words of my own, and as many of them as it takes to be compared with others.")
    found = repeats.of(mine)
    assert [other for other, _ in found] == [same, near]
    assert found[0][1] == 1 > found[1][1] > 0.5


def test_what_its_writer_deleted_is_nobodys(app):
    mine, other = a_kept_review(body=HONEST), a_kept_review(body=HONEST)
    other.delete()
    db.session.commit()
    assert repeats.of(mine) == []


def test_a_review_without_words_is_like_none(app, queries):
    mine = a_kept_review(body="")
    with queries() as found:
        assert repeats.of(mine) == []
    assert len(found) <= 1


def test_a_text_sent_a_thousand_times_is_looked_for_no_longer_than_one_sent_twice(app, queries):
    mine = a_kept_review(body=HONEST)
    book = a_book()
    same = {"book_id": book.id, "name": "Bot", "rating": 10, "body": HONEST, "version": 1}
    rows = [same | {"guest": f"bot {number}"} for number in range(200)]
    ids = db.session.scalars(db.insert(Review).returning(Review.id), rows).all()
    repeats.keep_all(db.session.scalars(db.select(Review).where(Review.id.in_(ids))).all())
    db.session.commit()
    with queries() as found:
        assert len(repeats.of(mine)) == repeats.LIKELIEST
    assert len(found) == 3  # the review itself was expired


def test_what_stands_for_a_review_goes_with_it(app):
    review = a_kept_review(body=HONEST)
    db.session.delete(review)
    db.session.commit()
    assert db.session.query(repeats.Sketch).count() == 0
