from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from bookreviews.accounts.models import Login
from bookreviews.extensions import db, now
from bookreviews.reviews.models import Review
from bookreviews.votes.models import Vote
from tests.browser import Browser, hidden
from tests.factories import PASSWORD, a_book, a_reader, a_review, a_vote

WORDS = {"rating": "9", "body": "Read it.", "name": "Ann"}


@pytest.fixture
def reader():
    return a_reader("Rita")


@pytest.fixture
def member(app, reader):
    """The browser of a member who is logged in."""
    return Browser(app).login(reader)


def url_of(review):
    return f"/reviews/{review.id}/vote"


def token(browser):
    return {"csrf_token": browser.get("/").page.find("input", attrs={"name": "csrf_token"})["value"]}


def vote(browser, review, helpful="yes", status=303):
    """Send a vote as the buttons below a review do."""
    return browser.send(url_of(review), hidden(browser.form(f"/reviews/{review.id}")) | {"helpful": helpful}, status)


def votes():
    return db.session.execute(sa.select(Vote.review_id, Vote.helpful).order_by(Vote.review_id, Vote.user_id)).all()


def said(browser, review):
    """What the page of a review says of its votes, and which button is pressed."""
    part = browser.get(f"/reviews/{review.id}").page.select_one(".votes")
    pressed = [button.find(string=True) for button in part.select("[aria-pressed=true]")]
    return part.p and " ".join(part.p.get_text().split()), pressed


def test_a_member_says_that_a_review_helped_or_did_not_and_takes_it_back(member):
    review = a_review()
    assert said(member, review) == (None, [])
    vote(member, review, "yes")
    assert said(member, review) == ("1 of 1 reader found this helpful", ["Helpful"])
    vote(member, review, "no")
    assert said(member, review) == ("0 of 1 reader found this helpful", ["Not helpful"])
    vote(member, review, "none")
    assert said(member, review) == (None, [])
    assert votes() == []


def test_pressing_what_is_pressed_takes_it_back(member):
    review = a_review()
    values = []
    for _ in range(3):
        button = member.form(f"/reviews/{review.id}").button
        values.append(button["value"])
        vote(member, review, button["value"])
    assert values == ["yes", "none", "yes"]


def test_the_same_vote_twice_is_one(member):
    review = a_review()
    for _ in range(2):
        vote(member, review)
    assert votes() == [(review.id, True)]
    for _ in range(2):
        vote(member, review, "none")
    assert votes() == []


def test_all_readers_are_told_how_many_it_helped(browser, member):
    review = a_review(a_book())
    for helpful in (True, True, False):
        a_vote(review, helpful)
    vote(member, review)
    assert "3 of 4 readers found this helpful" in browser.get(f"/books/{review.book_id}-the-hunger-games").words
    assert said(browser, review) == ("3 of 4 readers found this helpful", [])


def test_votes_from_before_a_large_change_are_told_apart(app, member):
    writer, book = Browser(app).login(a_reader("Will")), a_book()
    form = f"/books/{book.ref}/review"
    writer.post(form, rating="9", body="Read it, all of you, as soon as you can.")
    review = db.session.scalar(sa.select(Review))
    a_vote(review)
    vote(member, review)
    writer.post(form, rating="9", body="Read it, all of you, as soon as you can!")
    assert said(member, review)[0] == "2 of 2 readers found this helpful"
    writer.post(form, rating="2", body="I was wrong.")
    assert said(member, review) == (
        "2 of 2 readers found this helpful (2 of these votes are from before it was much changed)",
        ["Helpful"],
    )
    vote(member, review, "no")
    assert said(member, review)[0].endswith(
        "1 of 2 readers found this helpful (1 of these votes is from before it was much changed)"
    )


def test_a_vote_changes_nothing_that_an_open_form_has_to_ask_about(app, member):
    writer, book = Browser(app).login(a_reader("Will")), a_book()
    form = f"/books/{book.ref}/review"
    writer.post(form, rating="9", body="Read it.")
    opened = hidden(writer.form(form))
    review = db.session.scalar(sa.select(Review))
    vote(member, review)
    db.session.refresh(review)
    assert (review.version, review.updated_at, review.helpful) == (1, None, 1)
    writer.send(form, opened | {"rating": "9", "body": "Read it soon."})
    assert said(member, review) == ("1 of 1 reader found this helpful", ["Helpful"])


def test_one_comes_back_to_where_one_voted(member):
    review = a_review(a_book())
    data = token(member) | {"helpful": "yes"}
    for where, back in (
        ("http://localhost/books/1-the-hunger-games?sort=newest", "/books/1-the-hunger-games?sort=newest"),
        (f"http://localhost/reviews/{review.id}", f"/reviews/{review.id}"),
        ("", f"/reviews/{review.id}"),
        ("https://elsewhere.example/reviews/1", "/"),
        ("//elsewhere.example", "/"),
    ):
        answer = member.open("POST", url_of(review), data=data, headers={"Referer": where})
        assert (answer.status_code, answer.location) == (303, f"{back}#review-{review.id}")


