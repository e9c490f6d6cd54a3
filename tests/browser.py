"""A browser without scripts that holds every page to the rules of the house."""

import json
from collections import Counter
from contextvars import Context

from bs4 import BeautifulSoup
from bs4.element import Tag
from flask import session
from flask_security.utils import login_user

from bookreviews.accounts.models import User
from bookreviews.extensions import db
from tests.factories import PASSWORD


class Browser:
    """Goes to addresses, fills in forms by their labels, and checks each answer."""

    def __init__(self, app):
        self.app = app
        self.client = app.test_client()

    def get(self, url, status=200, **options):
        """The answer to a GET, its page parsed as `answer.page`."""
        return self.checked(self.open("GET", url, **options), status)

    def post(self, url, status=303, **fields):
        """The answer to a POST of `fields`, as the form at `url` would send them: with its hidden fields."""
        form = self.form(url)
        return self.send(url, hidden(form) | fields, status)

    def send(self, url, data, status=303):
        """The answer to a POST of exactly `data`."""
        return self.checked(self.open("POST", url, data=data), status)

    def follow(self, answer, status=200):
        """The page an answer redirects to."""
        return self.get(answer.location, status)

    def log_in(self, user):
        """Log in by the form, as a reader of `factories.a_reader`."""
        self.post("/login", email=user.email, password=PASSWORD)
        return self

    def login(self, user):
        """The same without the form, which takes longer: where logging in is not what is tested."""
        with self.client.session_transaction() as known:
            Context().run(self.begin, user.id, known)
        db.session.rollback()
        return self

    def begin(self, user_id, known):
        """Make the session `known` that of whoever has just logged in."""
        with self.app.test_request_context(environ_base=self.client.environ_base):
            session.update(known)
            login_user(db.session.get(User, user_id), authn_via=["password"])
            db.session.commit()
            known.clear()
            known.update(session)

    def form(self, url):
        """The first form of the page's content at `url` that is sent by POST."""
        return self.get(url).page.main.find("form", method="post")

    def open(self, method, url, **options):
        """The answer, unchecked, given as to a stranger: in a context of its own, which ends with the request."""
        if method == "POST":  # as browsers do
            options["headers"] = {"Origin": options.get("base_url", "http://localhost")} | options.get("headers", {})
        answer = Context().run(self.client.open, url, method=method, buffered=True, **options)
        answer.request.environ["wsgi.input"].close()  # in which Werkzeug keeps a file of what is large
        db.session.rollback()  # so that the test reads what the request has written
        return answer

    def checked(self, response, status):
        assert response.status_code == status, f"{response.status}: {content(response)[:1000]}"
        if response.mimetype == "text/html" and status not in (301, 302, 303):
            response.page = BeautifulSoup(response.text, "html.parser")
            response.words = " ".join(response.page.get_text(" ").split())
            hold_to_the_rules(response.page)
        return response


def content(response):
    """What a page says, or not says, in its main part: for the message of a test that failed."""
    return " ".join(response.get_data(as_text=True).partition("<main")[2].split())


def hidden(form):
    """The hidden fields of a form."""
    return {field["name"]: field.get("value", "") for field in form.select("input[type=hidden]")}


