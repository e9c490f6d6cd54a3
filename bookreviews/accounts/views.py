"""What a reader sees and changes of their account."""

from flask import Blueprint, render_template
from flask_security import auth_required

bp = Blueprint("accounts", __name__)


@bp.get("/settings")
@auth_required("session")
def settings():
    """See all that can be changed of one's account."""
    return render_template("accounts/settings.html")
