"""Old addresses lead on: whatever is asked of a book or an author that was merged into another goes to that one.

Views know nothing of it: to them such a book is not there. What is sent by POST is sent again to the right address, by the
browser, with all that was typed (308): also what lost a race against the merge.
"""

import sqlalchemy as sa
from flask import flash, redirect, request, url_for
from werkzeug.exceptions import NotFound

from bookreviews import errors
from bookreviews.books.models import Author, Book, ref
from bookreviews.extensions import db

# What addresses name so, and what it is called there.
NAMED = {"book_id": (Book, Book.title), "author_id": (Author, Author.name)}


def init_app(app):
    app.register_error_handler(NotFound, lead_on)


def lead_on(error):
    """Answer what is not found at an address: with the address it has now, where it was merged into something."""
    for argument, (model, name) in NAMED.items():
        number = (request.view_args or {}).get(argument)
        if isinstance(number, int) and (row := survivor(model, name, number)):
            return to(argument, row)
    return errors.page(error)


def survivor(model, name, number):
    """Number and name of what a row was merged into; None where it was not."""
    merged = sa.select(model.merged_into_id).where(model.id == number)
    return db.session.execute(sa.select(model.id, name).where(model.id == merged.scalar_subquery())).first()


def to(argument, row):
    """A redirect from this address to the same one of another row: as it is an old one, or to send the same there."""
    right = url_for(request.endpoint, **request.view_args | {argument: ref(*row)})
    query = request.query_string.decode("ascii", "ignore")
    if request.method == "POST":
        flash(f"This is now part of “{row[1]}”, and so is what you have sent.")
    answer = redirect(f"{right}?{query}" if query else right, 308 if request.method == "POST" else 301)
    answer.cache_control.no_cache = True  # browsers keep such an answer for good, and a merge can be undone
    return answer
