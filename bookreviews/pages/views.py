"""The pages of no feature."""

import sqlalchemy as sa
from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask_login import current_user

from bookreviews import assets, schema
from bookreviews.books.listing import best
from bookreviews.extensions import db
from bookreviews.pages.sitemap import KINDS, LAST, parts, rows, urlset
from bookreviews.pages.styleguide import samples
from bookreviews.readers import listing
from bookreviews.reviews.models import Review
from bookreviews.tags import LISTS, kept, shows
from bookreviews.templating import THEMES
from bookreviews.urls import public_root, within

bp = Blueprint("pages", __name__)

PAPER = "#fbf9f4"  # as in style.css


@bp.get("/")
@kept()
def home():
    """See what is new and what is good; as a member, what is one's own, too."""
    if current_user.is_authenticated:
        return render_template("pages/home_member.html", **listing.home(current_user))
    shows(LISTS)
    newest = Review.with_book().where(Review.has_words()).order_by(Review.created_at.desc(), Review.id.desc()).limit(6)
    return render_template(
        "pages/home.html",
        reviews=db.session.scalars(newest).all(),
        books=best(12),
        schema=schema.website(),
    )


@bp.route("/appearance", methods=["GET", "POST"])
def appearance():
    """Choose for this browser whether the site is light or dark."""
    if request.method != "POST":
        return render_template("pages/appearance.html", back=within(request.referrer))
    theme = request.form.get("theme", "")
    if theme not in ("", *THEMES):
        abort(400)
    answer = redirect(within(request.form.get("back")), 303)
    answer.set_cookie("theme", theme, max_age=365 * 24 * 60 * 60 if theme else 0, samesite="Lax", secure=request.is_secure)
    return answer


@bp.get("/styleguide")
def styleguide():
    """Look at every component of the site; in debug mode only."""
    if not current_app.debug:
        abort(404)
    return render_template("pages/styleguide.html", **samples())


@bp.get("/healthz")
def healthz():
    """Say that the process lives."""
    return {"status": "ok"}


@bp.get("/readyz")
def readyz():
    """Say that the site can answer: its database does."""
    db.session.execute(sa.select(1))
    return {"status": "ok"}


@bp.get("/robots.txt")
def robots():
    """Tell search engines what to leave alone, and where the list of all pages is."""
    return Response(render_template("pages/robots.txt"), mimetype="text/plain")


@bp.get("/sitemap.xml")
def sitemap():
    """List the lists of all pages."""
    known_root()
    return Response(render_template("pages/sitemap.xml", parts=parts()), mimetype="application/xml")


@bp.get("/sitemaps/pages.xml")
def sitemap_pages():
    """List the pages that are always there."""
    known_root()
    return Response(render_template("pages/sitemap_pages.xml"), mimetype="application/xml")


@bp.get(f"/sitemaps/<any({', '.join(KINDS)}):kind>-<int(min=1, max={LAST}):number>.xml")
def sitemap_part(kind, number):
    """List the pages of 50,000 books, authors or subjects."""
    known_root()
    if not db.session.execute(rows(KINDS[kind], number).limit(1)).first():
        abort(404)
    return Response(stream_with_context(urlset(KINDS[kind], number)), mimetype="application/xml")


def known_root():
    """Answer with 404 where we cannot give whole addresses, which a sitemap must have."""
    if not public_root():
        abort(404, "There is no sitemap, as nobody has said what the address of this site is (SITE_URL).")


@bp.get("/favicon.ico")
def favicon():
    """Show the site's sign to whoever asks for it at this address, as programs do that have not read a page."""
    response = assets.answer("favicon.ico")
    response.cache_control.public = True
    response.cache_control.max_age = 24 * 60 * 60
    return response


@bp.get("/site.webmanifest")
def manifest():
    """Tell a telephone how to keep the site among its programs."""
    sizes = ("192x192", "512x512")
    response = jsonify(
        name=current_app.config["SITE_NAME"],
        start_url=url_for("pages.home"),
        display="minimal-ui",
        background_color=PAPER,
        theme_color=PAPER,
        icons=[{"src": assets.asset(f"icon-{size[:3]}.png"), "sizes": size, "type": "image/png"} for size in sizes],
    )
    response.mimetype = "application/manifest+json"
    return response
