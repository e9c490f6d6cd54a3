from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from bookreviews.books.models import Book
from bookreviews.extensions import db
from bookreviews.reviews.models import Review
from tests.browser import Browser, hidden
from tests.factories import a_book, a_reader, a_review
from tests.reviews.hostile import HOSTILE

WORDS = {"rating": "9", "title": "A fine book", "body": "Read it *twice*.", "language": "en", "name": "Ann"}


def url_of(book):
    return f"/books/{book.ref}/review"


def reviews():
    return db.session.scalars(sa.select(Review).order_by(Review.id)).all()


def field(answer, name):
    return answer.page.select_one(f"main [name={name}]")


def test_the_way_from_the_book_to_the_form_to_the_thanks(browser):
    book = a_book()
    form = browser.get(browser.get(f"/books/{book.ref}").page.find("a", string="Write a review")["href"])
    labels = [label.get_text() for label in form.page.select("main label")]
    assert labels[:10] == [
        "½ star", "1 star", "1½ stars", "2 stars", "2½ stars", "3 stars", "3½ stars", "4 stars", "4½ stars", "5 stars",
    ]  # fmt: skip
    assert {"Title", "Review", "Your name"} <= set(labels)
    assert form.page.fieldset.legend.get_text() == "Rating"
    thanks = browser.follow(browser.post(url_of(book), **WORDS))
    assert thanks.page.h1.get_text() == "Thank you for your review"
    assert thanks.page.select_one(".words").get_text(strip=True) == "Read ittwice."


def test_a_review_is_on_the_books_page_at_once_for_everybody(app, browser):
    book = a_book()
    browser.post(url_of(book), **WORDS)
    answer = Browser(app).get(f"/books/{book.ref}")
    assert "A fine book" in answer.words
    assert answer.page.select_one(".review em").get_text() == "twice"
    assert "1 guest: 4.5." in answer.words


def test_the_form_shows_the_writers_own_review_again(browser):
    book = a_book()
    browser.post(url_of(book), **WORDS, spoilers="y")
    form = browser.get(url_of(book))
    assert form.page.h1.get_text() == "Change your review"
    assert field(form, "title")["value"] == "A fine book"
    assert field(form, "body").get_text().strip() == "Read it *twice*."
    assert form.page.select_one("input[name=rating][checked]")["value"] == "9"
    assert field(form, "spoilers").has_attr("checked")


def test_another_visitor_does_not_see_it_in_their_form(app, browser):
    book = a_book()
    browser.post(url_of(book), **WORDS)
    assert field(Browser(app).get(url_of(book)), "title")["value"] == ""


def test_writing_again_changes_the_review(browser):
    book = a_book()
    browser.post(url_of(book), **WORDS)
    browser.post(url_of(book), **WORDS | {"rating": "1", "body": "I was wrong."})
    assert [(review.rating, review.body) for review in reviews()] == [(1, "I was wrong.")]
    answer = browser.get(f"/books/{book.ref}")
    assert "1 guest: 0.5." in answer.words
    assert "edited" in answer.words


def test_a_rating_needs_no_words(browser):
    book = a_book()
    browser.post(url_of(book), rating="6", name="Ann")
    db.session.refresh(book)
    assert (book.guests_count, book.guests_sum, book.reviews_count) == (1, 6, 0)


def test_the_name_is_remembered_for_the_next_book(browser):
    browser.post(url_of(a_book()), **WORDS)
    assert field(browser.get(url_of(a_book("Dune"))), "name")["value"] == "Ann"


def test_the_language_the_browser_prefers_is_suggested(browser):
    form = browser.get(url_of(a_book()), headers={"Accept-Language": "de-CH, fr;q=0.5"})
    assert form.page.select_one("select[name=language] option[selected]")["value"] == "de"


