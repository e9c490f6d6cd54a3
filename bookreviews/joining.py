"""Joining a page that is the same for all with what each reader sees otherwise.

Templates say where that stands, between `<!--own answers 7-->` and `<!--/own-->`, which the page that is kept for visitors
(pagecache.py) shows.
For a reader with a session only these parts are made.
"""

import re
from contextvars import Context
from functools import wraps

from flask import current_app, g, request

from bookreviews import replicas
from bookreviews.tags import ASKED

PART = re.compile(r"<!--own (\w+) ?(\d*)-->.*?<!--/own-->", re.DOTALL)
# What every page has.
EVERYWHERE = {"nav": "_nav.html", "notices": "_notices.html"}


def joined(parts=lambda _page, **_arguments: {}):
    """Answer readers with a session by joining the page of a `kept` view with their own parts, where that can be.

    :param parts: what of the page is otherwise for each, as for `join`, from the page and the arguments of the view.
    """

    def decorate(view):
        @wraps(view)
        def made(**arguments):
            page = None if ASKED in request.environ else shared()
            return view(**arguments) if page is None else join(page, parts(page, **arguments))

        return made

    return decorate


def shared():
    """The page at this request's address as visitors read it; None where it is not kept, or there is none."""
    replicas.settle()
    # In a context of its own, in which nobody is logged in.
    return Context().run(current_app.extensions["pages"].shared, request.environ)


def numbers(page, name):
    """The numbers of the parts of a name, in their order."""
    return [int(found[2]) for found in PART.finditer(page) if found[1] == name]


def join(page, parts):
    """The page with a reader's own parts.

    :param parts: {name: what makes it, given its number}; those found EVERYWHERE need not be there.
    """
    made = {name: part(template) for name, template in EVERYWHERE.items()} | parts
    return PART.sub(lambda found: made[found[1]](int(found[2] or 0)), page)


def part(name, **values):
    """What makes parts from a template: of these values, those it is called with, and what every template knows."""
    template = current_app.jinja_env.get_template(name)
    return lambda _number=0, **more: template.render(known_everywhere(), **values, **more)


def known_everywhere():
    """What every template knows, gathered once for a request."""
    if "known_everywhere" not in g:
        g.known_everywhere = {}
        current_app.update_template_context(g.known_everywhere)
    return g.known_everywhere
