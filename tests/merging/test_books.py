"""Two books that are one become one, and what belonged to either is not lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bookreviews.books.catalogue import Row
from bookreviews.books.importer import store
from bookreviews.books.models import Book, Edition, Identifier, OutsideRating
from bookreviews.covers.models import Cover
from bookreviews.drafts.models import Draft
from bookreviews.extensions import db, now
from bookreviews.ledger.models import RatingChange
from bookreviews.merging import books as merging
from bookreviews.merging.models import Merge
from bookreviews.moderation.models import Case, Decision
from bookreviews.reviews.models import Review
from bookreviews.revisions.models import PROPOSED, Revision
from tests.browser import Browser, hidden
from tests.factories import a_book, a_cover, a_reader, a_review, a_vote
from tests.merging.acting import address, merged, undone


def test_both_are_seen_side_by_side_and_a_choice_is_offered_for_what_differs(moderator, pair):
    answer = moderator.get(address(*pair))
    assert "This one goes" in answer.words and "This one stays" in answer.words
    legends = [legend.text for legend in answer.page.select("legend")]
    assert legends == ["Title", "Authors", "First published", "Language", "Subjects", "Description"]
    chosen = {radio["name"]: radio["value"] for radio in answer.page.select("input[type=radio][checked]")}
    assert chosen["title"] == "into" and chosen["description"] == "from" and chosen["subjects"] == "both"


@pytest.mark.parametrize("how", ["/books/{}-any-slug", "http://localhost/books/{}?sort=newest#reviews", "{}", " {} "])
def test_the_two_are_given_by_address_or_number(moderator, pair, how):
    values = {"from": how.format(pair[0].id), "into": how.format(pair[1].id)}
    assert "This one goes" in moderator.get("/moderation/merge/books", query_string=values).words


def test_the_two_are_given_by_isbn(moderator, pair):
    answer = moderator.get("/moderation/merge/books", query_string={"from": "978-0-340-96019-6", "into": "0441172717"})
    assert "This one goes" in answer.words


@pytest.mark.parametrize("wrong", ["", "dune", "999", "99999999999", "/books/", "9780000000002", "\0"])
def test_what_is_no_book_is_told_beside_the_field(moderator, pair, wrong):
    answer = moderator.get("/moderation/merge/books", query_string={"from": wrong, "into": pair[1].id})
    assert "No book here has this address, number or ISBN." in answer.page.select_one("#from-error").text


def test_one_book_is_not_merged_with_itself(moderator, pair):
    answer = moderator.get(address(pair[0], pair[0]))
    assert "These two are one already." in answer.words


@pytest.mark.parametrize("reason", ["", " \n ", "\u200b"])
def test_a_reason_is_needed_and_what_was_chosen_stays_chosen(moderator, pair, reason):
    answer = moderator.post(address(*pair), 422, title="from", reason=reason)
    assert "Please say why" in answer.page.select_one("#reason-error").text
    assert answer.page.select_one("input[name=title][value=from]").has_attr("checked")
    assert db.session.scalar(sa.select(Merge)) is None


def test_the_facts_are_those_that_were_chosen(moderator, pair):
    again, dune = pair
    merged(moderator, again, dune, title="from", authors="from", language="into")
    book = db.session.scalar(Book.listed())
    assert (book.id, book.title, book.language, book.description) == (dune.id, "Dune: a novel", "en", "A desert.")
    assert [author.name for author in book.authors] == ["F. Herbert"]
    assert "Sand" in moderator.get(f"/books/{book.ref}").words and "Worms" in moderator.get(f"/books/{book.ref}").words


def test_it_stands_in_the_public_log(moderator, pair):
    merged(moderator, *pair)
    decision = db.session.scalar(sa.select(Decision))
    assert (decision.action, decision.book_id, decision.role) == ("merge", pair[1].id, "moderator")
    assert decision.reason == "“Dune: a novel” is part of “Dune” now. The same work."


def test_editions_numbers_and_ratings_elsewhere_come_along(moderator, pair):
    again, dune = pair
    db.session.add_all(Identifier(scheme="x", value=str(book.id), book_id=book.id) for book in pair)
    for book, source, count in ((again, "a", 5), (dune, "a", 3), (again, "b", 2)):
        db.session.add(OutsideRating(book_id=book.id, source=source, average=4.0, count=count))
    db.session.commit()
    merged(moderator, again, dune)
    assert set(db.session.scalars(sa.select(Edition.book_id))) == {dune.id}
    assert set(db.session.scalars(sa.select(Identifier.book_id))) == {dune.id}
    ratings = db.session.scalars(sa.select(OutsideRating).order_by(OutsideRating.source)).all()
    assert [(one.book_id, one.source, one.count) for one in ratings] == [(dune.id, "a", 5), (dune.id, "b", 2)]
    assert db.session.get(Book, dune.id).outside_count == 7
    assert db.session.get(Book, again.id).popularity == 0


def test_reviews_come_with_their_votes_and_every_number_is_right(moderator, pair, cli):
    again, dune = pair
    ann, bob = a_reader("ann"), a_reader("bob")
    review = a_review(again, 4, by=ann)
    a_vote(review, by=bob)
    a_review(again, 6, body="")
    a_review(dune, 10, by=bob)
    merged(moderator, again, dune)
    book, away = db.session.get(Book, dune.id), db.session.get(Book, again.id)
    assert (book.ratings_count, book.ratings_sum, book.guests_count, book.reviews_count) == (2, 14, 1, 2)
    assert (away.ratings_count, away.guests_count, away.reviews_count) == (0, 0, 0)
    moved = db.session.get(Review, review.id)
    assert (moved.book_id, moved.helpful, moved.version) == (dune.id, 1, 1)
    changes = sa.select(RatingChange.book_id, RatingChange.before, RatingChange.after).where(RatingChange.cause == "merged")
    assert [tuple(row) for row in db.session.execute(changes)] == [(again.id, 4, None), (dune.id, None, 4)]
    assert cli("ratings", "verify").output == "0 wrong.\n"
    assert "Could not put it down." in moderator.get(f"/books/{book.ref}").words


def test_what_waits_for_moderators_comes_along(moderator, pair):
    again, dune = pair
    review = a_review(again, held_at=now())
    for kind, facts in (("review", {"review_id": review.id}), ("proposal", {}), ("book", {})):
        db.session.add(Case(kind=kind, book_id=again.id, **facts))
    db.session.commit()
    merged(moderator, again, dune)
    cases = {case.kind: case for case in db.session.scalars(sa.select(Case))}
    assert {kind: case.book_id for kind, case in cases.items()} == {
        "review": dune.id, "proposal": dune.id, "book": again.id,
    }  # fmt: skip
    assert [kind for kind, case in cases.items() if not case.is_open] == ["book"]


def test_drafts_come_along_and_of_two_no_word_is_lost(moderator, pair):
    again, dune = pair
    ann, bob = a_reader("ann"), a_reader("bob")
    early = now() - timedelta(days=1)
    db.session.add_all([
        Draft(user_id=ann.id, book_id=again.id, body="Ann's."),
        Draft(user_id=bob.id, book_id=dune.id, body="Older.", title="Old", rating=3, saved_at=early),
        Draft(user_id=bob.id, book_id=again.id, body="Newer."),
    ])  # fmt: skip
    db.session.commit()
    merged(moderator, again, dune)
    drafts = db.session.scalars(sa.select(Draft).order_by(Draft.user_id)).all()
    assert [(draft.book_id, draft.body, draft.rating) for draft in drafts] == [
        (dune.id, "Ann's.", None),
        (dune.id, "Newer.\n\nOlder.", 3),
    ]
    assert drafts[1].title == "Old"


LISTS = (
    "/", "/books", "/books?sort=newest", "/books?sort=title", "/books?sort=reviewed", "/books?language=de", "/subjects/worms",
    "/search?q=dune", "/search/suggest?q=dune", "/sitemaps/books-1.xml", "/authors/{author}", "/books/{other}",
    "/moderation/merge/duplicates/books",
)  # fmt: skip


def test_a_merged_book_is_in_no_list(moderator, pair):
    again, dune = pair
    author = again.credits[0].author_id if "credits" in again.__dict__ else 2
    other = a_book("Emma", ["F. Herbert"], subjects=["Worms"])
    a_review(again, by=a_reader("ann"))
    merged(moderator, again, dune)
    for path in LISTS:
        page = moderator.get(path.format(author=author, other=other.id), 301 if "{" in path else 200)
        if "{" in path:
            page = moderator.follow(page)
        assert f"/books/{again.id}-" not in page.text, path


def test_choices_of_the_catalogue_do_not_name_what_only_a_merged_book_has(moderator, pair):
    merged(moderator, *pair, language="into")
    assert "German" not in moderator.get("/books").page.find(id="filter-language").text


def test_a_site_counts_what_is_there(moderator, pair, cli):
    merged(moderator, *pair)
    assert "         1 books\n" in cli("catalogue", "stats").output
    assert cli("search", "check").exit_code == 0
    assert cli("search", "rebuild").exit_code == 0
    assert cli("search", "check").exit_code == 0


@pytest.mark.parametrize("tail", ["", "/review", "/review/delete", "/card.png", "/draft/discard"])
def test_old_addresses_lead_to_the_one_that_stays(moderator, pair, tail):
    again, dune = pair
    merged(moderator, again, dune)
    answer = moderator.get(f"/books/{again.ref}{tail}?sort=newest", 301)
    assert answer.location == f"/books/{dune.ref}{tail}?sort=newest"
    assert answer.cache_control.no_cache, "a merge can be undone"


def test_isbns_lead_to_the_one_that_stays(moderator, pair):
    again, dune = pair
    merged(moderator, again, dune)
    assert moderator.get("/isbn/9780340960196", 302).location == f"/books/{dune.ref}"
    assert moderator.get("/api/9780340960196").json["title"] == "Dune"


def test_a_chain_of_merges_is_one_step(moderator, pair):
    again, dune = pair
    third = a_book("Dune, once more")
    merged(moderator, again, dune)
    merged(moderator, dune, third)
    for book in pair:
        assert moderator.get(f"/books/{book.id}", 301).location == f"/books/{third.ref}"


# A form that was open while the book was merged away.

WORDS = {"rating": "9", "title": "", "body": "Worms."}


def resent(browser, answer, data):
    """The answer when a browser sends the same again to where it was told."""
    assert answer.status_code == 308
    return browser.send(answer.location, data)


def test_a_review_of_a_book_merged_away_meanwhile_lands_on_the_other(browser, moderator, pair):
    again, dune = pair
    data = hidden(browser.form(f"/books/{again.ref}/review")) | WORDS | {"name": "Ann"}
    merged(moderator, again, dune)
    answer = resent(browser, browser.send(f"/books/{again.ref}/review", data, 308), data)
    page = browser.follow(answer)
    assert "Thank you for your review" in page.words
    assert "This is now part of “Dune”, and so is what you have sent." in page.words
    assert db.session.scalar(sa.select(Review)).book_id == dune.id


def test_a_change_of_a_review_that_moved_meanwhile_changes_it(browser, moderator, pair):
    again, dune = pair
    browser.post(f"/books/{again.ref}/review", **WORDS, name="Ann")
    data = hidden(browser.form(f"/books/{again.ref}/review")) | WORDS | {"name": "Ann", "body": "Better."}
    merged(moderator, again, dune)
    resent(browser, browser.send(f"/books/{again.ref}/review", data, 308), data)
    assert [(one.body, one.book_id) for one in db.session.scalars(sa.select(Review))] == [("Better.", dune.id)]


def test_a_draft_of_a_book_merged_away_meanwhile_is_kept_with_the_other(browser, moderator, pair):
    again, dune = pair
    browser.login(a_reader("ann"))
    data = hidden(browser.form(f"/books/{again.ref}/review")) | WORDS
    merged(moderator, again, dune)
    resent(browser, browser.send(f"/books/{again.ref}/draft", data, 308), data)
    assert [(one.body, one.book_id) for one in db.session.scalars(sa.select(Draft))] == [("Worms.", dune.id)]


def test_a_review_is_deleted_although_its_book_was_merged_meanwhile(browser, moderator, pair):
    again, dune = pair
    browser.post(f"/books/{again.ref}/review", **WORDS, name="Ann")
    data = hidden(browser.form(f"/books/{again.ref}/review/delete"))
    merged(moderator, again, dune)
    resent(browser, browser.send(f"/books/{again.ref}/review/delete", data, 308), data)
    assert db.session.scalar(sa.select(Review)).deleted


def test_who_reviewed_the_other_as_well_sees_both_before_anything_is_replaced(browser, moderator, pair):
    again, dune = pair
    ann = a_reader("ann")
    a_review(dune, by=ann, body="Of the first.")
    browser.login(ann)
    data = hidden(browser.form(f"/books/{again.ref}/review")) | WORDS
    merged(moderator, again, dune)
    answer = browser.send(f"/books/{again.ref}/review", data, 308)
    both = browser.send(answer.location, data, 409)
    sides = [side.text.strip() for side in both.page.select(".sides .source")]
    assert sides == ["Of the first.", "Worms."]


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_reviews_written_while_the_books_are_merged_are_all_there_and_counted(app, pair, cli):
    again, dune = pair
    url = f"/books/{again.ref}/review"
    ids = [book.id for book in pair]
    db.session.rollback()

    def write(number):
        client = app.test_client()
        token = client.get(url, follow_redirects=True).text.partition('name="csrf_token"')[2].partition('value="')[2]
        data = WORDS | {"csrf_token": token.partition('"')[0], "version": "0", "name": f"Ann {number}"}
        answer = client.post(url, data=data)
        return (client.post(answer.location, data=data) if answer.status_code == 308 else answer).status_code

    def merge():
        with app.app_context():
            done = merging.merge(*ids, {}, "The same.")
            db.session.commit()
            return 303 if done else 409

    with ThreadPoolExecutor(6) as threads:
        before = [threads.submit(write, number) for number in range(5)]
        work = [*before, threads.submit(merge), *(threads.submit(write, number) for number in range(5, 11))]
        found = [one.result() for one in work]
    assert found == [303] * 12
    assert set(db.session.scalars(sa.select(Review.book_id))) == {ids[1]}
    assert db.session.get(Book, ids[1]).guests_count == 11
    assert cli("ratings", "verify").output == "0 wrong.\n"


def test_two_moderators_at_the_same_moment_merge_once(moderator, pair):
    form = moderator.form(address(*pair))
    merged(moderator, *pair)
    answer = moderator.send(address(*pair), hidden(form) | {"reason": "Again."}, 422)
    assert "These two are one already." in answer.words
    assert len(db.session.scalars(sa.select(Merge)).all()) == 1


# What an import finds.


def rows(**facts):
    return [Row(line=1, **facts)]


@pytest.mark.parametrize(
    "facts",
    [
        {"title": "Dune: a novel", "authors": ("F. Herbert",)},
        {"title": "Dune", "authors": ("Frank Herbert",)},
        {"title": "Something else", "isbns": ("9780340960196",)},
        {"title": "Something else", "identifiers": (("x", "1"),)},
        {"title": "Something else", "identifiers": (("x", "2"),)},
        {"title": "Dune: a novel", "authors": ("F. Herbert",), "identifiers": (("x", "2"),), "isbns": ("9780340960196",)},
    ],
)
def test_an_import_finds_the_one_that_stays_and_brings_nothing_back(moderator, pair, facts):
    again, dune = pair
    db.session.add_all(Identifier(scheme="x", value=str(book.id), book_id=book.id) for book in pair)
    db.session.commit()
    merged(moderator, again, dune)
    assert store(rows(**facts, subjects=("Spice",), outside=(4.0, 9)), "x")["added"] == 0
    db.session.commit()
    assert db.session.scalar(sa.select(OutsideRating.book_id)) == dune.id
    assert "Spice" not in moderator.get(f"/books/{dune.ref}").words
    assert moderator.get(f"/books/{again.id}", 301).location == f"/books/{dune.ref}"


def test_an_import_fills_in_nothing_of_what_was_merged_even_if_that_is_undone(moderator, pair):
    again, dune = pair
    done = merged(moderator, again, dune, subjects="into")
    spice = rows(title="Dune", authors=("Frank Herbert",), subjects=("Spice",))
    assert store(spice, "x") == {"unchanged": 1}
    db.session.commit()
    undone(moderator, done)
    assert store(spice, "x") == {"unchanged": 1}


def test_the_sample_is_loaded_again_although_books_of_it_were_merged(moderator, cli):
    cli("sample", "load")
    first, second, *_ = db.session.scalars(Book.listed().order_by(Book.id)).all()
    merged(moderator, first, second)
    assert cli("sample", "load").output.startswith("Loaded 0 books and ")
    assert cli("ratings", "verify").output == "0 wrong.\n"
    assert cli("sample", "clear").exit_code == 0


def test_moderators_find_the_way_from_the_book_and_others_do_not_see_it(app, moderator, pair):
    path = f"/books/{pair[0].ref}"
    link = moderator.get(path).page.find("a", href=f"/moderation/merge/books?from={pair[0].id}")
    answer = moderator.get(link["href"])
    assert answer.page.find(id="from")["value"] == str(pair[0].id) and not answer.page.select(".field-error")
    assert "/moderation/" not in Browser(app).get(path).text
    assert "/moderation/" not in Browser(app).login(a_reader("ann")).get(path).text


def test_covers_proposals_and_what_was_decided_go_along(moderator, pair):
    again, dune = pair
    ann = a_reader("ann")
    cover = a_cover(again, by=ann)
    db.session.add(Revision(book_id=again.id, user_id=ann.id, role="reader", state=PROPOSED, changes={"title": ["a", "b"]}))
    db.session.add(Decision(action="hide", rule="spam", reason="It sold pills.", role="moderator", book_id=again.id))
    db.session.commit()
    merged(moderator, again, dune)
    assert db.session.get(Book, dune.id).cover_key == cover.key
    assert db.session.scalar(sa.select(Revision.book_id).where(Revision.state == PROPOSED)) == dune.id
    assert "It sold pills." in moderator.get(f"/books/{dune.ref}/rating").words


def test_of_a_readers_two_covers_that_wait_one_stays_behind(moderator, pair):
    ann = a_reader("ann")
    covers = [a_cover(book, by=ann, shown=False).id for book in pair]
    merged(moderator, *pair)
    assert [db.session.get(Cover, number).book_id for number in covers] == [book.id for book in pair]
    assert len(moderator.get("/moderation?kind=cover").page.select(".queue > li")) == 2


def test_it_is_found_by_the_title_of_the_other_as_well(moderator, cli):
    sand, dune = a_book("Der Wüstenplanet"), a_book("Dune")
    merged(moderator, sand, dune)
    assert moderator.get("/search?q=der+wüstenplanet").page.find("a", href=f"/books/{dune.ref}")
    assert cli("search", "check").exit_code == 0
