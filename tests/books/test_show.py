import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from bookreviews.books.models import OutsideRating
from bookreviews.extensions import db, now
from bookreviews.reviews.models import UNDO, Review
from bookreviews.votes.counting import helpfulness
from tests.browser import Browser
from tests.factories import a_book, a_reader, a_review, a_vote


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


def test_an_edition_of_which_nothing_is_known_says_so(browser):
    book = a_book(isbns=[None, "9780439023481"])
    page = BeautifulSoup(browser.get(f"/books/{book.ref}").text, "html.parser")
    known, unknown = sorted(item.get_text(" ", strip=True) for item in page.select(".editions li"))
    assert known.startswith("ISBN 978-0-439-02348-1")
    assert unknown == "Nothing is known of this edition."


def test_an_ancient_book_is_dated_as_people_do(browser):
    assert "720 BC" in browser.get(f"/books/{a_book('The Odyssey', ['Homer'], first_published=-720).ref}").words


def test_the_score_its_counts_and_the_histogram_agree(browser):
    book = a_book()
    for rating, body in ((10, "x"), (9, ""), (7, "y"), (1, "")):
        a_review(book, rating, by=a_reader(), body=body)
    answer = browser.get(f"/books/{book.ref}")
    assert "3.4 of 5" in answer.words  # 27 half stars by 4
    assert "The mean of 4 ratings by members of this site." in answer.words
    rows = [[cell.get_text(strip=True) for cell in row.find_all(["th", "td"])] for row in answer.page.select(".histogram tr")]
    assert [(row[0], row[2]) for row in rows] == [
        ("5 stars", "2"),
        ("4 stars", "1"),
        ("3 stars", "0"),
        ("2 stars", "0"),
        ("1 star", "1"),
    ]
    assert [meter["value"] for meter in answer.page.select(".histogram meter")] == ["2", "1", "0", "0", "1"]


def test_guests_are_shown_and_counted_apart(browser):
    book = a_book()
    for rating in (7, 8):
        a_review(book, rating)
    answer = browser.get(f"/books/{book.ref}")
    assert "2 guests: 3.8." in answer.words and "of 5" not in answer.page.find(id="score").parent.get_text()
    assert "3.8 by 2 guests" in browser.get("/books").words
    assert len(answer.page.select(".review")) == 2
    a_review(book, 2, by=a_reader())
    answer = browser.get(f"/books/{book.ref}")
    assert "1.0 of 5" in answer.words
    assert "The mean of 1 rating by members of this site. Each counts once." in answer.words
    assert "And 2 guests: 3.8." in answer.words
    assert [meter["value"] for meter in answer.page.select(".histogram meter")] == ["0", "0", "0", "0", "1"]


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


def all_names(browser, url):
    """The writers of the reviews on all pages of a list."""
    found = []
    while url:
        answer = browser.get(url)
        found += names(answer)
        link = answer.page.find("a", rel="next")
        url = link and link["href"]
    return found


def test_all_reviews_can_be_reached_by_paging(browser):
    book = a_book()
    for number in range(45):
        a_review(book, number % 10 + 1, name=f"Reader {number}")
    found = all_names(browser, f"/books/{book.ref}?sort=highest")
    assert len(found) == len(set(found)) == 45


def test_the_most_helpful_come_first_and_of_equals_the_newest(browser):
    book = a_book()
    by_name = {name: a_review(book, name=name) for name in ("Old", "Nine of ten", "One of one", "None of one", "New")}
    for number in range(10):
        a_vote(by_name["Nine of ten"], number > 0)
    a_vote(by_name["One of one"])
    a_vote(by_name["None of one"], False)
    page = browser.get(f"/books/{book.ref}").page
    assert [name.get_text() for name in page.select(".review-name")] == [
        "Nine of ten", "One of one", "New", "None of one", "Old",
    ]  # fmt: skip
    assert page.select_one(".toolbar [aria-current]").get_text() == "Most helpful"


