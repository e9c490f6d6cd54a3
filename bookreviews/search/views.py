"""Finding books."""

from flask import Blueprint, render_template

bp = Blueprint("search", __name__)


@bp.get("/search")
def results():
    """Find books."""
    return render_template("search/results.html")
