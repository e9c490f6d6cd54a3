"""Guests: writers without an account, known by what their browser's signed cookie says."""

import secrets

from flask import request, session

from bookreviews.languages import OFFERED, language_tag


def known():
    """The guest of this request, or an empty text, which wrote nothing."""
    return session.get("guest", "")


def remember():
    """The guest of this request, known from now on.

    When the form is shown, not when it is sent: a double click on a first review must find one writer, not two.
    """
    session.permanent = True
    return session.setdefault("guest", secrets.token_urlsafe(18))


def suggestions():
    """What a new form can be filled with: the name used last, the language the browser prefers."""
    preferred = map(language_tag, request.accept_languages.values())
    return {"name": session.get("name", ""), "language": next((tag for tag in preferred if tag in OFFERED), "en")}
