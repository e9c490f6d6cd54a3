"""BookReviews: find a book, read its reviews, write your own."""

import os

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from bookreviews import assets, compiling, errors, headers, limits, pace, pagecache, replicas, sessions, templating, urls
from bookreviews.accounts import setup as accounts
from bookreviews.accounts.commands import accounts as accounts_commands
from bookreviews.accounts.views import bp as accounts_bp
from bookreviews.additions.views import bp as additions_bp
from bookreviews.api.views import bp as api_bp
from bookreviews.appeals.views import bp as appeals_bp
from bookreviews.books.commands import catalogue
from bookreviews.books.views import bp as books_bp
from bookreviews.config import from_environ
from bookreviews.cover_cases.views import bp as cover_cases_bp
from bookreviews.covers.commands import covers
from bookreviews.covers.views import bp as covers_bp
from bookreviews.curation.views import bp as curation_bp
from bookreviews.decisions.views import bp as decisions_bp
from bookreviews.doubles import choosing as doubles
from bookreviews.doubles.views import bp as doubles_bp
from bookreviews.drafts.views import bp as drafts_bp
from bookreviews.extensions import compress, csrf, db, mail, migrate
from bookreviews.guests.views import bp as guests_bp
from bookreviews.invitations.views import bp as invitations_bp
from bookreviews.ledger.views import bp as ledger_bp
from bookreviews.mail.commands import mail as mail_commands
from bookreviews.mail.views import bp as mail_bp
from bookreviews.merging import forwarding
from bookreviews.merging.views import bp as merging_bp
from bookreviews.moderation.views import bp as moderation_bp
from bookreviews.pages.commands import pages
from bookreviews.pages.views import bp as pages_bp
from bookreviews.readers.views import bp as readers_bp
from bookreviews.reports.views import bp as reports_bp
from bookreviews.reviews.commands import ratings, reviews
from bookreviews.reviews.views import bp as reviews_bp
from bookreviews.revisions.views import bp as revisions_bp
from bookreviews.sample.commands import sample
from bookreviews.search.commands import search
from bookreviews.search.views import bp as search_bp
from bookreviews.spam.commands import spam
from bookreviews.votes.views import bp as votes_bp


def create_app(config=None):
    """Build the site from `config`, a mapping, or from the environment.

    :raises ConfigError: when a variable of the environment is wrong.
    """
    app = Flask(__name__, static_folder=None)
    app.url_map.strict_slashes = False
    app.config.from_mapping(config or from_environ(os.environ, app.instance_path))
    for extension in (
        db, replicas, sessions, limits, csrf, compress, mail, urls, headers, errors, compiling, templating, pagecache, assets,
        accounts, forwarding, doubles,
    ):  # fmt: skip
        extension.init_app(app)
    migrate.init_app(app, db)
    for blueprint in (
        pages_bp, books_bp, reviews_bp, drafts_bp, votes_bp, search_bp, api_bp, accounts_bp, readers_bp, guests_bp, mail_bp,
        covers_bp, cover_cases_bp,
        ledger_bp, reports_bp, appeals_bp, decisions_bp, moderation_bp,
        additions_bp, revisions_bp, curation_bp, invitations_bp,
        merging_bp, doubles_bp,
    ):  # fmt: skip
        app.register_blueprint(blueprint)
    pace.init_app(app)
    for group in (catalogue, sample, ratings, reviews, search, accounts_commands, mail_commands, covers, spam, pages):
        app.cli.add_command(group)
    if app.config.get("BEHIND_PROXY"):  # only there can what a proxy says of the visitor be believed
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)
    return app