def test_a_form_that_had_expired_is_sent_again_and_leads_to_the_review(member):
    review = a_review()
    again = member.open("POST", url_of(review), data={"helpful": "yes"}, headers={"Sec-Fetch-Site": "same-origin"})
    page = member.checked(again, 400).page
    form = page.main.find("form", method="post")
    where = {"Referer": f"http://localhost{url_of(review)}"}
    answer = member.open("POST", form["action"], data=hidden(form), headers=where)
    assert member.get(answer.location, 302).location == f"/reviews/{review.id}"
    assert votes() == [(review.id, True)]


def test_nobody_votes_on_what_they_wrote(member, reader):
    review = a_review(by=reader)
    a_vote(review)
    answer = member.send(url_of(review), token(member) | {"helpful": "yes"})
    assert "This review is yours: whether it helps is for others to say." in member.follow(answer).words
    assert len(votes()) == 1
    assert not member.get(f"/reviews/{review.id}").page.select(".votes form, .votes a")


def test_nobody_votes_on_what_they_wrote_as_a_guest_in_this_browser(browser, reader):
    book = a_book()
    a_review(book, by=reader)
    browser.post(f"/books/{book.ref}/review", **WORDS)
    review = db.session.scalar(sa.select(Review).where(Review.user_id.is_(None)))
    browser.login(reader)
    answer = browser.send(url_of(review), token(browser) | {"helpful": "yes"})
    assert "This review is yours" in browser.follow(answer).words
    assert votes() == []


def test_a_guest_is_not_asked_whether_their_own_review_helped(browser):
    answer = browser.follow(browser.post(f"/books/{a_book().ref}/review", **WORDS))
    assert not answer.page.select(".votes form, .votes a")


def test_a_visitor_is_sent_to_log_in_and_comes_to_the_review(browser, reader):
    review = a_review()
    link = browser.get(f"/reviews/{review.id}").page.select_one(".votes a")
    assert link.find(string=True) == "Did this help you?"
    answer = browser.send(link["href"], hidden(browser.form(link["href"])) | {"email": "Rita", "password": PASSWORD})
    assert answer.location == f"/reviews/{review.id}"
    assert browser.follow(answer).page.select(".votes button")


def test_who_was_logged_out_before_the_vote_logs_in_and_comes_to_the_review(member, reader):
    review = a_review()
    data = token(member) | {"helpful": "yes"}
    db.session.execute(sa.delete(Login))
    db.session.commit()
    login = member.send(url_of(review), data).location
    assert "Please log in to say whether a review helped you." in member.get(login).words
    answer = member.send(login, hidden(member.form(login)) | {"email": "Rita", "password": PASSWORD})
    assert answer.location == f"/reviews/{review.id}"
    assert votes() == []


def test_without_its_token_no_vote_is_counted(member):
    review = a_review()
    member.send(url_of(review), {"helpful": "yes"}, 400)
    assert votes() == []


def test_who_loads_the_address_of_a_vote_is_led_to_the_review(member):
    review = a_review()
    assert member.get(url_of(review), 302).location == f"/reviews/{review.id}"
    assert votes() == []


@pytest.mark.parametrize("moment", ["deleted_at", "held_at", "hidden_at", "barred_at"])
def test_on_what_nobody_can_read_nobody_votes(member, moment):
    review = a_review(**{moment: now()})
    answer = member.send(url_of(review), token(member) | {"helpful": "yes"}, 404 if moment == "deleted_at" else 303)
    assert votes() == []
    assert moment == "deleted_at" or "not on the site any more" in member.follow(answer).words


@pytest.mark.parametrize("number", ["0", "999", "99999999999999999999", "-1", "x", "1.5"])
def test_an_unknown_review_is_not_found(member, number):
    member.send(f"/reviews/{number}/vote", token(member) | {"helpful": "yes"}, 404)


@pytest.mark.parametrize("answer", [{}, {"helpful": "maybe"}, {"helpful": ""}, {"helpful": "\0"}, {"helpful": "y" * 9999}])
def test_another_answer_gets_a_sentence(member, answer):
    review = a_review()
    assert "this was neither" in member.send(url_of(review), token(member) | answer, 400).words
    assert votes() == []


def test_ratings_without_words_ask_nobody_whether_they_helped(browser, member):
    review = a_review(body="")
    for someone in (browser, member):
        assert not someone.get(f"/reviews/{review.id}").page.select(".votes form, .votes a:not(.report)")


def test_votes_at_the_same_moment_are_all_counted(app):
    review = a_review()
    members = [Browser(app).login(a_reader()) for _ in range(6)]
    forms = [token(member) | {"helpful": "yes" if number else "no"} for number, member in enumerate(members)]
    cookies = [member.client.get_cookie("session").value for member in members]
    url = url_of(review)

    def click(number):
        client = app.test_client()
        client.set_cookie("session", cookies[number])
        return client.post(url, data=forms[number]).status_code

    with ThreadPoolExecutor(12) as threads:
        assert list(threads.map(click, [*range(6), *range(6)])) == [303] * 12
    db.session.refresh(review)
    assert (review.helpful, review.unhelpful, len(votes())) == (5, 1, 6)