def test_all_reviews_can_be_reached_by_paging_through_the_most_helpful(browser):
    book, ways = a_book(), {}
    for number in range(65):
        # Thirds, sevenths and the like, whose bounds no short decimal can hold; and many that are equal.
        helpful, unhelpful = number % 5, number // 5 % 4
        ways[f"Reader {number}"] = rank = helpfulness(helpful, unhelpful)
        counters = {"helpful": helpful, "unhelpful": unhelpful, "helpfulness": rank}
        a_review(book, name=f"Reader {number}", **counters)
    found = all_names(browser, f"/books/{book.ref}")
    assert len(found) == len(set(found)) == 65
    ranks = [ways[name] for name in found]
    assert ranks == sorted(ranks, reverse=True)
    back = browser.get(f"/books/{book.ref}")
    for _ in range(2):
        back = browser.get(back.page.find("a", rel="next")["href"])
    assert names(browser.get(back.page.find("a", rel="prev")["href"])) == found[20:40]


def test_reviews_of_free_copies_can_be_left_out(browser):
    book = a_book()
    for source in ("free", "bought", None):
        a_review(book, name=f"Had it {source}", source=source)
    url = f"/books/{book.ref}"
    choice = browser.get(url).page.find("nav", attrs={"aria-label": "Free copies"})
    assert [link.get_text() for link in choice.find_all("a")] == ["All", "Left out"]
    assert choice.find(string="Left out").parent["href"] == f"{url}?copies=own#reviews"
    assert names(browser.get(f"{url}?copies=own")) == ["Had it None", "Had it bought"]
    assert len(names(browser.get(url))) == 3


def test_where_no_copy_was_free_there_is_nothing_to_leave_out(browser):
    book = a_book()
    a_review(book, source="library")
    assert not browser.get(f"/books/{book.ref}").page.find("nav", attrs={"aria-label": "Free copies"})
    assert len(names(browser.get(f"/books/{book.ref}?copies=own"))) == 1


def test_what_a_writer_declares_stands_below_their_words(browser):
    book = a_book()
    a_review(book, source="free", knows_author=True, stopped_at=120)
    a_review(book, source="library")
    a_review(book)
    told = [" ".join(line.get_text().split()) for line in browser.get(f"/books/{book.ref}").page.select(".interests")]
    assert told == ["From a library", "Got a free copy · knows the author · stopped at page 120"]


def test_members_are_told_from_guests(browser):
    book = a_book()
    a_review(book, 9, by=a_reader("Rita"))
    a_review(book, 2, name="Ann")
    a_review(book, 2, name="A former reader", guest=None)
    page = browser.get(f"/books/{book.ref}").page
    names = {by.select_one(".review-name").get_text(strip=True): by for by in page.select(".review-by")}
    assert names["Rita"].select_one(".review-name a")["href"] == "/readers/Rita"
    assert "as a guest" in names["Ann"].get_text()
    for name in ("Ann", "A former reader"):
        assert not names[name].select(".review-name a")
    for name in ("Rita", "A former reader"):
        assert "guest" not in names[name].get_text()
    assert [link.get_text() for link in page.select(".opinion a[href^='/readers/']")] == ["Rita"]


def test_from_an_edited_review_one_comes_to_what_changed(browser):
    book, published = a_book(), datetime(2026, 5, 1, tzinfo=UTC)
    review = a_review(book, created_at=published, updated_at=datetime(2026, 5, 3, tzinfo=UTC))
    link = browser.get(f"/books/{book.ref}").page.find("a", href=f"/reviews/{review.id}/changes")
    assert link.get_text().startswith("edited 3 May 2026, see what changed")
    browser.get(link["href"])


def test_a_visitor_s_page_holds_no_form_but_the_search(browser):
    book = a_book()
    a_vote(a_review(book))
    page = browser.get(f"/books/{book.ref}").page
    assert [form["action"] for form in page.find_all("form")] == ["/search"]
    assert not page.find_all("button", attrs={"aria-pressed": True})


def test_a_member_sees_below_each_review_what_they_said_of_it(app):
    reader, book = a_reader(), a_book()
    reviews = [a_review(book) for _ in range(3)]
    a_review(book, by=reader)
    a_vote(reviews[0], True, by=reader)
    a_vote(reviews[1], False, by=reader)
    a_vote(reviews[2], True)
    page = Browser(app).login(reader).get(f"/books/{book.ref}").page
    pressed = [button.find(string=True) for button in page.select(".votes [aria-pressed=true]")]
    assert sorted(pressed) == ["Helpful", "Not helpful"]
    assert len(page.select(".votes form")) == 3


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


