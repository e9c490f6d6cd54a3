"""The pictures of covers, as browsers fetch them."""

import pytest

from bookreviews.covers import storage
from bookreviews.extensions import db
from tests.browser import Browser
from tests.factories import a_book, a_cover, a_picture, a_reader


def url(cover, width=240):
    return f"/covers/{cover.key}-{width}.webp"


@pytest.mark.parametrize("width", [120, 240, 480])
def test_what_is_shown_is_there_for_everybody_and_for_ever(browser, width):
    cover = a_cover()
    answer = browser.get(url(cover, width))
    assert answer.data == a_picture(kind="WEBP")
    assert (answer.content_type, answer.headers["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    kept = answer.cache_control
    assert kept.public and kept.immutable and kept.max_age == 365 * 24 * 60 * 60
    assert "Set-Cookie" not in answer.headers
    again = browser.get(url(cover, width), 304, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.data == b""


def test_what_waits_only_whoever_sent_it_and_moderators_see(app):
    ann = a_reader("ann")
    cover = a_cover(by=ann, shown=False)
    for somebody in (ann, a_reader(roles=["moderator"]), a_reader(roles=["admin"])):
        answer = Browser(app).login(somebody).get(url(cover))
        assert answer.headers["Cache-Control"] == "private, no-store"
    Browser(app).get(url(cover), 404)
    Browser(app).login(a_reader("bob")).get(url(cover), 404)


def test_what_was_refused_nobody_sees(app):
    ann, cover = a_reader("ann"), a_cover()
    cover.refuse("No.")
    db.session.commit()
    for browser in (Browser(app), Browser(app).login(ann), Browser(app).login(a_reader(roles=["moderator"]))):
        browser.get(url(cover), 404)


@pytest.mark.parametrize("path", ["x-240.webp", "-240.webp", "{key}-241.webp", "{key}-0.webp", "{key}.webp", "%00-240.webp"])
def test_there_are_no_others(browser, path):
    browser.get("/covers/" + path.format(key=a_cover().key), 404)


def test_of_a_picture_that_is_lost_the_cover_is_drawn(browser, caplog):
    cover = a_cover(a_book("Dune", ["Frank Herbert"]))
    storage.delete([cover.key])
    answer = browser.get(url(cover), 503)
    assert answer.mimetype == "image/svg+xml" and "Dune" in answer.text and "Frank Herbert" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_so_it_is_in_a_browser(page, app, caplog):
    cover = a_cover()
    storage.delete([cover.key])
    page.goto(f"/books/{cover.book_id}")
    page.wait_for_function("document.querySelector('main img.cover').naturalWidth > 0")
