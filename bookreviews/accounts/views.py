"""What a reader sees and changes of their account; what concerns only logging in is Flask-Security's (settings.py)."""

import json

import sqlalchemy as sa
from flask import Blueprint, Response, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_login import current_user
from flask_security import auth_required
from flask_security.utils import logout_user
from sqlalchemy.exc import IntegrityError

from bookreviews.accounts import closing, export
from bookreviews.accounts.forms import CloseForm, UsernameForm
from bookreviews.accounts.models import Login, Passkey
from bookreviews.accounts.renaming import rename
from bookreviews.covers import storage
from bookreviews.extensions import db
from bookreviews.urls import LARGEST

bp = Blueprint("accounts", __name__, url_prefix="/settings")

GONE = "That browser is not logged in to your account, or not any more."
CLOSED = "Your account is closed. Thank you for what you wrote here; you are welcome back at any time."


@bp.before_request
@auth_required("session")
def members_only():
    """Guard every page of this blueprint, present and future."""


@bp.after_request
def keep_nothing(response):
    """Whoever uses the browser next does not see these pages by going back."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("")
def settings():
    """See how one's account is set up, and go on to what can be changed."""
    passkeys = sa.select(sa.func.count()).where(Passkey.user_id == current_user.id)
    browsers = sa.select(sa.func.count()).select_from(Login.of(current_user).order_by(None).subquery())
    counts = db.session.execute(sa.select(passkeys.scalar_subquery(), browsers.scalar_subquery())).one()
    return render_template("accounts/settings.html", passkeys=counts[0], browsers=counts[1])


@bp.route("/username", methods=["GET", "POST"])
def username():
    """Choose another name, which then stands beside all of one's reviews."""
    form = UsernameForm(current_user._get_current_object())
    if form.validate_on_submit():
        try:
            rename(form.owner, form.username.data)
        except IntegrityError:  # somebody was faster with the name: look again, and say so
            db.session.rollback()
            form.validate()
        else:
            db.session.commit()
            flash("Your name is changed, here and beside your reviews.", "info")
            return redirect(url_for(".settings"), 303)
    return render_template("accounts/username.html", form=form), 422 if form.errors else 200


@bp.get("/logins")
def logins():
    """See in which browsers one is logged in."""
    return render_template("accounts/logins.html", logins=db.session.scalars(Login.of(current_user)).all(), this=g.login_id)


@bp.route(f"/logins/<int(max={LARGEST}):login_id>/end", methods=["GET", "POST"])
def end_login(login_id):
    """Log out one browser, from afar; who only comes by, as after logging in, is led to the list."""
    if request.method != "POST":
        return redirect(url_for(".logins"))
    mine = sa.delete(Login).where(Login.user_id == current_user.id, Login.id == login_id)
    if not db.session.execute(mine).rowcount:
        abort(404, GONE)
    db.session.commit()
    flash("That browser is logged out.", "info")
    return redirect(url_for(".logins"), 303)


@bp.route("/logins/end-others", methods=["GET", "POST"])
def end_other_logins():
    """Log out every browser but this one; who only comes by is led to the list."""
    if request.method != "POST":
        return redirect(url_for(".logins"))
    db.session.execute(sa.delete(Login).where(Login.user_id == current_user.id, Login.id != g.login_id))
    db.session.commit()
    flash("Every other browser is logged out.", "info")
    return redirect(url_for(".logins"), 303)


@bp.get("/data")
def data():
    """Learn what this site knows of one, and where to get it."""
    return render_template("accounts/data.html", parts=export.PARTS)


@bp.get("/data.json")
@auth_required("session", within=lambda: current_app.config["SECURITY_FRESHNESS"])
def download():
    """Take along everything that this site knows of one."""
    text = json.dumps(export.everything(current_user), ensure_ascii=False, indent=2)
    response = Response(text, mimetype="application/json")
    response.headers.set("Content-Disposition", "attachment", filename="bookreviews.json")
    return response


@bp.route("/close", methods=["GET", "POST"])
def close():
    """Close one's account for good, and say what becomes of one's reviews."""
    form = CloseForm()
    if form.validate_on_submit():
        try:
            pictures = closing.close(current_user._get_current_object(), keep=form.reviews.data == "keep")
        except closing.LastAdmin as last:
            db.session.rollback()
            form.form_errors.append(str(last))
        else:
            logout_user()
            db.session.commit()
            storage.delete(pictures)
            flash(CLOSED, "info")
            return redirect(url_for("pages.home"), 303)
    return render_template("accounts/close.html", form=form), 422 if form.errors else 200