@pytest.mark.parametrize(
    "query", ["sort=helpful!", "stars=6", "stars=-1", "copies=free", "language=klingon", "page=abc", "page=%3Cs:x"]
)
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
def test_the_page_costs_at_most_six_queries_and_a_member_s_ten(app, browser, queries, reviews):
    book = a_book(isbns=["9780439023481", "9780439023498"], subjects=["A", "B"], authors=["X", "Y"])
    for number in range(reviews):
        a_review(book, number % 10 + 1)
    url = f"/books/{book.ref}"
    with queries() as found:
        browser.get(url)
    assert len(found) <= 6
    member = Browser(app).login(a_reader())
    with queries() as found:
        member.get(url)
    assert len(found) <= 10


def own_ways(answer):
    return [link["href"] for link in answer.page.select(".own a")]


@pytest.mark.parametrize("member", [True, False])
def test_whoever_wrote_a_review_finds_the_ways_to_change_and_delete_it(app, browser, member):
    book = a_book()
    a_review(book)
    if member:
        browser.login(a_reader("Rita"))
    browser.post(f"/books/{book.ref}/review", rating="9", body="Mine.", name="Rita")
    answer = browser.get(f"/books/{book.ref}")
    assert answer.page.find("a", string="Change your review")["href"] == f"/books/{book.ref}/review"
    assert not answer.page.find("a", string="Write a review") and "Have you read it?" not in answer.words
    mine = answer.page.select_one(".own").find_parent(class_="review")
    assert "Mine." in mine.get_text()
    assert [browser.get(way).page.h1.get_text() for way in own_ways(answer)] == ["Change your review", "Delete your review?"]
    alone = browser.get(mine.select_one(".review-when a")["href"])
    assert own_ways(alone) == own_ways(answer) and alone.page.find("a", string="Change your review")


def test_the_page_is_the_same_for_everybody_who_wrote_nothing(app, browser):
    book = a_book()
    browser.post(f"/books/{book.ref}/review", rating="9", body="Mine.", name="Rita")
    guest = Browser(app)
    guest.post(f"/books/{a_book('Emma').ref}/review", rating="9", body="Another.", name="Gus")
    visitors = Browser(app).get(f"/books/{book.ref}")
    assert guest.get(f"/books/{book.ref}").text == re.sub("<!--.*?-->", "", visitors.text)
    assert visitors.page.find("a", string="Write a review") and not own_ways(visitors)


def test_for_a_day_the_page_leads_its_writer_to_a_review_that_they_deleted(app, browser):
    book = a_book()
    browser.post(f"/books/{book.ref}/review", rating="9", body="Mine.", name="Rita")
    browser.post(f"/books/{book.ref}/review/delete")
    for page in (f"/books/{book.ref}", f"/books/{book.ref}/review"):
        way = browser.get(page).page.find("a", string="Bring it back")
        assert browser.get(way["href"]).page.main.find("button", string="Undo")
    assert browser.get(f"/books/{book.ref}").page.find("a", string="Write a review")
    assert "Bring it back" not in Browser(app).get(f"/books/{book.ref}").words
    db.session.execute(sa.update(Review).values(deleted_at=now() - UNDO - timedelta(minutes=1)))
    db.session.commit()
    assert "Bring it back" not in browser.get(f"/books/{book.ref}").words


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


def test_the_opinions_that_helped_most_stand_first(browser):
    book = a_book()
    a_review(book, 9, body="Praise at length. " * 20, language="en")
    helpful = [a_review(book, 8, body="Short praise."), a_review(book, 2, body="Short blame.")]
    a_review(book, 2, body="Blame at length. " * 20, language="en")
    for review in helpful:
        a_vote(review)
    favourable, critical = opinions(browser.get(f"/books/{book.ref}"))
    assert favourable.startswith("For Short praise.") and critical.startswith("Against Short blame.")


def test_of_equally_helpful_opinions_that_without_an_interest_stands_first(browser):
    book = a_book()
    a_review(book, 10, body="A gift. " * 20, source="free", language="en")
    a_review(book, 9, body="Bought.", source="bought")
    a_review(book, 2, body="My rival's. " * 20, knows_author=True, language="en")
    last = a_review(book, 1, body="Nobody's.")
    favourable, critical = opinions(browser.get(f"/books/{book.ref}"))
    assert favourable.startswith("For Bought.") and critical.startswith("Against Nobody's.")
    last.delete()
    db.session.commit()
    assert opinions(browser.get(f"/books/{book.ref}"))[1].startswith("Against My rival's.")


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
