"""Every kind of page in a real browser: nothing complains, nobody is shut out, nothing is wider than its window."""

from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import abort
from playwright.sync_api import expect

from bookreviews.accounts import roles
from bookreviews.accounts.models import User
from bookreviews.books import listing
from bookreviews.drafts.models import Draft
from bookreviews.extensions import db, now
from bookreviews.moderation.models import Case, Flag
from bookreviews.reports.models import Report
from tests.browser import let_in, publish, wait_for_scripts, write
from tests.factories import a_book, a_case, a_cover, a_moderator, a_reader, a_review, a_vote

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)  # the pages are the same on both databases

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What is right stays in the browser: to fetch it takes longer than to find it.
LOOK = "options => axe.run(options).then(found => found.violations)"
ERRORS = (400, 403, 404, 405, 409, 413, 422, 429, 500, 503)


class Inspector:
    """Looks at a page as it stands, in both schemes and all widths, and notes what is wrong with it."""

    def __init__(self, page, site):
        self.page, self.site = page, site
        self.problems, self.titles, self.heard = [], {}, []
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.heard.append(f"error: {error}"))
        page.on("request", self.watch)

    def hear(self, message):
        # Of an error page's own status Chromium complains, too.
        if message.type in ("error", "warning") and message.location["url"] != self.page.url:
            self.heard.append(f"{message.type}: {message.text}")

    def watch(self, request):
        if not request.url.startswith((self.site, "data:")):
            self.heard.append(f"request: {request.url}")

    def go(self, name, path):
        self.page.goto(path)
        self.look(name)

    def look(self, name):
        self.titles.setdefault(self.page.title(), set()).add(urlsplit(self.page.url).path)
        for scheme, widths in (("light", (320, 390)), ("dark", (1280,))):
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for width in widths:
                self.page.set_viewport_size({"width": width, "height": 844})
                if self.page.evaluate("document.documentElement.scrollWidth") > width:
                    self.note(name, f"wider than {width}")
            self.note(name, *(f"{scheme}, {width}: {violation}" for violation in self.violations()))
        self.note(name, *self.heard)
        self.heard.clear()

    def violations(self):
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(Axe().axe_script)
        found = self.page.evaluate(LOOK, {"runOnly": WCAG, "resultTypes": ["violations"]})
        return [f"{one['id']} {[node['target'] for node in one['nodes']]}" for one in found]

    def note(self, name, *problems):
        self.problems += [f"{name}: {problem}" for problem in problems]


@pytest.fixture
def inspector(page, site):
    """An inspector, who in the end has found nothing, and no two pages of the same title."""
    inspector = Inspector(page, site)
    yield inspector
    assert inspector.problems == []
    # Of what stands at one address the title may be the same.
    assert {title: paths for title, paths in inspector.titles.items() if len(paths) > 1} == {}


def publish_in_another_tab(page, address, body):
    other = page.context.new_page()
    other.goto(address)
    publish(other, body)
    other.close()


def a_shelf():
    """A few books as they come: much read, hostile, in other scripts."""
    facts = {"subtitle": "Book One", "series": "Dune", "series_position": "1", "first_published": 1965, "language": "en"}
    dune = a_book("Dune", ["Frank Herbert"], ["9780441172719"], ["Science fiction"], description="A desert.", **facts)
    marks = "# Worms\n\n>!Everywhere!<, *truly*:\n\n- here\n- there\n\n> so\n\n`x` [y](https://z.example)"
    a_review(dune, 10, title="Sand", body=marks)
    a_review(dune, 2, title="He dies", body="Too long. " * 60, spoilers=True, name="Bob")
    a_review(dune, 3, body="Too dry for me, and too long by half.", name="Cid")
    a_review(dune, 7, body="", name="Dot")
    a_review(dune, 9, body="رواية جميلة عن الصحراء", name="ليلى", language="ar")
    hostile = a_book("W" * 300, [f"Author {number}" for number in range(47)], subjects=["A" * 80], description="d" * 500)
    a_review(hostile, 1, body="w" * 200, name="n" * 80, title="t" * 200)
    return {
        "book": dune,
        "hostile book": hostile,
        "book without reviews": a_book("Dune Messiah", ["Frank Herbert"], subjects=["Science fiction"], series="Dune"),
        "Arabic book": a_book("الأيام", ["طه حسين"], language="ar", subtitle="سيرة ذاتية"),
        "Japanese book": a_book("吾輩は猫である", ["夏目 漱石"], language="ja"),
    }


