"""Flask-Security in our clothes: its settings, its forms, its pages, and how its answers become ours."""

import secrets
from hashlib import sha256

from flask import abort, after_this_request, current_app, redirect, render_template, request
from flask_login import user_logged_in, user_logged_out
from flask_security import MailUtil, MfRecoveryCodesUtil, Security, SQLAlchemyUserDatastore, Totp, WebauthnUtil
from sqlalchemy.exc import IntegrityError
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from bookreviews.accounts import forms, logins
from bookreviews.accounts.models import Passkey, Role, User
from bookreviews.accounts.passwords import Passwords
from bookreviews.accounts.settings import settings
from bookreviews.extensions import csrf, db
from bookreviews.mail import outbox
from bookreviews.urls import public_root


class Users(SQLAlchemyUserDatastore):
    """The accounts, as Flask-Security asks for them."""

    def create_user(self, **facts):
        """A new account, in the database at once: whoever was faster with a name is met here."""
        user = super().create_user(**facts)
        db.session.flush()
        return user


class Mail(MailUtil):
    """Addresses without regard to case, and mails put in the outbox."""

    def normalize(self, email):
        return super().normalize(email).lower()

    def validate(self, email):
        return super().validate(email).lower()

    def send_mail(self, template, subject, recipient, sender, body, html, **context):
        outbox.post(recipient, subject, body)
        after_this_request(commit)  # not every view of Flask-Security does


class Codes(Totp):
    """Codes of an authenticator, each good for one log-in."""

    def get_last_counter(self, user):
        return user.tf_last_counter

    def set_last_counter(self, user, tmatch):
        user.tf_last_counter = tmatch.counter


class RecoveryCodes(MfRecoveryCodesUtil):
    """Recovery codes, shown once and kept as hashes: they are too long to be guessed from these."""

    def create_recovery_codes(self, user):
        count = current_app.config["SECURITY_MULTI_FACTOR_RECOVERY_CODES_N"]
        codes = ["-".join(secrets.token_hex(2) for _ in range(5)) for _ in range(count)]
        user.mf_recovery_codes = [hash_of(code) for code in codes]
        return codes

    def get_recovery_codes(self, user):
        return []

    def check_recovery_code(self, user, code):
        return hash_of(code) in (user.mf_recovery_codes or [])

    def delete_recovery_code(self, user, code):
        user.mf_recovery_codes.remove(hash_of(code))
        return True


def hash_of(code):
    return sha256("".join(filter(str.isalnum, code.lower())).encode()).hexdigest()


class Passkeys(WebauthnUtil):
    """Passkeys that say whose they are, in whatever they are kept, opened by their owner."""

    def origin(self):
        return public_root() or super().origin()

    def authenticator_selection(self, user, usage):
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        )

    def user_verification(self, user, usage):
        return UserVerificationRequirement.REQUIRED


def init_app(app):
    for name, value in settings(app.config).items():
        app.config.setdefault(name, value)
    security = Security(
        app,
        Users(db, User, Role, Passkey),
        login_form=forms.LoginForm,
        register_form=forms.RegisterForm,
        change_password_form=forms.ChangePasswordForm,
        mail_util_cls=Mail,
        password_util_cls=Passwords,
        totp_cls=Codes,
        webauthn_util_cls=Passkeys,
        mf_recovery_codes_util_cls=RecoveryCodes,
        render_template=page,
    )
    security.want_json(lambda request: False)
    csrf.exempt(app.blueprints["security"])  # its forms check their tokens themselves, and come back with every word
    logins.init_app(app)
    user_logged_in.connect(begin, app)
    user_logged_out.connect(end, app)
    app.before_request(refuse_json)
    app.after_request(see_other)
    register = app.view_functions["security.register"]
    app.view_functions["security.register"] = lambda: again_where_overtaken(register)


def commit(response):
    """Keep what a view of Flask-Security has left to be kept."""
    db.session.commit()
    return response


def begin(_app, user):
    """A reader has logged in."""
    logins.begin(user)


def end(_app, user):
    """A reader has logged out."""
    logins.end_this()
    after_this_request(commit)


def page(template, **context):
    """Render one of Flask-Security's pages, with the status that our pages have: 422 for a form with faults.

    A form that was taken, and has no page of its own to go to, is shown anew: loading that again sends nothing.
    """
    sent = request.method == "POST"
    asked = [value for name, value in context.items() if name.endswith("_form") and value is not None]
    if sent and any(form.errors for form in asked):
        return render_template(template, **context), 422
    if sent and request.endpoint in SHOWN_ANEW:
        return redirect(request.full_path.rstrip("?"), 303)
    return render_template(template, **context)


# These end by saying “if there is such an account, a mail is on its way”.
SHOWN_ANEW = {"security.forgot_password", "security.send_confirmation", "security.change_email"}


def refuse_json():
    """Flask-Security would read JSON as a form; ours are sent as forms."""
    if request.blueprint == "security" and request.is_json:
        abort(415)


def see_other(response):
    """After a POST the next page is got: 303 says so, 302 leaves it to the browser."""
    if request.method == "POST" and response.status_code == 302:
        response.status_code = 303
    return response


def again_where_overtaken(register):
    """Take a registration; where somebody was faster with the name or the address, look again and say so."""
    try:
        return register()
    except IntegrityError:
        db.session.rollback()
        return register()
