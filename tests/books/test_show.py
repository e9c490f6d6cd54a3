import pytest

from bookreviews.books.models import OutsideRating
from bookreviews.extensions import db
from tests.factories import a_book, a_review


def test_the_page_says_what_the_book_is(browser):
    book = a_book(
        "Catching Fire",
        ["Suzanne Collins", "Anonymous"],
        isbns=["9780439023498"],
        subjects=["Dystopia", "Young adult"],
        first_published=2009,
        series="The Hunger Games",
        series_position="2",
        language="en",
        description="Back to the arena.",
    )
    answer = browser.get(f"/books/{book.ref}")
    for words in (
        "by Suzanne Collins and Anonymous",
        "First published 2009",
        "The Hunger Games , #2",
        "Dystopia , Young adult",
        "Language English",
        "Back to the arena.",
        "ISBN 978-0-439-02349-8",
        "ISBN-10 0-439-02349-1",
        "No ratings yet",
        "be the first",
    ):
        assert words in answer.words, words
    assert answer.page.find("a", string="Write a review")["href"] == f"/books/{book.ref}/review"
    assert not answer.page.find("a", string="Anonymous")


def test_an_ancient_book_is_dated_as_people_do(browser):
    assert "720 BC" in browser.get(f"/books/{a_book('The Odyssey', ['Homer'], first_published=-720).ref}").words


def test_the_score_its_counts_and_the_histogram_agree(browser):
    book = a_book()
    for rating, body in ((10, "x"), (9, ""), (7, "y"), (1, "")):
        a_review(book, rating, body=body)
    answer = browser.get(f"/books/{book.ref}")
    assert "3.4 of 5" in answer.words  # 27 half stars by 4
    assert "The mean of 4 ratings by readers of this site, 2 of them with a review." in answer.words
    rows = [[cell.get_text(strip=True) for cell in row.find_all(["th", "td"])] for row in answer.page.select(".histogram tr")]
    assert [(row[0], row[2]) for row in rows] == [
        ("5 stars", "2"),
        ("4 stars", "1"),
        ("3 stars", "0"),
        ("2 stars", "0"),
        ("1 star", "1"),
    ]
    assert [meter["value"] for meter in answer.page.select(".histogram meter")] == ["2", "1", "0", "0", "1"]


def test_what_readers_elsewhere_gave_stands_apart(browser):
    book = a_book()
    db.session.add(OutsideRating(book_id=book.id, source="Goodreads", average=4.34, count=4942365))
    db.session.commit()
    answer = browser.get(f"/books/{book.ref}")
    assert "4.34 of 5 by 4,942,365 readers of Goodreads, not counted here" in answer.words
    assert "No ratings yet" in answer.words


def names(answer):
    return [name.get_text() for name in answer.page.select(".review-name")]


def test_reviews_are_sorted_and_narrowed_as_asked(browser):
    book = a_book()
    a_review(book, 4, name="Two")
    a_review(book, 10, name="Five", language="de")
    a_review(book, 7, name="Four", language="en")
    url = f"/books/{book.ref}"
    assert names(browser.get(url)) == ["Four", "Five", "Two"]
    assert names(browser.get(f"{url}?sort=highest")) == ["Five", "Four", "Two"]
    assert names(browser.get(f"{url}?sort=lowest")) == ["Two", "Four", "Five"]
    assert names(browser.get(f"{url}?stars=4")) == ["Four"]
    assert names(browser.get(f"{url}?language=de")) == ["Five"]
    assert "No reviews match" in browser.get(f"{url}?stars=1").words


def test_all_reviews_can_be_reached_by_paging(browser):
    book = a_book()
    for number in range(45):
        a_review(book, number % 10 + 1, name=f"Reader {number}")
    url, found = f"/books/{book.ref}?sort=highest", []
    while url:
        answer = browser.get(url)
        found += names(answer)
        link = answer.page.find("a", rel="next")
        url = link and link["href"]
    assert len(found) == len(set(found)) == 45


def test_a_spoiler_is_closed_until_opened(browser):
    book = a_book()
    a_review(book, body="Everybody dies.", spoilers=True)
    details = browser.get(f"/books/{book.ref}").page.select_one(".review details")
    assert not details.has_attr("open")
    assert "Everybody dies." in details.get_text()


def test_a_review_in_another_language_says_so_to_machines(browser):
    book = a_book()
    a_review(book, body="Ein gutes Buch.", language="de")
    a_review(book, body="كتاب جميل", language="ar")
    page = browser.get(f"/books/{book.ref}").page
    assert {(words.get("lang"), words["dir"]) for words in page.select(".review .words")} == {("de", "ltr"), ("ar", "rtl")}


def test_old_and_shortened_addresses_lead_to_the_right_one_for_good(browser):
    book = a_book()
    for old in (f"/books/{book.id}", f"/books/{book.id}-the-hungry-games", f"/books/{book.id}-"):
        assert browser.get(f"{old}?sort=lowest", 301).location == f"/books/{book.ref}?sort=lowest"
    assert browser.get(f"/books/{book.ref}")


