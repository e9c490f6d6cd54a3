"""Words that may have been meant."""

import pytest

from bookreviews.search.spelling import MOST, forms, guesses, misspelt_forms, sound


@pytest.mark.parametrize(
    "typed, meant",
    [
        ("hary", "harry"),
        ("poter", "potter"),
        ("tolkein", "tolkien"),
        ("grate", "great"),
        ("mokingbird", "mockingbird"),
        ("dostoevski", "dostoyevsky"),
        ("steven", "stephen"),
        ("marques", "marquez"),
        ("shakspere", "shakespeare"),
        ("xolkien", "tolkien"),
        ("tolkienn", "tolkien"),
    ],
)
def test_a_misspelt_word_leads_to_the_one_meant(typed, meant):
    assert misspelt_forms(typed) & forms(meant)
    assert meant in guesses(typed, {meant, "zebra"})


def test_the_likeliest_comes_first():
    assert list(guesses("poter", {"porter", "potter", "peter", "poster"}))[0] in ("potter", "peter")
    assert guesses("hary", {"mary", "hardy", "harry", "hairy"})["harry"] == 1


def test_what_is_too_far_is_no_guess():
    assert guesses("cat", {"dog", "cow", "cat"}) == {}


def test_two_words_written_as_one():
    assert "harry potter" in guesses("harrypotter", {"harry", "potter"})


def test_guesses_are_few():
    assert len(guesses("word", {f"word{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"})) == MOST


def test_other_scripts_have_no_sound_of_ours():
    assert sound("толстой") == set()
    assert "толстой" in guesses("толсой", {"толстой"})
