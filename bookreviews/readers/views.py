"""A reader's page."""

from flask import Blueprint, abort, render_template

from bookreviews import schema
from bookreviews.accounts.models import User
from bookreviews.extensions import db
from bookreviews.paging import paginate
from bookreviews.readers import listing
from bookreviews.tags import kept, shows, shows_books
from bookreviews.urls import canonical

bp = Blueprint("readers", __name__)


@bp.get("/readers/<slug:name>")
@kept("sort", "page")
def show(name):
    """See what a reader has written, and how they rate."""
    reader = db.one_or_404(User.known(name).where(User.active))
    canonical(name=reader.username)
    if reader.banned_at:
        abort(
            410, f"{reader.username} was banned by a moderator on {reader.banned_at:%-d %B %Y}. What they wrote is not shown."
        )
    habits, reviews = listing.habits(reader), paginate(listing.reviews(reader))
    shows(*reader.cache_tags)
    shows_books([review.book for review in reviews])
    return render_template(
        "readers/show.html",
        reader=reader,
        habits=habits,
        reviews=reviews,
        sorts=[(value, name) for value, (name, _) in listing.SORTS.items()],
        schema=schema.reader(reader, habits),
    )
