"""What a request may be, looked at before anything reads it."""

from urllib.parse import urlsplit

from flask import abort, request

# In bytes: a form of an account holds addresses, names, passwords and what a passkey says. No address is as long as a
# review, and one that is takes its time to be found wrong.
LONGEST_OF_ACCOUNTS = 64 * 1024


def init_app(app):
    app.before_request(refuse_mangled)
    app.before_request(keep_short)


def refuse_mangled():
    """A form comes from a page that has an address; what is none was made up, and libraries stumble over it."""
    try:
        urlsplit(request.headers.get("Origin", "")), urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        abort(400)


def keep_short():
    if request.blueprint in ("security", "accounts"):
        request.max_content_length = LONGEST_OF_ACCOUNTS
