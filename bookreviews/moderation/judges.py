"""Who decides: a moderator, an admin, or the site by its rules; and the blueprints that are for moderators only."""

from dataclasses import dataclass

from flask import abort, redirect, request, url_for
from flask_login import current_user

from bookreviews.extensions import db
from bookreviews.moderation.models import Decision

FOR_MODERATORS = "This page is for the site’s moderators."


@dataclass(frozen=True)
class Judge:
    """Whoever decides; `user_id` is None where the site does, by a rule that anybody can read."""

    role: str = "site"
    user_id: int | None = None

    def decide(self, action, case=None, **about):
        """Note a decision for the public log, and for those whom it concerns.

        :param action: of ACTIONS.
        :param case: which it closes or opens, if any; what that is about, the decision is about as well.
        :param about: other columns of Decision: rule, reason, book_id, review_id, user_id.
        """
        if case is not None:
            about = {"case_id": case.id, "book_id": case.book_id, "review_id": case.review_id} | about
        decision = Decision(action=action, role=self.role, moderator_id=self.user_id, **about)
        db.session.add(decision)
        return decision


SITE = Judge()


def judge():
    """The moderator who sends this request."""
    return Judge("admin" if current_user.has_role("admin") else "moderator", current_user.id)


def moderates():
    """Whether a moderator, or an admin, sends this request."""
    return current_user.is_authenticated and (current_user.has_role("moderator") or current_user.has_role("admin"))


def guard(blueprint):
    """Keep every page of a blueprint, present and future, to moderators."""
    blueprint.before_request(moderators_only)


def moderators_only():
    """Send visitors to log in, and tell readers whose page this is."""
    if not current_user.is_authenticated:
        reads = request.method in ("GET", "HEAD")
        back = request.full_path.rstrip("?") if reads else None
        return redirect(url_for("security.login", next=back), 302 if reads else 303)
    if not moderates():
        abort(403, FOR_MODERATORS)
    return None