def test_an_empty_site(inspector):
    for path in ("/", "/books", "/search?q=dune"):
        inspector.go(f"empty {path}", path)


def test_pages_that_are_read(inspector):
    for name, book in a_shelf().items():
        inspector.go(name, f"/books/{book.ref}")
    for path in (
        "/", "/books", "/books?decade=1960&sort=title", "/books?subject=science-fiction&language=ja", "/appearance",
        "/authors/1-frank-herbert", "/subjects/science-fiction", "/reviews/1", "/reviews/2", "/reviews/6",
        "/search", "/search?q=dune", "/search?q=zebra", "/search?q=frank+herbart", "/search?q=9780439023481",
        "/search?q=" + "x" * 300, "/search?q=year:abc",
    ):  # fmt: skip
        inspector.go(path, path)


def test_pages_of_a_writer(inspector):
    page, book = inspector.page, a_shelf()["book"]
    form = f"/books/{book.ref}/review"
    inspector.go("form", form)
    page.get_by_role("button", name="Submit review").click()
    expect(page.get_by_role("alert")).to_be_visible()
    wait_for_scripts(page)
    inspector.look("form with errors")
    write(page, "Worms.\n\n# Many\n\n>!Very!<")
    expect(page.locator(".preview .words")).to_be_visible()
    inspector.look("form with preview")
    page.goto(form)
    expect(page.get_by_role("button", name="Use the draft")).to_be_visible()
    inspector.look("form with draft")
    publish_in_another_tab(page, form, "Newer words.")
    write(page, "Older words.")
    page.get_by_role("button", name="Submit review").click()
    expect(page.get_by_role("alert")).to_contain_text("Newer words.")
    inspector.look("conflict")
    page.get_by_role("button", name="Submit review").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your review")
    inspector.look("thanks")
    inspector.go("form with review", form)
    inspector.go("question", f"{form}/delete")
    page.get_by_role("button", name="Delete your review").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your review is deleted")
    inspector.look("deleted")
    inspector.go("form after deleting", form)


def test_parts_that_scripts_bring(inspector):
    page, book = inspector.page, a_shelf()["book"]
    page.goto("/")
    page.get_by_label("Search").press_sequentially("dune")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    inspector.look("suggestions")
    page.goto(f"/books/{book.ref}")
    page.get_by_role("link", name="Write a review").click()
    expect(page.get_by_role("heading", name="Write a review")).to_be_focused()
    inspector.look("form in place")
    page.goto(f"/books/{book.ref}")
    page.get_by_text("Show it").click()
    for spoiler in page.get_by_label("spoiler").all():
        spoiler.check()
    inspector.look("opened spoilers")
    page.goto(f"/books/{book.ref}/review")
    publish(page)
    page.get_by_role("link", name="Delete your review").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    inspector.look("note of what was deleted")


def test_pages_of_an_account_that_is_not_there_yet(inspector):
    page = inspector.page
    for path in ("/login?next=/books", "/register", "/reset", "/confirm", "/login/passkey"):
        inspector.go(path, path)
    page.goto("/register")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("alert")).to_be_visible()
    inspector.look("register with errors")
    page.goto("/login")
    page.get_by_label("Email", exact=True).fill("nobody")
    page.get_by_label("Password", exact=True).fill("wrong")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    inspector.look("log-in with errors")


