"""How alike two texts are."""

import pytest

from bookreviews.spam.shingles import LOWEST, resemblance, shingles, sketch

TEXT = (
    "I stayed up until three with this one, and the kettle boiled dry twice. The lighthouse keeper is drawn so plainly that "
    "one forgets how little he says, and the sea does the rest of the talking, as it should."
)


def alike(some, others):
    return resemblance(shingles(some), shingles(others))


def test_a_text_is_wholly_like_itself_however_it_is_set():
    assert alike(TEXT, TEXT.upper().replace(",", " –")) == 1


def test_a_word_changed_here_and_there_makes_no_other_text():
    assert alike(TEXT, TEXT.replace("kettle", "pot").replace("sea", "ocean")) > 0.6


def test_two_texts_on_one_matter_are_not_alike():
    assert (
        alike(TEXT, "The lighthouse keeper says little. I liked the sea, and I stayed up until two, which is late for me.")
        < 0.1
    )


def test_what_is_short_is_like_nothing():
    assert sketch("Great book, I could not put it down, highly recommended to everybody!") == ()
    assert alike("Great book!", "Great book!") == 0


@pytest.mark.parametrize("text", ["私はこの本がとても好きです。また読みたいと思います。", "นวนิยายเรื่องนี้ดีมากและอ่านสนุก"])
def test_scripts_without_blanks_have_words_too(text):
    assert len(sketch(text)) == LOWEST


def test_the_hashes_of_a_text_are_the_same_in_every_process():
    assert sketch(TEXT)[0] == 60803597260053105
