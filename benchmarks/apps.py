"""What the benchmarks serve: the least that Flask and gunicorn can do, and the site without its paces."""

import os

from flask import Flask

from bookreviews import create_app, retiring
from bookreviews.config import from_environ

hello = Flask("hello")


@hello.get("/")
def world():
    return "Hello, World!"


def bare(_environ, start_response):
    """A page of nothing but WSGI."""
    body = b"Hello, World!"
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]


def site():
    """The site, where one may post as often as one likes."""
    config = from_environ(os.environ, os.environ["INSTANCE"])
    return create_app(config | {"RATELIMIT_ENABLED": False, "SPAM_SECONDS": 0})


def machine():
    """The same on what it takes for a machine of its own: STAMPS names the file that only its workers share.

    Every answer says which worker gave it.
    """
    retiring.place = lambda _url: os.environ["STAMPS"]
    app = site()
    within = app.wsgi_app

    def telling(environ, start_response):
        def start(status, headers, *error):
            return start_response(status, [*headers, ("X-Worker", str(os.getpid()))], *error)

        return within(environ, start)

    app.wsgi_app = telling
    return app
