"""What an operator does against spam."""

from bookreviews.extensions import db
from bookreviews.spam import repeats
from tests.factories import a_review
from tests.spam.test_looks import HONEST


def test_reviews_from_before_are_sketched_once(cli):
    first, second, _short = a_review(body=HONEST), a_review(body=HONEST), a_review()
    assert repeats.of(first) == []
    assert cli("spam", "sketch").output == "2 sketched anew.\n"
    assert [other for other, _ in repeats.of(first)] == [second]
    assert cli("spam", "sketch").output == "0 sketched anew.\n"


def test_what_stands_for_other_words_is_put_right(cli):
    review = a_review(body=HONEST)
    cli("spam", "sketch")
    review.body = HONEST[::-1]
    db.session.commit()
    assert cli("spam", "sketch").output == "1 sketched anew.\n"
