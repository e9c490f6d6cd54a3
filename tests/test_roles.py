"""The role matrix: every route and method, as everybody there is. A route that is not in the table fails."""

import re

import pytest
import sqlalchemy as sa

from bookreviews.accounts.models import Login, User
from bookreviews.drafts.models import Draft
from bookreviews.extensions import db
from bookreviews.merging.models import Merge
from bookreviews.moderation.models import Case
from tests.browser import Browser, hidden
from tests.conftest import wait_until
from tests.factories import PASSWORD, a_book, a_cover, a_reader, a_review

ROLES = ("visitor", "guest", "reader", "other", "moderator", "admin", "banned")
NAMES = {"reader": "ann", "other": "bob", "moderator": "mo", "admin": "ada", "banned": "ben"}

# What each is answered, in this order. The reader owns the review, the draft, the cover that waits and the login that the
# routes name; a guest has a review of another book. A POST bears its token and nothing else. 302 and 303 lead members on,
# and others to log in.
MATRIX = """
200 200 200 200 200 200 200 GET
    api.book books.card books.index books.subject decisions.index doubles.choose pages.appearance pages.favicon
    pages.healthz pages.home
    pages.manifest pages.readyz pages.robots pages.sitemap pages.sitemap_pages pages.sitemap_part readers.show
    reviews.changes reviews.edit reviews.show revisions.history search.results search.suggest security.forgot_password
    security.send_confirmation
200 200 200 200 200 200 200 POST
    reviews.preview
200 200 302 302 302 302 200 GET
    security.login security.register security.wan_signin
200 200 303 303 303 303 200 POST
    security.wan_signin
301 301 301 301 301 301 301 GET
    books.author books.show ledger.show
302 302 200 200 200 200 302 GET
    additions.mine additions.new revisions.edit revisions.mine covers.upload
    accounts.close accounts.data accounts.download accounts.logins accounts.settings accounts.username guests.choose
    security.change_email security.change_password security.two_factor_setup
    security.verify security.wan_register security.wan_verify
302 302 200 200 200 200 302 GET
    reports.report
302 302 200 404 404 404 302 GET
    drafts.discard
302 302 403 403 200 200 302 GET
    cover_cases.decide merging.authors merging.books merging.duplicates merging.index merging.move merging.show
302 302 403 403 404 404 302 GET
    curation.book curation.proposal curation.revert
302 302 302 302 302 302 302 GET
    accounts.end_login accounts.end_other_logins books.isbn security.change_email_confirm security.confirm_email
    security.mf_recovery security.mf_recovery_codes security.reset_password security.tf_select
    security.two_factor_token_validation security.wan_delete votes.cast
302 302 303 303 303 303 302 POST
    accounts.end_other_logins accounts.username
302 302 303 404 404 404 302 POST
    accounts.end_login
302 302 400 400 400 400 302 POST
    guests.choose
302 302 409 404 404 404 302 POST
    drafts.discard
302 302 422 422 422 422 302 POST
    accounts.close
302 302 403 403 200 200 302 GET
    invitations.index
303 303 403 403 303 303 303 POST
    invitations.make invitations.revoke
303 303 200 200 200 200 303 POST
    security.wan_verify
303 303 303 303 303 303 303 GET
    security.two_factor_rescue
303 303 303 303 303 303 303 POST
    pages.appearance security.confirm_email security.logout security.mf_recovery security.mf_recovery_codes
    security.reset_password security.tf_select security.two_factor_rescue
    security.two_factor_setup_validate security.two_factor_token_validation security.wan_delete
    security.wan_register_response security.wan_signin_response security.wan_verify_response
303 303 403 403 404 404 303 POST
    curation.book curation.proposal curation.revert
303 303 303 400 400 400 303 POST
    votes.cast
303 303 403 403 422 422 303 POST
    cover_cases.decide merging.authors merging.books merging.move merging.undo
303 303 422 422 422 422 303 POST
    covers.upload
    security.change_email security.change_password security.two_factor_setup security.verify security.wan_register
404 404 200 404 200 200 404 GET
    covers.picture
302 302 403 403 200 200 302 GET
    moderation.burst moderation.index moderation.reader moderation.review
302 302 403 403 404 404 302 GET
    moderation.appeal
303 303 303 422 422 422 303 POST
    reports.report
303 303 403 403 404 404 303 POST
    moderation.appeal
303 303 403 403 422 422 303 POST
    moderation.burst moderation.reader moderation.review
400 400 400 400 400 400 400 POST
    doubles.choose
404 404 200 404 404 404 404 GET
    reviews.delete reviews.thanks
404 404 303 404 404 404 404 GET
    appeals.appeal
404 404 303 404 404 404 404 POST
    appeals.appeal reviews.restore
404 404 404 404 404 404 404 GET
    mail.outbox pages.styleguide static
404 404 409 404 404 404 404 POST
    reviews.delete
422 422 303 303 303 303 422 POST
    revisions.edit security.login security.register
422 422 409 409 409 409 422 POST
    drafts.save
422 422 422 422 422 422 422 POST
    additions.new reviews.edit security.forgot_password security.send_confirmation
"""