@pytest.fixture
def member(page, app):
    """Ann, logged in, who has written something, drafted something, and is read by others."""
    ann, bob = a_reader("ann"), a_reader("Bob_the_reader_of_many_books_1")
    book = a_shelf()["book"]
    mine = a_review(book, 8, by=ann, title="Mine", body="Sand, and worms.")
    a_review(book, 3, by=bob, body="No.", source="free", knows_author=True, stopped_at=12)
    a_vote(mine, by=bob)
    db.session.add(Draft(user_id=ann.id, book_id=a_book("Emma").id, body="Not yet."))
    db.session.commit()
    let_in(page, ann)
    return book


def test_pages_of_a_member(inspector, member):
    page = inspector.page
    for path in (
        "/", f"/books/{member.ref}", "/readers/ann", "/readers/Bob_the_reader_of_many_books_1", f"/books/{member.ref}/review",
        "/settings", "/settings/username", "/settings/email", "/settings/password", "/settings/logins", "/settings/data",
        "/settings/close", "/settings/second-factor", "/settings/passkeys",
        "/settings/guest-reviews", "/settings/books", "/settings/proposals", "/verify", "/verify/passkey",
        "/books/new?title=Dune", f"/books/{member.ref}/edit", f"/books/{member.ref}/history",
    ):  # fmt: skip
        inspector.go(path, path)
    page.goto("/settings/second-factor")
    page.get_by_role("button", name="Turn it on").click()
    page.get_by_label("Code").wait_for()
    inspector.look("second factor's key")
    db.session.scalar(User.named("ann")).tf_primary_method = "authenticator"
    db.session.commit()
    inspector.go("before recovery codes", "/settings/recovery-codes")
    page.get_by_role("button", name="Make new codes").click()
    page.locator(".codes").wait_for()
    inspector.look("recovery codes")
    page.goto(f"/books/{member.ref}/review")
    page.get_by_label("Review", exact=True).fill("Worms, and sand, and more.")
    page.get_by_role("button", name="Submit review").click()
    page.get_by_role("heading", name="Thank you for your review").wait_for()
    page.get_by_role("link", name="see what changed").click()
    page.locator("ins").first.wait_for()
    inspector.look("changes")


def test_pages_of_a_moderator(inspector, app):
    page, ann, mo = inspector.page, a_reader("ann"), a_moderator("mo")
    book = a_book("W" * 200, ["n" * 80])
    mine = a_review(book, 2, by=ann, body="Buy " + "w" * 200)
    others = [a_review(book, 1, waits_until=now() + timedelta(days=3), by=a_reader(password=None)) for _ in range(2)]
    case = a_case(mine)
    db.session.add(Flag(case_id=case.id, rule="links", words="3 links beside 4 words."))
    db.session.add(Report(case_id=case.id, user_id=mo.id, rule="spam", words="w" * 200))
    db.session.add(Case(kind="burst", book_id=book.id))
    db.session.commit()
    let_in(page, mo)
    for path in (
        "/moderation",
        f"/moderation/reviews/{mine.id}",
        f"/moderation/bursts/{case.id + 1}",
        "/moderation/readers/ann",
    ):
        inspector.go(path, path)
    inspector.go("report", f"/reviews/{others[0].id}/report")
    page.get_by_role("button", name="Report the review").click()
    expect(page.get_by_role("alert")).to_be_visible()
    inspector.look("report without a reason")
    page.goto(f"/moderation/reviews/{mine.id}")
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_role("alert")).to_be_visible()
    inspector.look("removal without a reason")
    page.get_by_label("Rule").select_option("spam")
    page.get_by_label("Reason").fill("w" * 200)
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_role("status")).to_be_visible()
    for path in ("/decisions", f"/books/{book.ref}", f"/books/{book.ref}/rating", f"/reviews/{mine.id}"):
        inspector.go(f"public {path}", path)
    let_in(page, ann)
    inspector.go("home of whom it concerns", "/")
    inspector.go("own removed review", f"/reviews/{mine.id}")
    inspector.go("appeal", f"/reviews/{mine.id}/appeal")
    page.get_by_label("Why should it stand?").fill("w" * 200)
    page.get_by_role("button", name="Send the appeal").click()
    page.get_by_text("Thank you. Somebody looks at it again").wait_for()
    let_in(page, a_moderator("ada", role="admin"))
    page.goto("/moderation?kind=appeal")
    page.locator(".queue a").click()
    inspector.look("appeal to decide")


