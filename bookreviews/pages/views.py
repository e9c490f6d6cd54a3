"""The pages of no feature."""

import sqlalchemy as sa
from flask import Blueprint, render_template

from bookreviews.books.listing import best
from bookreviews.books.models import Book
from bookreviews.extensions import db
from bookreviews.reviews.models import Review

bp = Blueprint("pages", __name__)


@bp.get("/")
def home():
    """See what is new and what is good."""
    newest = Review.with_book().where(Review.body != "").order_by(Review.created_at.desc(), Review.id.desc()).limit(6)
    rated = best().where(Book.ratings_count > 0).limit(12)
    return render_template("pages/home.html", reviews=db.session.scalars(newest).all(), books=db.session.scalars(rated).all())


@bp.get("/healthz")
def healthz():
    """Say that the process lives."""
    return {"status": "ok"}


@bp.get("/readyz")
def readyz():
    """Say that the site can answer: its database does."""
    db.session.execute(sa.select(1))
    return {"status": "ok"}