# What is refused before any view is asked is refused on both databases alike.
ON_ONE_DATABASE = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


def expected():
    """{(endpoint, method): (status, …)}, in the order of ROLES."""
    found, statuses, method = {}, (), ""
    for line in MATRIX.strip().splitlines():
        if not line.startswith(" "):
            *numbers, method = line.split()
            statuses = tuple(map(int, numbers))
        else:
            found |= {(endpoint, method): statuses for endpoint in line.split()}
    return found


ARGUMENTS = {
    "name": "ann", "slug": "science-fiction", "isbn": "9780441172719", "token": "x", "version": "0", "path": "x",
    "kind": "books", "number": 1, "case_id": 2, "key": "x", "width": 120,
}  # fmt: skip
ELSEWHERE = "Another browser"
STATIC = {"version": "0", "path": "style.css"}


class World:
    """A site with somebody in each role, and an address for each route."""

    def __init__(self, app, role):
        self.app, self.role, self.browser = app, role, Browser(app)
        book = a_book("Dune", ["Frank Herbert"], ["9780441172719"], ["Science fiction"])
        owner = a_reader(NAMES["reader"])
        a_review(book, by=owner)
        db.session.add(Draft(user_id=owner.id, book_id=book.id, body="Not yet."))
        db.session.add(Case(kind="burst", book_id=book.id))
        merged = {"from": "Dune", "into": "Dune"}
        db.session.add(Merge(kind="books", from_book_id=book.id, into_book_id=book.id, names=merged, told={}, reason="x"))
        db.session.add(Login(user_id=owner.id, token_hash="x", browser=ELSEWHERE))
        db.session.commit()
        a_cover(book, owner, shown=False, key="x")
        if role == "guest":
            self.browser.post(f"/books/{a_book('Emma').ref}/review", rating=8, name="Gus")
        if role in NAMES and role != "reader":
            a_reader(NAMES[role], roles={role} & {"moderator", "admin"})
        self.token = None
        self.enter()

    def enter(self):
        """Be there in one's role, whatever happened to the session before."""
        if self.role not in NAMES:
            return
        self.browser = Browser(self.app)
        if db.session.scalar(sa.select(Login.id).where(Login.browser != ELSEWHERE)):  # then one need not log in again
            self.browser.client.set_cookie("session", self.session)
        else:
            self.log_in()

    def log_in(self):
        somebody = db.session.scalar(User.named(NAMES[self.role]))
        somebody.active = True
        db.session.commit()
        self.browser.login(somebody)
        self.token = hidden(self.browser.form("/appearance"))["csrf_token"]
        self.session = self.browser.client.get_cookie("session").value
        somebody.active = self.role != "banned"
        db.session.commit()

    def address(self, rule):
        values = {name: ARGUMENTS.get(name, 1) for name in rule.arguments}
        return rule.build(values | (STATIC if "version" in rule.arguments else {}))[1]

    def status(self, rule, method):
        if method == "POST":
            self.token = self.token or hidden(self.browser.form("/appearance"))["csrf_token"]
        data = {"csrf_token": self.token} if method == "POST" else None
        answer = self.browser.open(method, self.address(rule), data=data)
        if "Set-Cookie" in answer.headers:  # some routes log one out
            self.enter()
        return answer.status_code


def routes(app):
    """Every route and method that does something: the reading ones first, logging out last."""
    found = [(rule, method) for rule in app.url_map.iter_rules() for method in rule.methods - {"HEAD", "OPTIONS"}]
    return sorted(found, key=lambda pair: (pair[0].endpoint == "security.logout", pair[1], pair[0].endpoint))


def test_every_route_is_in_the_table_and_no_other(sqlite_app):
    found = {(rule.endpoint, method) for rule, method in routes(sqlite_app)}
    assert found - expected().keys() == set(), "say in the table who may do this"
    assert expected().keys() - found == set(), "these are gone"


