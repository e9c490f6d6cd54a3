"""Forms that members alone may send."""

from flask import request, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from markupsafe import Markup

LOGGED_OUT = Markup(
    'You have been logged out. <a href="{}" target="_blank">Log in (in another tab)</a>, then send this once more: all that'
    " you typed is below."
)


class MembersForm(FlaskForm):
    """A form that loses nothing where whoever fills it in was logged out meanwhile: its view is reached all the same.

    Such a view is exempt from the check for a token that all others have; the form checks it itself.
    """

    def validate(self, **options):
        valid = super().validate(**options)
        if current_user.is_authenticated:
            return valid
        self.csrf_token.errors = []
        self.form_errors.append(LOGGED_OUT.format(url_for("security.login")))
        return False


def sent():
    """What was typed into a form that is sent; None where it is only asked for.

    Said, for Flask-WTF would otherwise take JSON as well.
    """
    return request.form if request.method == "POST" else None
