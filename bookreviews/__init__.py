"""BookReviews: find a book, read its reviews, write your own."""

import os

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from bookreviews import assets, errors, headers, pace, templating, urls
from bookreviews.accounts import setup as accounts
from bookreviews.accounts.commands import accounts as accounts_commands
from bookreviews.accounts.views import bp as accounts_bp
from bookreviews.api.views import bp as api_bp
from bookreviews.books.commands import catalogue
from bookreviews.books.views import bp as books_bp
from bookreviews.config import from_environ
from bookreviews.doubles import choosing as doubles
from bookreviews.doubles.views import bp as doubles_bp
from bookreviews.drafts.views import bp as drafts_bp
from bookreviews.extensions import compress, csrf, db, mail, migrate
from bookreviews.guests.views import bp as guests_bp
from bookreviews.mail.commands import mail as mail_commands
from bookreviews.mail.views import bp as mail_bp
from bookreviews.merging import forwarding
from bookreviews.merging.views import bp as merging_bp
from bookreviews.pages.views import bp as pages_bp
from bookreviews.readers.views import bp as readers_bp
from bookreviews.reviews.commands import ratings, reviews
from bookreviews.reviews.views import bp as reviews_bp
from bookreviews.sample.commands import sample
from bookreviews.search.commands import search
from bookreviews.search.views import bp as search_bp
from bookreviews.votes.views import bp as votes_bp


def create_app(config=None):
    """Build the site from `config`, a mapping, or from the environment.

    :raises ConfigError: when a variable of the environment is wrong.
    """
    app = Flask(__name__, static_folder=None)
    app.url_map.strict_slashes = False
    app.config.from_mapping(config or from_environ(os.environ, app.instance_path))
    for extension in (db, csrf, compress, mail, urls, headers, errors, templating, assets, accounts, forwarding, doubles):
        extension.init_app(app)
    migrate.init_app(app, db)
    for blueprint in (
        pages_bp, books_bp, reviews_bp, drafts_bp, votes_bp, search_bp, api_bp, accounts_bp, readers_bp, guests_bp, mail_bp,
        merging_bp, doubles_bp,
    ):  # fmt: skip
        app.register_blueprint(blueprint)
    pace.init_app(app)
    for group in (catalogue, sample, ratings, reviews, search, accounts_commands, mail_commands):
        app.cli.add_command(group)
    if app.config.get("BEHIND_PROXY"):  # only there can what a proxy says of the visitor be believed
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)
    return app
