"""What a request may be, looked at before anything reads it."""

from urllib.parse import urlsplit

from flask import abort, request

# In bytes: a form of an account holds addresses, names, passwords and what a passkey says. No address is as long as a
# review, and one that is takes its time to be found wrong.
LONGEST_OF_ACCOUNTS = 64 * 1024


def init_app(app):
    app.before_request(keep_short)
    app.before_request(refuse_mangled)


def keep_short():
    if request.blueprint in ("security", "accounts"):
        request.max_content_length = LONGEST_OF_ACCOUNTS


def refuse_mangled():
    """Where a form comes from and leads to are addresses; what is none was made up, and libraries stumble over it."""
    sent = request.values if request.blueprint == "security" else request.args  # other forms may be too large to look into
    addresses = [request.headers.get("Origin"), request.headers.get("Referer"), sent.get("next")]
    try:
        for address in filter(None, addresses):
            urlsplit(address)
    except ValueError:
        abort(400)
