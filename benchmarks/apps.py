"""What `benchmarks.speed` serves: the least that Flask and gunicorn can do, and the site without its paces."""

import os

from flask import Flask

from bookreviews import create_app
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