@pytest.mark.parametrize("role", ROLES)
def test_everybody_gets_what_is_theirs_and_nothing_else(app, role):
    world = World(app, role)
    place = ROLES.index(role)
    wrong = {}
    for rule, method in routes(app):
        status = world.status(rule, method)
        if status != expected()[rule.endpoint, method][place]:
            wrong[rule.endpoint, method] = status
    assert wrong == {}


@pytest.mark.parametrize("role", ROLES[1:])
def test_readers_and_visitors_never_get_each_other_s_pages(app, role):
    world, visitor = World(app, role), app.test_client(use_cookies=False)
    wait_until(lambda: app.extensions["news"].reliable)
    app.extensions["pages"].forget()
    addresses = [world.address(rule) for rule, method in routes(app) if method == "GET"]
    for address in addresses:
        world.enter()
        world.browser.open("GET", address)
    joined = {page.path: kept.plain() for page, kept in app.extensions["pages"].pages.items()}
    app.extensions["pages"].forget()
    for address in addresses:
        answer = visitor.get(address, buffered=True)
        assert joined.get(address) in (None, answer.data), "something of a reader's is kept"
    kept = list(app.extensions["pages"].pages)
    assert len(kept) >= 9
    for page in kept:
        headers = world.browser.open("GET", page.path).headers
        assert "public" not in headers["Cache-Control"] and not {"Surrogate-Key", "Cache-Tag"} & set(headers.keys()), page


@pytest.mark.parametrize("role", ROLES[1:])
def test_a_page_that_is_joined_is_the_one_that_would_be_made(app, role, monkeypatch):
    world = World(app, role)
    wait_until(lambda: app.extensions["news"].reliable)
    if role in ("moderator", "admin"):
        world.browser.post("/books/1-dune/review", rating=8, body="Mine, too.")
    addresses = [
        rule.build({name: ADDRESSES.get(name, 1) for name in rule.arguments})[1]
        for rule, method in routes(app)
        if method == "GET" and rule.endpoint.startswith(("books.", "ledger.", "decisions.", "reviews.", "readers."))
    ]
    read = {address: words(world.browser.open("GET", address)) for address in addresses}
    monkeypatch.setattr(app.extensions["pages"], "shared", lambda _environ: None)
    assert read == {address: words(world.browser.open("GET", address)) for address in addresses}


# In full, as pages link to them.
ADDRESSES = ARGUMENTS | {"book_id": "1-dune", "author_id": "1-frank-herbert"}


def words(answer):
    """What a page says, but for what is new each time, and for where it says that its parts begin and end."""
    text = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
    return answer.status_code, re.sub(r'value="[^"]{20,}"|<!--.*?-->', "", text)


@ON_ONE_DATABASE
@pytest.mark.parametrize("role", ROLES)
def test_no_route_takes_another_method(app, role):
    browser = World(app, role).browser
    for rule, _method in routes(app):
        if rule.methods.isdisjoint({"PUT", "PATCH", "DELETE"}):
            values = {name: ARGUMENTS.get(name, 1) for name in rule.arguments}
            for method in ("PUT", "PATCH", "DELETE", "TRACE"):
                assert browser.open(method, rule.build(values)[1]).status_code in (404, 405), (rule, method)


@ON_ONE_DATABASE
@pytest.mark.parametrize("role", ["guest", "reader", "admin"])
def test_nothing_is_done_without_its_token(app, role):
    """What another site could make a browser send: the cookie goes along, the token does not."""
    world = World(app, role)
    for rule, method in routes(app):
        if method == "POST":
            answer = world.browser.open("POST", world.address(rule), data={"email": "eve@example.org", "setup": "disable"})
            done = answer.status_code in (302, 303) and not answer.location.startswith(("/login", "/verify"))
            assert not done or rule.endpoint in NOTHING_TO_DO, (rule, answer.location)
            assert "Set-Cookie" not in answer.headers or "Log out" in world.browser.get("/").words or role == "guest", rule


# To whoever is logged in, or has not begun, these only say so.
NOTHING_TO_DO = {"security.logout"}


@pytest.mark.parametrize("role", ["visitor", "reader"])
def test_asking_for_headers_alone_does_nothing_else(app, role):
    world = World(app, role)
    for rule, method in routes(app):
        if method == "GET":
            assert world.status(rule, "HEAD") == expected()[rule.endpoint, "GET"][ROLES.index(role)], rule


def test_a_password_is_no_way_around(app):
    """Banned means out, whatever one knows."""
    world = World(app, "banned")
    world.browser.post("/login", 422, email="ben", password=PASSWORD)