def log_in(page, reader):
    """Log in by the form, in a real browser."""
    page.goto("/login")
    page.get_by_label("Email").fill(reader.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.get_by_role("button", name="Log out").wait_for()


def let_in(page, reader):
    """Log in without the form, which takes a real browser long; whoever was logged in there is not any more."""
    page.context.clear_cookies()
    asking = page.context.request
    form = BeautifulSoup(asking.get("/login").text(), "html.parser").main.form
    answer = asking.post("/login", form=hidden(form) | {"email": reader.email, "password": PASSWORD})
    assert "Log out" in answer.text()


# Asked for once more, each of them is there when it has been for whoever asked first.
SCRIPTS = """async () => {
  const part = (name) => import(new URL(name, document.querySelector("script[type=module]").src));
  await part("./review-form.js");
  await Promise.all([part("./draft.js"), part("./preview.js")]);
}"""


def wait_for_scripts(page):
    """Wait until the scripts of a form for a review, or of the thanks for one, have begun their work."""
    page.evaluate(SCRIPTS)


def open_form(page, address):
    """Go to the form for a review in a real browser, and wait for what scripts bring to it."""
    page.goto(address)
    wait_for_scripts(page)


def write(page, body="Worms.", rating="4 stars", title="Sand", name="Ann"):
    """Fill in the form for a review, in a real browser."""
    page.get_by_label(rating, exact=True).check()
    page.get_by_label("Title", exact=True).fill(title)
    page.get_by_label("Review", exact=True).fill(body)
    page.get_by_label("Your name").fill(name)


def publish(page, body="Worms.", **words):
    """Write a review, and be thanked for it, in a real browser."""
    write(page, body, **words)
    page.get_by_role("button", name="Submit review").click()
    page.get_by_role("heading", name="Thank you for your review").wait_for()


def hold_to_the_rules(page):
    """Fail with the rules that `page` breaks, and where."""
    tags = [part for part in page.descendants if isinstance(part, Tag)]
    whole = any(tag.name == "html" for tag in tags)  # else it is a part that a script puts into a page
    broken = {rule.__doc__: list(rule(tags)) for rule in ((*RULES, *RULES_OF_WHOLE_PAGES) if whole else RULES)}
    assert not any(broken.values()), {rule: where for rule, where in broken.items() if where}


# Each rule yields what breaks it.


def one_heading(tags):
    """A page has exactly one h1, and begins with it."""
    headings = [tag for tag in tags if is_heading(tag)]
    if [tag.name for tag in headings].count("h1") != 1 or headings[0].name != "h1":
        yield headings


def one_title(tags):
    """A page has exactly one title, which says something."""
    titles = [tag for tag in tags if tag.name == "title" and not tag.find_parent("svg")]
    if len(titles) != 1 or not titles[0].get_text(strip=True):
        yield titles


def a_language(tags):
    """A page says which language it is in."""
    yield from (tag.name for tag in tags if tag.name == "html" and not tag.get("lang"))


def headings_in_order(tags):
    """No heading is more than one level below the one before it."""
    headings = [tag for tag in tags if is_heading(tag)]
    yield from (low for high, low in zip(headings, headings[1:], strict=False) if int(low.name[1]) > int(high.name[1]) + 1)


def ids_once(tags):
    """An id appears once in a page."""
    yield from (name for name, times in Counter(tag["id"] for tag in tags if tag.has_attr("id")).items() if times > 1)


def references_lead_somewhere(tags):
    """What names another part of the page names one that is there."""
    ids = {tag.get("id") for tag in tags}
    for tag in tags:
        named = [tag.get("for", ""), tag.get("aria-labelledby", ""), tag.get("aria-describedby", "")]
        if tag.get("href", "").startswith("#") and not tag.has_attr("rel"):  # a reader's link may lead where it likes
            named.append(tag["href"][1:])
        if not ids.issuperset(" ".join(named).split()):
            yield tag


def fields_labelled(tags):
    """Every field says what it takes."""
    labelled = {tag.get("for") for tag in tags if tag.name == "label" and tag.get_text(strip=True)}
    for tag in tags:
        if tag.name in ("select", "textarea") or tag.name == "input" and tag.get("type") not in ("hidden", "submit"):
            around = tag.find_parent("label")
            if not (tag.get("id") in labelled or tag.get("aria-label") or around and around.get_text(strip=True)):
                yield tag


def pictures_described(tags):
    """Every picture has its words, or says that it needs none."""
    for tag in tags:
        if tag.name == "img" and not tag.has_attr("alt"):
            yield tag
        if tag.name == "svg" and tag.parent.name != "svg" and tag.get("aria-hidden") != "true":
            if tag.get("role") != "img" or not tag.get("aria-label"):
                yield tag


def nothing_inline(tags):
    """Code and style come from files of ours."""
    for tag in tags:
        ours = tag.get("type") == "module" and tag.get("src", "").startswith("/static/") and not tag.string
        if tag.name == "style" or tag.name == "script" and tag.get("type") != "application/ld+json" and not ours:
            yield tag
        if any(name == "style" or name.startswith("on") for name in tag.attrs):
            yield tag


def data_can_be_read(tags):
    """What is written for machines is JSON."""
    for tag in tags:
        if tag.get("type") == "application/ld+json":
            try:
                json.loads(tag.string)
            except ValueError:
                yield tag


def is_heading(tag):
    return tag.name in ("h1", "h2", "h3", "h4", "h5", "h6")


RULES_OF_WHOLE_PAGES = (one_heading, one_title, a_language)
RULES = (
    headings_in_order, ids_once, references_lead_somewhere, fields_labelled,
    pictures_described, nothing_inline, data_can_be_read,
)  # fmt: skip
