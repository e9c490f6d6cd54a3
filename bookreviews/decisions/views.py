"""The public log of moderation."""

from flask import Blueprint, render_template

from bookreviews.decisions import listing
from bookreviews.paging import paginate

bp = Blueprint("decisions", __name__)


@bp.get("/decisions")
def index():
    """Read what moderators decided, and the site by its rules."""
    return render_template(
        "decisions/index.html",
        decisions=paginate(listing.decisions()),
        years=listing.by_year(),
        choices=listing.choices(),
    )