def test_pages_about_covers(inspector, member, app):
    page, long = inspector.page, a_book("W" * 300, ["n" * 80])
    ann, mo = db.session.scalar(User.named("ann")), a_reader("mo", roles=["moderator"])
    shown, waiting = a_cover(member, mo), a_cover(member, ann, shown=False)
    refused = a_cover(long, ann, refused_at=now(), reason="w" * 200)
    for path in ("/books", f"/books/{member.ref}", f"/books/{member.ref}/cover", f"/books/{long.ref}/cover"):
        inspector.go(path, path)
    page.get_by_role("button", name="Send the picture").click()
    expect(page.get_by_role("alert")).to_be_visible()
    inspector.look("form without a picture")
    let_in(page, mo)
    for cover in (shown, waiting, refused):
        inspector.go(f"cover {cover.id}", f"/moderation/covers/{cover.case_id}")
    page.goto(f"/moderation/covers/{waiting.case_id}")
    page.get_by_role("button", name="Refuse it").click()
    expect(page.get_by_role("alert")).to_be_visible()
    inspector.look("refused without a reason")


def test_pages_of_invitations(app, inspector, monkeypatch):
    page = inspector.page
    monkeypatch.setitem(app.config, "REGISTRATION", "invited")
    monkeypatch.setitem(app.config, "SPAM_QUESTION", "Who wrote Emma?")
    inspector.go("register without an invitation", "/register")
    let_in(page, a_reader("mo", roles=["moderator"]))
    inspector.go("no invitations", "/moderation/invitations")
    page.get_by_role("button", name="Make an invitation").click()
    link = page.locator(".notice code").inner_text()
    inspector.look("invitations")
    page.get_by_role("button", name="Log out").click()
    page.get_by_text("You are logged out.").wait_for()
    inspector.go("register with an invitation", link)


def test_pages_of_a_moderator_who_merges(inspector, member):
    page, ann = inspector.page, db.session.scalar(User.named("ann"))
    roles.give(ann, "moderator")
    again = a_book("Dune: a novel", ["F. Herbert"], ["9780340960196"], description="A desert.")
    a_review(again, 4, by=ann, body="Of the second.")
    a_book("Dune", ["Frank Herbert"])
    for path in (
        f"/books/{again.ref}", "/moderation/merge", "/moderation/merge/books", "/moderation/merge/authors?from=x&into=1",
        "/moderation/merge/duplicates/books", "/moderation/merge/duplicates/authors", "/moderation/editions/1/move",
        "/moderation/merge/authors?from=1&into=2", f"/moderation/merge/books?from={again.id}&into={member.id}",
    ):  # fmt: skip
        inspector.go(path, path)
    page.get_by_role("button", name="Merge them").click()
    expect(page.get_by_role("alert")).to_be_visible()
    inspector.look("merge without a reason")
    page.get_by_label("Reason").fill("The same work.")
    page.get_by_role("button", name="Merge them").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two books were merged")
    inspector.look("merged")
    inspector.go("merges", "/moderation/merge")
    inspector.go("two reviews", "/reviews/twice")


def test_the_style_guide(app, inspector, monkeypatch):
    monkeypatch.setitem(app.config, "DEBUG", True)
    inspector.go("style guide", "/styleguide")
    expect(inspector.page.get_by_role("heading", level=1)).to_have_text("Style guide")


def test_pages_of_errors(inspector, monkeypatch):
    for code in ERRORS:
        monkeypatch.setattr(listing, "choices", partial(abort, code))
        inspector.go(str(code), "/books")
        expect(inspector.page.get_by_text(f"Error {code}")).to_be_visible()
