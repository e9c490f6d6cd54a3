"""Readers' words become safe HTML."""

from time import process_time

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from bookreviews.markdown import TAGS, excerpt, render, torn_spoiler

ATTRIBUTES = {"href", "title", "rel", "class", "type", "start"}


@pytest.mark.parametrize(
    "source, html",
    [
        ("*a* **b** ~~c~~", "<p><em>a</em> <strong>b</strong> <s>c</s></p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("> a", "<blockquote>\n<p>a</p>\n</blockquote>"),
        ("# a", "<h4>a</h4>"),
        ("a\n---", "<h4>a</h4>"),
        ("###### a", "<h4>a</h4>"),
        ("a\n\nb", "<p>a</p>\n<p>b</p>"),
        ("<b>a</b>", "<p>&lt;b&gt;a&lt;/b&gt;</p>"),
    ],
)
def test_the_marks_a_reader_may_use(source, html):
    assert render(source).strip() == html


def test_a_link_lends_no_name_of_ours():
    link = BeautifulSoup(render("[a](https://example.org/x)"), "html.parser").a
    assert link["href"] == "https://example.org/x"
    assert {"nofollow", "ugc", "noopener"} <= set(link["rel"])


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "[a](vbscript:x)",
        "<javascript:alert(1)>",
        "[a]: javascript:alert(1)\n\n[a]",
        "![a](https://tracker.example/pixel.png)",
        "![a][b]\n\n[b]: https://tracker.example/pixel.png",
        '<a href="x" onclick="alert(1)">a</a>',
        '[a](https://x "\\" onmouseover=alert(1) ")',
        "<svg/onload=alert(1)>",
        "`<script>`",
    ],
)
def test_nothing_in_it_runs_or_loads(source):
    page = BeautifulSoup(render(source), "html.parser")
    assert not page.find_all(["script", "img", "svg", "iframe", "style"])
    assert not [link for link in page.find_all("a") if not link["href"].startswith(("http:", "https:", "mailto:"))]
    assert all(set(tag.attrs) <= ATTRIBUTES for tag in page.find_all(True))


@given(st.text(alphabet=st.sampled_from(list("<>!*_~`[]()#-\n\"'&:/ abj1")) | st.characters(codec="utf-8"), max_size=200))
def test_any_text_becomes_only_tags_we_know(source):
    page = BeautifulSoup(render(source), "html.parser")
    assert {tag.name for tag in page.find_all(True)} <= TAGS


def test_a_spoiler_is_hidden_until_opened():
    page = BeautifulSoup(render("He dies: >!at *last*!< Truly."), "html.parser")
    assert page.label.find("input", type="checkbox")
    assert page.find(class_="spoiler-text").get_text() == "at last"
    assert page.p.get_text().endswith("Truly.")


@pytest.mark.parametrize("source", [">!first words!< of a line", "> >!in a quotation!<", "- >!in a list!<", "**>!strong!<**"])
def test_a_spoiler_may_stand_anywhere(source):
    assert "spoiler-text" in render(source)


@pytest.mark.parametrize("source", [">!", ">!!<", ">!never closed", "`>!code!<`", "5 >! 4"])
def test_what_is_no_spoiler_stays_as_typed(source):
    assert "spoiler-text" not in render(source)


def test_an_excerpt_tells_no_spoiler():
    assert excerpt(render("**He** >!dies!< at [last](https://x.example)\n\n> so")) == "He [spoiler] at last so"


@pytest.mark.parametrize("inner", ["[that](http://x.example)", "<http://x.example>"])
def test_a_link_in_a_spoiler_in_a_link_gives_nothing_away(inner):
    html = render(f"Read [this >!and {inner} the butler!< here](http://y.example)")
    [hidden] = BeautifulSoup(html, "html.parser").select(".spoiler-text")
    assert "the butler" in hidden.text
    assert "butler" not in excerpt(html)


def test_a_spoiler_in_the_name_of_a_picture_gives_nothing_away():
    assert render("![Look: >!the butler!<](http://x.example/y.png)").strip() == "<p>Look: [spoiler]</p>"


def test_an_excerpt_holds_signs_as_they_were_typed():
    assert excerpt(render("5 > 4 & <b> [a *link*](https://x.example 'a > b')")) == "5 > 4 & <b> a link"


def test_a_picture_is_only_its_words():
    assert render("![a cat](https://tracker.example/x.png)").strip() == "<p>a cat</p>"


@pytest.mark.parametrize("source", ["[](https://example.org/x)", "[![](https://y.example)](https://example.org/x)"])
def test_a_link_without_words_has_a_name(source):
    assert BeautifulSoup(render(source), "html.parser").a.get_text() == "https://example.org/x"


def test_one_line_below_another_stays_so():
    assert render("Roses are red\nViolets are blue").strip() == "<p>Roses are red<br>\nViolets are blue</p>"


@pytest.mark.parametrize(
    "source, torn",
    [
        (">!a!< and >!b!<", False),
        (">!a\n\nb!<", True),
        (">!a\n- b!<", True),
        ("5 >! 4", False),
        ("`>!` and `!<`", False),
        ("", False),
    ],
)
def test_a_spoiler_over_two_paragraphs_is_noticed(source, torn):
    assert torn_spoiler(source) is torn


def test_an_excerpt_sets_words_as_they_are_set():
    assert (
        excerpt(render("I loved *Emma*. Un*frigging*believable\nnext\n\n    code"))
        == "I loved Emma. Unfriggingbelievable next code"
    )


def test_an_excerpt_of_a_text_without_blanks_is_its_beginning():
    assert excerpt(render("吾輩は猫である。" * 40), 16) == "吾輩は猫である。吾輩は猫である。 …"


def test_an_excerpt_ends_with_a_whole_word():
    assert excerpt(render("one two three four"), 12) == "one two …"


@pytest.mark.parametrize("text", ["![" * 10_000, "[" * 20_000, "[a](" * 5_000, "[a][b] " * 2_500, "<" * 20_000, ">!" * 10_000])
def test_no_text_takes_long(text):
    begin = process_time()
    render(text)
    assert process_time() - begin < 1.5  # of the processor; of some it had been much more


def test_a_text_of_many_links_still_has_them_as_text():
    assert "[a](https://example.org)" in render("[a](https://example.org) " * 600)
    assert 'href="https://example.org"' in render("[a](https://example.org) " * 400)
