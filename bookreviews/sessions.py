"""What a browser's signed cookie says of whoever uses it, and when it is sent."""

from flask.sessions import SecureCookieSessionInterface

from bookreviews.extensions import now


class Sessions(SecureCookieSessionInterface):
    """Sessions as Flask keeps them, whose cookie is not sent with every answer.

    That would take time, and an answer that comes late would undo what another has changed meanwhile.
    """

    def should_set_cookie(self, app, session):
        """Whether to send it: where it has changed, and once a day, so that it lasts as long as it is used.

        So it also comes to be signed with today's SECRET_KEY, however old the one it was signed with.
        """
        today = now().date().toordinal()
        if session.permanent and session.get("day") != today:
            session["day"] = today
        return session.modified


def init_app(app):
    app.session_interface = Sessions()
