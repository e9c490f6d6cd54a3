"""What a browser's signed cookie says of whoever uses it, and when it is sent."""

from copy import deepcopy

from flask.sessions import SecureCookieSessionInterface

from bookreviews.extensions import now


class Sessions(SecureCookieSessionInterface):
    """Sessions as Flask keeps them, whose cookie is sent as seldom as can be.

    With every answer it would take time, and one that comes late would undo what another has changed meanwhile.
    """

    def open_session(self, app, request):
        """The session of a request, which remembers how it came."""
        session = super().open_session(app, request)
        if session is not None:
            session.as_it_came = deepcopy(dict(session))
        return session

    def should_set_cookie(self, app, session):
        """Whether to send the cookie: where it says something else than the one that came, and once a day.

        So it lasts as long as it is used, and from the day after a change of SECRET_KEY it is signed with the new one.
        """
        today = now().date().toordinal()
        if session.permanent and session.get("day") != today:
            session["day"] = today
        return session.modified and session != session.as_it_came

    def save_session(self, app, session, response):
        """Send the cookie if need be, but never with what others may keep: they would be given this reader's."""
        if not response.cache_control.public:
            super().save_session(app, session, response)


def init_app(app):
    app.session_interface = Sessions()
