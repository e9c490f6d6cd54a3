"""One page for every error; JSON for programs."""

from urllib.parse import urlsplit

from flask import current_app, g, jsonify, render_template, request
from flask_limiter import RateLimitExceeded
from flask_login import current_user, logout_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.exceptions import BadHost, BadRequest, Conflict, HTTPException, RequestEntityTooLarge, ServiceUnavailable

from bookreviews import pace
from bookreviews.extensions import db
from bookreviews.templating import duration

# What a person reads, where Werkzeug's own words are for developers.
SENTENCES = {
    400: "The server could not make sense of that request. Please check the address, or go back and try again.",
    403: "You may not see this page.",
    404: "There is nothing at this address. Perhaps the link is old, or a letter is missing.",
    405: "This address does not take that kind of request.",
    409: "This was changed at the same moment elsewhere. Please go back, load the page again and look.",
    413: "That was more than this site takes at once. Use your browser's Back button to find what you typed, and shorten it.",
    422: "Something in what you sent is missing or wrong. Please go back and check it.",
    429: "That was a lot at once. Please wait a moment and try again.",
    500: "Something broke on our side. It has been noted; please try again in a while.",
    503: "The site is busy or being worked on. Please try again in a minute.",
}
TITLES = {
    400: "That did not make sense",
    403: "No access",
    404: "Page not found",
    405: "Not possible here",
    409: "Changed at the same moment",
    413: "Too much at once",
    415: "Wrong kind of content",
    422: "Please look at it again",
    429: "Too fast",
    500: "Something broke",
    503: "Back in a moment",
}
# What a field is called on its form, by its name.
LABELS = {
    "body": "Review", "email": "Email", "name": "Your name", "rating": "Rating", "title": "Title", "username": "Username",
}  # fmt: skip


def init_app(app):
    app.register_error_handler(HTTPException, page)
    app.register_error_handler(CSRFError, expired)
    app.register_error_handler(RateLimitExceeded, too_fast)
    app.register_error_handler(IntegrityError, conflict)
    app.register_error_handler(StaleDataError, conflict)
    app.register_error_handler(OperationalError, unavailable)


def know_who_is_there():
    """After a rollback, see whether the reader is still there: their account may just have been closed elsewhere."""
    try:
        return current_user.is_authenticated and current_user.username
    except ObjectDeletedError:
        logout_user()
        g._login_user = current_app.login_manager.anonymous_user()


def page(error):
    """The answer to an HTTP error, in the site's clothes, with the error's own headers (such as Allow)."""
    if error.response is not None:  # a redirect, or an answer made by hand
        return error.response
    if isinstance(error, BadHost):  # of which no address can be made, so no page of ours either
        return error
    if error.code >= 500:
        db.session.rollback()
    ours = error.description != type(error).description
    sentence = error.description if ours else SENTENCES.get(error.code, error.description)
    title = TITLES.get(error.code, error.name)
    if request.path.startswith("/api/"):
        answer = jsonify(error=sentence)
    else:
        answer = render_template("error.html", title=title, sentence=sentence, code=error.code)
    headers = [(name, value) for name, value in error.get_headers() if name != "Content-Type"]
    return answer, error.code, headers


def expired(_error):
    """A form was sent without its token: it is too old, or another site sent it."""
    if urlsplit(request.headers.get("Origin", "")).netloc == request.host:  # which no other site can claim
        return again(400, "Please send it once more", "This page had expired, so nothing was changed yet.")
    return page(BadRequest("This page had expired, so nothing was changed. Please go back, load it again and try once more."))


def too_fast(_error):
    """Somebody tries again and again; whoever it is, what they typed is not lost."""
    seconds = pace.wait()
    sentence = f"That was a lot at once, so nothing was changed. Please wait {duration(seconds)}, then send it again."
    return again(429, TITLES[429], sentence, {"Retry-After": seconds})


def again(code, title, sentence, headers=None):
    """The page of a form that was not taken, with all that was typed, and a button that sends it again."""
    shown = {"title": title, "sentence": sentence, "code": code, "typed": typed(), "labels": LABELS}
    return render_template("again.html", **shown), code, headers or {}


def typed():
    """What a form was sent with: [(name, value), …]; nothing where it is more than this site takes."""
    try:
        return [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    except RequestEntityTooLarge:
        return []


def conflict(_error):
    """The database refused what a form allowed: someone else was faster."""
    db.session.rollback()
    know_who_is_there()
    return page(Conflict("This was changed at the same moment elsewhere. Please go back and try again."))


def unavailable(_error):
    """The database does not answer."""
    current_app.logger.exception("The database does not answer")
    db.session.rollback()
    return page(
        ServiceUnavailable("The site cannot reach its database just now. Please try again in a minute.", retry_after=30)
    )