@pytest.mark.parametrize(
    "wrong, sentence",
    [
        ({"rating": None}, "choose a rating"),
        ({"rating": ""}, "choose a rating"),
        ({"rating": "0"}, "choose a rating"),
        ({"rating": "11"}, "choose a rating"),
        ({"rating": "-1"}, "choose a rating"),
        ({"rating": "abc"}, "choose a rating"),
        ({"rating": "NaN"}, "choose a rating"),
        ({"rating": "5.5"}, "choose a rating"),
        ({"rating": "٣"}, None),
        ({"rating": "9" * 5000}, "choose a rating"),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"body": ""}, "A title needs a review"),
        ({"body": "  \n\t "}, "no words here"),
        ({"body": "\0\x07"}, "no words here"),
        ({"body": "\u200b"}, "no words here"),
        ({"body": "[x]: http://example.org"}, "no words here"),
        ({"body": ">!They die.\n\nAll of them.!<"}, "A spoiler ends in its own paragraph"),
        ({"body": "x" * 20_001}, "at most 20,000 characters; this one has 20,001"),
        ({"body": "😀" * 20_001}, "this one has 20,001"),
        ({"name": ""}, "your name"),
        ({"name": " \u202e "}, "your name"),
        ({"name": "\u200b\u3164"}, "your name"),
        ({"name": "x" * 81}, "at most 80 characters"),
        ({"language": "klingon!"}, "choose a language"),
        ({"language": "\0"}, "choose a language"),
        ({"language": "zh_Hans"}, "choose a language"),
        ({"source": "stolen"}, "choose one of the list"),
        ({"source": "\0"}, "choose one of the list"),
        ({"stopped_at": "0"}, "A page is a number"),
        ({"stopped_at": "-5"}, "A page is a number"),
        ({"stopped_at": "100000"}, "A page is a number"),
        ({"stopped_at": "9" * 5000}, "A page is a number"),
        ({"stopped_at": "12a"}, "A page is a number"),
        ({"stopped_at": "1.5"}, "A page is a number"),
        ({"stopped_at": " 99999 "}, None),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(browser, wrong, sentence):
    book = a_book()
    sent = {name: value for name, value in (WORDS | wrong).items() if value is not None}
    answer = browser.post(url_of(book), 422 if sentence else 303, **sent)
    if sentence:
        (name,) = wrong
        place = answer.page.find(id=f"{name}-error")
        assert sentence in place.get_text()
        assert name in ("rating", "language") or place["id"] in field(answer, name).get("aria-describedby", "")
        assert not place.find_parent("details") or place.find_parent("details").has_attr("open")
        assert answer.page.find(role="alert").find("a", href=f"#{name}")
        for kept in {"title", "body", "name"} - {name}:
            now = field(answer, kept)
            assert (now.get("value") or now.get_text().strip()) == WORDS[kept]
        if "this one has 20,001" in sentence:
            assert field(answer, "body").get_text().strip() == wrong["body"]
        assert reviews() == []


@pytest.mark.parametrize(
    "body",
    [
        "Great 😀👩‍🚀",
        "كتاب جميل",
        "x\0y\x08z",
        "abc\u202edef",
        "<script>alert(1)</script>",
        "a\r\nb",
        "x" * 20_000,
        "{{ 7*7 }}",
    ],
)
def test_any_text_is_taken_and_shown_as_text(browser, body):
    book = a_book()
    browser.post(url_of(book), **WORDS | {"body": body})
    answer = browser.get(f"/books/{book.ref}")
    assert not answer.page.body.find("script")
    assert "\0" not in answer.text and "\u202e" not in answer.text
    assert browser.get(url_of(book))


def test_the_same_post_twice_makes_one_review(browser):
    book = a_book()
    data = hidden(browser.form(url_of(book))) | WORDS
    first, second = browser.send(url_of(book), data), browser.send(url_of(book), data)
    assert first.location == second.location
    assert len(reviews()) == 1
    assert reviews()[0].version == 1


def test_a_double_click_makes_one_review(app, browser):
    book = a_book()
    url, data = url_of(book), hidden(browser.form(url_of(book))) | WORDS
    cookie = browser.client.get_cookie("session").value
    db.session.rollback()

    def click(_):
        client = app.test_client()
        client.set_cookie("session", cookie)
        return client.post(url, data=data).status_code

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(click, range(8))) == [303] * 8
    assert len(reviews()) == 1
    db.session.refresh(book)
    assert (book.guests_count, book.guests_sum) == (1, 9)


