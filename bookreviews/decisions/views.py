"""The public log of moderation."""

from flask import Blueprint, render_template

from bookreviews.decisions import listing
from bookreviews.joining import joined
from bookreviews.tags import DECISIONS, kept, shows

bp = Blueprint("decisions", __name__)


@bp.get("/decisions")
@kept("action", "rule", "role", "year", "page")
@joined()
def index():
    """Read what moderators decided, and the site by its rules."""
    shows(DECISIONS)
    return render_template(
        "decisions/index.html",
        decisions=listing.page(listing.decisions()),
        years=listing.by_year(),
        choices=listing.choices(),
    )
