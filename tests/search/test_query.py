"""The grammar of the search."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bookreviews.search.query import LENGTH, TERMS, Years, parse
from bookreviews.text import fold


def told(text):
    """The terms of a search, as (field, spellings, excluded) without what is empty."""
    return [(term.field, *term.spellings, *(["not"] if term.excluded else [])) for term in parse(text).terms]


@pytest.mark.parametrize(
    "text, terms",
    [
        ("Hungr  GAM", [("", "hungr"), ("", "gam")]),
        ("Don't be évil", [("", "dont"), ("", "be"), ("", "evil")]),
        ("spider-man", [("", "spider"), ("", "man")]),
        ("harry/potter, rowling", [("", "harry"), ("", "potter"), ("", "rowling")]),
        ('"Two  Towers" tolkien', [("", "two towers"), ("", "tolkien")]),
        ("“two towers”", [("", "two towers")]),
        ('"two towers', [("", "two towers")]),
        ('two"towers"', [("", "two"), ("", "towers")]),
        ("author:tolkien", [("author", "tolkien")]),
        ("AUTHOR:Tolkien", [("author", "tolkien")]),
        ('author: "le guin"', [("author", "le guin")]),
        ("subject:science-fiction", [("subject", "science fiction")]),
        ("dune -messiah", [("", "dune"), ("", "messiah", "not")]),
        ('-"two towers" -author:king', [("", "two towers", "not"), ("author", "king", "not")]),
        ("-spider-man", [("", "spider man", "not")]),
        ("foo:bar", [("", "foo"), ("", "bar")]),
        ("1984", [("", "1984")]),
        ("1Q84", [("", "1q84")]),
        ("978-0-439", [("", "978 0 439", "9780439")]),
        ("978 0 439", [("", "978 0 439", "9780439")]),
        ("65548-X", [("", "65548 x", "65548x")]),
        ("11/22/63", [("", "11"), ("", "22"), ("", "63")]),
        ("harry potter 3 1997", [("", "harry"), ("", "potter"), ("", "3"), ("", "1997")]),
        ("isbn: 978-0439", [("", "978 0439", "9780439")]),
        ("*", []),
        ('" - % _ *', []),
        ("NEAR(", [("", "near")]),
        ("-", []),
        ("--", []),
        ("", []),
    ],
)
def test_text_is_understood_as(text, terms):
    assert told(text) == terms


@pytest.mark.parametrize(
    "text, first, last",
    [
        ("year:1990", 1990, 1990),
        ("year: 1990..1999", 1990, 1999),
        ("year:1999..1990", 1990, 1999),
        ("year:1990-1999", 1990, 1999),
        ("year:1990–1999", 1990, 1999),
        ("Year:..1950", -9999, 1950),
        ("year:1990..", 1990, 9999),
        ("year:-800..100", -800, 100),
        ("year:−800..−700", -800, -700),
        ("year:-720", -720, -720),
    ],
)
def test_years_are_understood(text, first, last):
    (years,) = parse(text).years
    assert (years.first, years.last, years.excluded) == (first, last, False)


def test_years_can_be_excluded():
    assert parse("-year:1990").years == (Years("-year:1990", 1990, 1990, excluded=True),)


@pytest.mark.parametrize("text", ["year:abc", "year:19901", "year:1..2..3", "year:..", 'year:"', "year:1990x"])
def test_what_is_no_year_is_left_out_and_named(text):
    query = parse(text)
    assert not query
    assert "is no year" in query.problems[0]


@pytest.mark.parametrize("text", ["author:", "dune subject:", "year:"])
def test_a_field_without_a_value_is_named(text):
    assert "wants something after it" in parse(text).problems[0]


@pytest.mark.parametrize(
    "text", ["0439023483", "978-0-439-02348-1", " ISBN 0 439 02348 3", '"9780439023481"', "９７８0439023481"]
)
def test_a_whole_isbn_is_told_from_words(text):
    assert parse(text).isbn == "9780439023481"


def test_an_isbn_among_words_is_a_word():
    assert parse("hunger 9780439023481").isbn is None


def test_too_much_is_cut_and_named():
    assert [len(parse("x" * 10_000).terms), len(parse("ab " * 90).terms)] == [1, TERMS]
    assert "first 300 characters" in parse("x" * 10_000).problems[0]
    assert "first 16" in parse("ab " * 90).problems[0]


def test_a_search_can_be_written_out_again():
    text = 'dune author:"frank herbert" -"two towers" 978-0-439 -year:1990'
    assert parse(text).text == text
    assert parse("“Dune, herbert”").text == '"Dune, herbert"'


def test_words_are_corrected_where_they_stand():
    query = parse('the hary author:rowlng "hary poter" -hary year:1990').corrected(
        {"hary": "harry", "rowlng": "rowling", "the": ""}
    )
    assert query.text == 'harry author:rowling "hary poter" -hary year:1990'


def test_looser_is_the_words_alone():
    assert parse('"king the" -x year:1900 author:a').looser == "king the a"
    assert parse("king the").looser == ""


@given(st.text(max_size=LENGTH + 20) | st.text('"-:*%_ \0authorsubjectyear.0123456789xX“”', max_size=60))
def test_anything_is_understood_as_something(text):
    query = parse(text)
    assert len(query.terms) + len(query.years) <= TERMS
    for term in query.terms:
        assert term.spellings and all(spelling and fold(spelling) == spelling for spelling in term.spellings)
        assert not set('%_|"\0') & set("".join(term.spellings))


@given(st.text('ab-:" 019x.', max_size=40))
@example("00000:0")
@example("00000: 0")
@example("a.12345 6")
def test_what_is_written_out_is_understood_the_same(text):
    query = parse(text)
    if not query.isbn:
        assert [term.spellings for term in parse(query.text).terms] == [term.spellings for term in query.terms]
