"""One page for every error; JSON for programs."""

from flask import current_app, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import BadRequest, Conflict, HTTPException, ServiceUnavailable

from bookreviews.extensions import db

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


def init_app(app):
    app.register_error_handler(HTTPException, page)
    app.register_error_handler(CSRFError, expired)
    app.register_error_handler(IntegrityError, conflict)
    app.register_error_handler(StaleDataError, conflict)
    app.register_error_handler(OperationalError, unavailable)


def page(error):
    """The answer to an HTTP error, in the site's clothes, with the error's own headers (such as Allow)."""
    if error.response is not None:  # a redirect, or an answer made by hand
        return error.response
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
    return page(BadRequest("This page had expired, so nothing was changed. Please go back, load it again and try once more."))


def conflict(_error):
    """The database refused what a form allowed: someone else was faster."""
    db.session.rollback()
    return page(Conflict("This was changed at the same moment elsewhere. Please go back and try again."))


def unavailable(_error):
    """The database does not answer."""
    current_app.logger.exception("The database does not answer")
    db.session.rollback()
    return page(
        ServiceUnavailable("The site cannot reach its database just now. Please try again in a minute.", retry_after=30)
    )
