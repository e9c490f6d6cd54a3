from bookreviews.drafts.models import Draft
from bookreviews.extensions import db, now
from tests.factories import a_book, a_reader, a_review


def test_an_empty_site_says_what_to_do(browser):
    assert "Nobody has written yet" in browser.get("/").words


def test_the_newest_reviews_come_first_and_the_best_books_are_shown(browser):
    dune, emma = a_book("Dune", ["Frank Herbert"]), a_book("Emma", ["Jane Austen"])
    a_review(dune, 10, by=a_reader(), body="Sand.")
    a_review(emma, 2, by=a_reader(), body="Ballrooms.")
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


def test_a_visitors_home_says_nothing_of_members(browser):
    a_review(by=a_reader("Ann"))
    words = browser.get("/").words
    assert "Is it worth reading?" in words and "Welcome" not in words


def test_a_new_member_is_told_how_to_begin(browser):
    a_review(body="By a guest.")
    words = browser.login(a_reader("Ann")).get("/").words
    assert "Welcome, Ann" in words and "Which book have you read last?" in words
    assert "By a guest." in words
    assert "Your drafts" not in words and "Your latest reviews" not in words


def test_a_member_on_an_empty_site_is_not_left_alone(browser):
    assert "Nobody else has written yet" in browser.login(a_reader()).get("/").words


def test_a_member_comes_home_to_what_is_theirs(browser):
    ann, bob = a_reader("Ann"), a_reader("Bob")
    dune, emma = a_book("Dune"), a_book("Emma")
    a_review(dune, by=ann, body="My own.", helpful=4)
    a_review(dune, by=bob, body="Bob on Dune.")
    a_review(emma, by=bob, body="Bob on Emma.")
    db.session.add_all([Draft(user_id=ann.id, book_id=emma.id), Draft(user_id=bob.id, book_id=a_book("Ulysses").id)])
    db.session.commit()
    answer = browser.login(ann).get("/")
    sections = {section.h2.get_text(): section.get_text(" ") for section in answer.page.select("section")}
    assert list(sections) == ["Your drafts", "Your latest reviews", "Others on books you reviewed", "Newest reviews"]
    assert "Emma" in sections["Your drafts"] and "Ulysses" not in sections["Your drafts"]
    assert [link["href"] for link in answer.page.select(".rows a")][1:] == [f"/books/{emma.ref}/review"]
    assert "My own." in sections["Your latest reviews"] and "4 readers found this helpful" in sections["Your latest reviews"]
    others = sections["Others on books you reviewed"]
    assert "Bob on Dune." in others and "Bob on Emma." not in others and "My own." not in others
    newest = sections["Newest reviews"]
    assert "Bob on Emma." in newest and "My own." not in newest


def test_a_member_sees_nothing_that_was_deleted_or_is_held(browser):
    ann, dune = a_reader("Ann"), a_book("Dune")
    a_review(dune, by=ann, body="Taken back.", deleted_at=now())
    a_review(dune, body="Held.", held_at=now())
    a_review(dune, body="", name="Silent Sam")
    words = browser.login(ann).get("/").words
    assert not any(hidden in words for hidden in ("Taken back", "Held.", "Silent Sam"))


def test_a_members_home_takes_as_many_queries_for_many_books(browser, queries):
    ann = a_reader("Ann")

    def read_more(numbers):
        for number in numbers:
            book = a_book(f"Book {number}", [f"Author {number}"])
            a_review(book, by=ann)
            a_review(book)
            db.session.add(Draft(user_id=ann.id, book_id=book.id))
        db.session.commit()
        with queries() as found:
            browser.get("/")
        return len(found)

    browser.login(ann)
    few = read_more(range(1))
    assert read_more(range(1, 9)) == few <= 11