def test_writers_at_the_same_moment_are_all_counted(app):
    book = a_book()
    url = url_of(book)
    db.session.rollback()

    def write(rating):
        client = app.test_client()
        form = client.get(url).text
        token = form.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
        return client.post(url, data=WORDS | {"csrf_token": token, "version": "0", "rating": rating}).status_code

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(write, range(1, 11))) == [303] * 10
    db.session.refresh(book)
    assert (book.guests_count, book.guests_sum, book.reviews_count) == (10, 55, 10)


def test_an_older_tab_does_not_overwrite_a_newer_text_and_both_are_shown(browser):
    book = a_book()
    old_tab = hidden(browser.form(url_of(book)))
    browser.post(url_of(book), **WORDS | {"body": "From the new tab."})
    answer = browser.send(url_of(book), old_tab | WORDS | {"body": "From the old tab."}, 409)
    assert "From the new tab." in answer.page.find(role="alert").get_text()
    assert field(answer, "body").get_text().strip() == "From the old tab."
    assert reviews()[0].body == "From the new tab."

    knowingly = hidden(answer.page.find("form", method="post")) | WORDS | {"body": "Both of them."}
    browser.send(url_of(book), knowingly)
    assert [review.body for review in reviews()] == ["Both of them."]


def in_conflict(browser, **typed):
    """The answer to a form that was overtaken by another tab."""
    book = a_book()
    old_tab = hidden(browser.form(url_of(book)))
    browser.post(url_of(book), **WORDS | {"body": "The desert is red."})
    return browser.send(url_of(book), old_tab | WORDS | {"body": "The desert is blue.", "rating": "3"} | typed, 409)


def sides(answer):
    return answer.page.select(".conflict .sides > div")


def test_what_stands_and_what_was_typed_are_side_by_side_with_the_difference_marked(browser):
    stands, typed = sides(in_conflict(browser))
    assert stands.h3.get_text() == "What stands now"
    assert typed.h3.get_text() == "What you typed"
    assert stands.select_one(".source").get_text().endswith("The desert is red.")
    assert typed.select_one(".source").get_text().endswith("The desert is blue.")
    assert [part.get_text() for part in stands.select("del, ins")] == ["red"]
    assert [part.get_text() for part in typed.select("del, ins")] == ["blue"]
    assert [side.select_one(".stars")["aria-label"] for side in (stands, typed)] == ["Rated 4½ of 5", "Rated 1½ of 5"]


def test_one_can_keep_what_stands_or_publish_what_was_typed(browser):
    answer = in_conflict(browser, source="free", stopped_at="7")
    assert "got a free copy · stopped at page 7" in sides(answer)[1].get_text()
    kept = browser.get(answer.page.find("a", string="Keep what stands")["href"])
    assert "The desert is red." in kept.words
    form = answer.page.find("form", method="post", id="review-form")
    assert answer.page.find("button", string="Publish mine instead")["form"] == form["id"]
    assert field(answer, "stopped_at")["value"] == "7"
    browser.send(form["action"], hidden(form) | WORDS | {"body": "The desert is blue."})
    assert [review.body for review in reviews()] == ["The desert is blue."]


@pytest.mark.parametrize("body", HOSTILE)
def test_hostile_words_in_a_conflict_are_words(browser, body):
    answer = in_conflict(browser, body=body)
    assert not answer.page.select("main script, main img, main .conflict h1, main .conflict a[href^=javascript]")
    assert len(answer.page.select(".sides > div")) == 2


def test_a_form_left_open_while_the_review_was_deleted_elsewhere_asks_first(browser):
    book = a_book()
    browser.post(url_of(book), **WORDS)
    old_tab = hidden(browser.form(url_of(book)))
    browser.post(f"{url_of(book)}/delete")
    answer = browser.send(url_of(book), old_tab | WORDS | {"body": "Better."}, 409)
    assert "deleted" in answer.page.find(role="alert").get_text()
    browser.send(url_of(book), hidden(answer.page.find("form", method="post")) | WORDS | {"body": "Better."})
    assert "Better." in browser.get(f"/books/{book.ref}").words