def test_a_title_in_any_script_has_an_address(browser):
    for title in ("吾輩は猫である", "الأيام", "?!"):
        book = a_book(title, ["X"])
        assert title in browser.get(browser.get(f"/books/{book.id}-x", 301).location).words


@pytest.mark.parametrize(
    "path",
    ["/books/999", "/books/99999999999999999", "/books/" + "9" * 40, "/books/-1", "/books/1e3", "/books/%00", "/books/%FF"],
)
def test_an_unknown_book_is_not_found(browser, path):
    assert "nothing at this address" in browser.get(path, 404).words


@pytest.mark.parametrize("query", ["sort=helpful!", "stars=6", "stars=-1", "language=klingon", "page=abc", "page=%3Cs:x"])
def test_what_the_reviews_do_not_know_gets_a_sentence(browser, query):
    book = a_book()
    a_review(book)
    assert browser.get(f"/books/{book.ref}?{query}", 400)


def test_hostile_facts_stay_text(browser):
    book = a_book('<script>alert(1)</script> {{ 7*7 }} "', ['<img src=x onerror="x">'], description="<b>bold</b>")
    page = browser.get(f"/books/{book.ref}").page
    assert not page.body.find("script")
    assert not page.find("img")
    assert "{{ 7*7 }}" in page.h1.get_text()


@pytest.mark.parametrize("reviews", [1, 200])
def test_the_page_costs_at_most_six_queries(browser, queries, reviews):
    book = a_book(isbns=["9780439023481", "9780439023498"], subjects=["A", "B"], authors=["X", "Y"])
    for number in range(reviews):
        a_review(book, number % 10 + 1)
    url = f"/books/{book.ref}"
    with queries() as found:
        browser.get(url)
    assert len(found) <= 6


def opinions(answer):
    return [" ".join(one.get_text(" ").split()) for one in answer.page.select(".opinion")]


def test_the_best_word_for_a_book_stands_beside_the_best_against_it(browser):
    book = a_book()
    a_review(book, 9, body="Short praise.", language="en")
    a_review(book, 8, body="Praise at length. " * 5, name="Ann", language="en")
    a_review(book, 10, body="Lob in aller Länge. " * 20, language="de")
    a_review(book, 10, body="He dies in the end. " * 20, spoilers=True, language="en")
    a_review(book, 6, body="Neither this nor that. " * 20, language="en")
    a_review(book, 2, body="Blame at length. " * 5, name="Bob", language="en")
    favourable, critical = opinions(browser.get(f"/books/{book.ref}"))
    assert favourable.startswith("For Praise at length.") and "Ann" in favourable
    assert critical.startswith("Against Blame at length.") and "Bob" in critical


def test_a_side_that_nobody_takes_is_said_to_be_empty(browser):
    book = a_book()
    for _ in range(3):
        a_review(book, 9)
    assert opinions(browser.get(f"/books/{book.ref}"))[1] == "Against No reader has said more on this side yet."


def test_few_reviews_and_a_part_of_them_are_not_set_against_each_other(browser):
    book = a_book()
    a_review(book, 9)
    a_review(book, 2)
    assert not opinions(browser.get(f"/books/{book.ref}"))
    a_review(book, 4)
    assert opinions(browser.get(f"/books/{book.ref}"))
    assert not opinions(browser.get(f"/books/{book.ref}?stars=5"))


def shelves(answer):
    """The books beside a book: {heading: titles}."""
    found = [section for section in answer.page.select("main section") if section.select(".shelf")]
    return {section.h2.get_text(): [title.get_text() for title in section.select(".book-title")] for section in found}


def test_from_a_book_one_goes_on_to_its_author_s_and_to_those_of_its_subjects(browser):
    dune = a_book("Dune", ["Frank Herbert"], subjects=["Deserts", "Science fiction"])
    a_book("Dune Messiah", ["Frank Herbert"], subjects=["Deserts"], outside_count=1)
    a_book("The Dosadi Experiment", ["Frank Herbert"], outside_count=9)
    a_book("Solaris", ["Stanisław Lem"], subjects=["Science fiction"])
    a_book("Emma", ["Jane Austen"], subjects=["Manners"])
    assert shelves(browser.get(f"/books/{dune.ref}")) == {
        "More by Frank Herbert": ["The Dosadi Experiment", "Dune Messiah"],
        "On the same subjects": ["Solaris"],
    }


def test_nobody_s_books_are_not_taken_for_one_author_s(browser):
    book = a_book("Beowulf", ["Anonymous"])
    a_book("Gilgamesh", ["Anonymous"])
    assert shelves(browser.get(f"/books/{book.ref}")) == {}


def test_of_very_many_authors_the_last_are_folded_away(browser):
    book = a_book(authors=[f"Author {number}" for number in range(47)])
    page = browser.get(f"/books/{book.ref}").page
    assert page.select_one(".others summary").get_text() == "and 38 others"
    assert len(page.select(".book-authors a, .others a")) == 47
