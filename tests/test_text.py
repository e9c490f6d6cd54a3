"""Text as people type it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookreviews.text import clean_line, clean_text, fold, slug, sort_key


@pytest.mark.parametrize(
    "typed, folded",
    [
        ("Don't Be Evil", "dont be evil"),
        ("Don’t Be Evil", "dont be evil"),
        ("Baltasar Gracián", "baltasar gracian"),
        ("STRASSE – Straße", "strasse strasse"),
        ("Łódź, Øresund & Đà Nẵng", "lodz oresund da nang"),
        ("  There,   there!  ", "there there"),
        ("Œuvres; Æsop", "oeuvres aesop"),
        ("吾輩は猫である", "吾輩は猫である"),
        ("الأيام", "الايام"),
        ("Ⅷ ﬁve", "viii five"),
        ("", ""),
        (None, ""),
        ("?!…", ""),
    ],
)
def test_folded_text_has_no_case_accents_or_punctuation(typed, folded):
    assert fold(typed) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_clean_text_holds_nothing_a_database_refuses(text):
    assert "\0" not in clean_text(text)
    assert "\n" not in clean_line(text)
    assert clean_line(text) == clean_line(text).strip()


def test_clean_text_keeps_what_people_mean():
    assert clean_text("a\r\nb\rc\n") == "a\nb\nc"
    assert clean_text("\ufeffcafe\u0301 👩‍🚀 می‌خواهم") == "café 👩‍🚀 می‌خواهم"


def test_clean_text_drops_marks_that_turn_the_text_after_them_round():
    assert clean_text("abc\u202etxt.exe\u202c\u2066x\u2069\x07\x7f") == "abctxt.exex"


def test_a_title_is_sorted_without_its_article():
    assert [sort_key(title) for title in ("The Hobbit", "A Room", "Another", "An Ode")] == ["hobbit", "room", "another", "ode"]


def test_a_slug_ends_with_a_whole_word():
    assert slug("The Curious Incident of the Dog in the Night-Time", 20) == "the-curious-incident"
    assert slug("x" * 100) == "x" * 60
    assert slug("?!") == ""
