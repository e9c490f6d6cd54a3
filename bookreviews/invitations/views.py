"""Inviting people to register, where that takes an invitation."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_login import current_user
from markupsafe import Markup

from bookreviews.extensions import db
from bookreviews.headers import private
from bookreviews.invitations import inviting
from bookreviews.invitations.models import Invitation
from bookreviews.moderation.judges import guard
from bookreviews.paging import paginate
from bookreviews.urls import LARGEST, absolute

bp = Blueprint("invitations", __name__, url_prefix="/moderation/invitations")
guard(bp)
bp.after_request(private)

LINK = Markup("Send this link to one person. It is shown only now: <code>{}</code>")
REVOKED = "The invitation is revoked: its link opens nothing any more."
TOO_LATE = "That invitation could not be used any more anyway."


@bp.get("")
def index():
    """See which invitations there are, and what became of them."""
    return render_template("invitations/index.html", invitations=paginate(Invitation.newest()))


@bp.post("")
def make():
    """Make an invitation, and be shown its link, once."""
    token = inviting.invite(current_user.id)
    db.session.commit()
    flash(LINK.format(absolute(url_for("security.register", invitation=token))), "info")
    return redirect(url_for(".index"), 303)


@bp.post(f"/<int(max={LARGEST}):invitation_id>/revoke")
def revoke(invitation_id):
    """Let an invitation be used no more."""
    db.session.get(Invitation, invitation_id) or abort(404)
    flash(REVOKED if inviting.revoke(invitation_id) else TOO_LATE, "info")
    db.session.commit()
    return redirect(url_for(".index"), 303)
