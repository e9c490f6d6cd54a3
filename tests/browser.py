"""A browser without scripts that holds every page to the rules of the house."""

import re
from collections import Counter
from contextvars import Context

from bs4 import BeautifulSoup

from bookreviews.extensions import db

IDS = re.compile(r'\bid="([^"]+)"')


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

    def form(self, url):
        """The first form of the page at `url` that is sent by POST."""
        return self.get(url).page.find("form", method="post")

    def open(self, method, url, **options):
        """The answer, unchecked, given as to a stranger: in a context of its own, which ends with the request."""
        answer = Context().run(self.client.open, url, method=method, buffered=True, **options)
        db.session.rollback()  # so that the test reads what the request has written
        return answer

    def checked(self, response, status):
        assert response.status_code == status, f"{response.status}: {response.text[:2000]}"
        if response.mimetype == "text/html" and status not in (301, 302, 303):
            response.page = BeautifulSoup(response.text, "html.parser")
            response.words = " ".join(response.page.get_text(" ").split())
            assert response.text.count("<h1") == 1, "a page has exactly one h1"
            twice = [name for name, count in Counter(IDS.findall(response.text)).items() if count > 1]
            assert not twice, f"an id appears once in a page: {twice}"
            assert " style=" not in response.text and "<script>" not in response.text, "the page keeps to its own policy"
        return response


def hidden(form):
    """The hidden fields of a form."""
    return {field["name"]: field.get("value", "") for field in form.select("input[type=hidden]")}