def test_an_expired_session_brings_the_form_back_with_every_word(browser):
    book = a_book()
    data = hidden(browser.form(url_of(book))) | WORDS
    browser.client.delete_cookie("session")
    answer = browser.send(url_of(book), data, 422)
    assert "This form had expired" in answer.words
    assert field(answer, "title")["value"] == WORDS["title"]
    assert field(answer, "body").get_text().strip() == WORDS["body"]
    assert answer.page.select_one("input[name=rating][checked]")["value"] == "9"
    browser.send(url_of(book), hidden(answer.page.find("form", method="post")) | WORDS)
    assert len(reviews()) == 1


@pytest.mark.parametrize("version", ["", "abc", "-1", "9" * 500, "99"])
def test_a_mangled_version_is_no_way_round_the_question(browser, version):
    book = a_book()
    browser.post(url_of(book), **WORDS)
    data = hidden(browser.form(url_of(book))) | WORDS | {"version": version, "body": "Other."}
    browser.send(url_of(book), data, 409)
    assert reviews()[0].body == WORDS["body"]


@pytest.mark.parametrize("body", ["[1, 2]", '"abc"', "5", "null", "{", '{"csrf_token": 5}', '{"rating": {}, "title": [1]}'])
def test_json_is_no_review(browser, body):
    url = url_of(a_book())
    browser.get(url)
    answer = browser.open("POST", url, data=body, content_type="application/json")
    browser.checked(answer, 422)
    assert reviews() == []


def test_a_forged_cookie_is_nobody(browser):
    review = a_review(guest="victim")
    browser.client.set_cookie("session", "eyJndWVzdCI6InZpY3RpbSJ9.aaaa.bbbb")
    assert field(browser.get(url_of(db.session.get(Book, review.book_id))), "body").get_text().strip() == ""


def test_a_post_of_five_megabytes_is_too_much(browser):
    book = a_book()
    answer = browser.send(url_of(book), WORDS | {"body": "x" * 5_000_000}, 413)
    assert "Back button" in answer.words


@pytest.mark.parametrize("path", ["/books/999/review", "/books/99999999999999/review"])
def test_an_unknown_book_takes_no_review(browser, path):
    browser.get(path, 404)
    browser.send(path, WORDS, 404)


def test_a_wrong_method_is_told_the_right_ones(browser):
    answer = browser.checked(browser.open("PUT", url_of(a_book())), 405)
    assert {"GET", "POST"} <= set(answer.headers["Allow"].replace(" ", "").split(","))


def test_what_readers_should_know_is_published_and_shown_in_the_form_again(browser):
    book = a_book()
    assert not browser.get(url_of(book)).page.select_one("details.reader-facts").has_attr("open")
    browser.post(url_of(book), **WORDS, source="library", knows_author="y", stopped_at="120")
    (review,) = reviews()
    assert (review.source, review.knows_author, review.stopped_at) == ("library", True, 120)
    form = browser.get(url_of(book))
    assert form.page.select_one("details.reader-facts").has_attr("open")
    assert form.page.select_one("[name=source] option[selected]")["value"] == "library"
    assert field(form, "knows_author").has_attr("checked")
    assert field(form, "stopped_at")["value"] == "120"
    browser.post(url_of(book), **WORDS, source="", stopped_at="")
    db.session.refresh(review)
    assert (review.source, review.knows_author, review.stopped_at) == (None, False, None)


def test_the_form_is_kept_by_nobody_but_the_browser_that_asked(browser):
    cache = browser.get(url_of(a_book())).headers["Cache-Control"]
    assert "private" in cache and "no-store" not in cache


@pytest.mark.parametrize(
    "name", ["ruth_abelson", "Ruth Abelson", "R\u200buth_Abelson", "Ruth_Аbelson", "Admin", "BookReviews", "A former reader"]
)
def test_a_guest_cannot_sign_as_a_member_or_as_the_site(browser, name):
    a_reader("Ruth_Abelson")
    book = a_book()
    answer = browser.post(f"/books/{book.ref}/review", 422, rating=8, title="", body="Mine.", name=name)
    assert "Log in, or sign with another" in answer.words and "Mine." in answer.words
    browser.post(f"/books/{book.ref}/review", rating=8, title="", body="Mine.", name="Ruth B.")
