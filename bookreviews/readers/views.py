"""A reader's page."""

from flask import Blueprint, render_template

from bookreviews.accounts.models import User
from bookreviews.extensions import db

bp = Blueprint("readers", __name__)


@bp.get("/readers/<slug:name>")
def show(name):
    """See what a reader has written, and how they rate."""
    reader = db.one_or_404(User.named(name).where(User.active))
    return render_template("readers/show.html", reader=reader)
