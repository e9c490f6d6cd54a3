from tests.factories import a_book, a_review


def test_an_empty_site_says_what_to_do(browser):
    assert "Nobody has written yet" in browser.get("/").words


def test_the_newest_reviews_come_first_and_the_best_books_are_shown(browser):
    dune, emma = a_book("Dune", ["Frank Herbert"]), a_book("Emma", ["Jane Austen"])
    a_review(dune, 10, body="Sand.")
    a_review(emma, 2, body="Ballrooms.")
    words = browser.get("/").words
    assert words.index("Ballrooms.") < words.index("Sand.")
    assert words.index("Dune") < words.index("Emma")


def test_a_rating_without_words_is_no_news(browser):
    a_review(rating=10, body="", name="Silent Sam")
    assert "Silent Sam" not in browser.get("/").words


def test_no_spoiler_is_told_on_the_way_in(browser):
    book = a_book()
    a_review(book, body="Prim >!dies!<.")
    a_review(book, body="Peeta lives.", spoilers=True)
    words = browser.get("/").words
    assert "dies" not in words
    assert "Peeta lives" not in words


def test_the_number_of_queries_does_not_grow(browser, queries):
    a_review()
    with queries() as few:
        browser.get("/")
    for number in range(8):
        a_review(a_book(f"Book {number}", [f"Author {number}"]))
    with queries() as many:
        browser.get("/")
    assert len(many) == len(few) <= 6
