"""Flask-Security in our clothes: its settings, its forms, its pages, and how its answers become ours."""

from functools import wraps

from flask import abort, current_app, flash, redirect, render_template, request, session, url_for
from flask_login import current_user, user_logged_in, user_logged_out
from flask_security import Security, change_email_confirmed, tf_disabled, user_confirmed
from flask_security.confirmable import confirm_email_token_status
from flask_security.utils import check_and_get_token_status, get_message
from sqlalchemy.exc import IntegrityError

from bookreviews.accounts import adapters, forms, logins
from bookreviews.accounts.models import Passkey, Role, User
from bookreviews.accounts.passwords import Passwords
from bookreviews.accounts.roles import give
from bookreviews.accounts.settings import settings
from bookreviews.extensions import db
from bookreviews.guests.adoption import adopt
from bookreviews.mail import outbox
from bookreviews.mail.jobs import send_soon


def init_app(app):
    for name, value in settings(app.config).items():
        app.config.setdefault(name, value)
    security = Security(
        app,
        adapters.Users(db, User, Role, Passkey),
        login_form=forms.LoginForm,
        register_form=forms.RegisterForm,
        verify_form=forms.VerifyForm,
        change_email_form=forms.ChangeEmailForm,
        change_password_form=forms.ChangePasswordForm,
        forgot_password_form=forms.ForgotPasswordForm,
        send_confirmation_form=forms.ConfirmationForm,
        reset_password_form=forms.ResetPasswordForm,
        mf_recovery_form=forms.RecoveryCodeForm,
        two_factor_rescue_form=forms.RescueForm,
        two_factor_setup_form=forms.SecondFactorForm,
        two_factor_verify_code_form=forms.CodeForm,
        wan_register_form=forms.PasskeyForm,
        mail_util_cls=adapters.Mail,
        password_util_cls=Passwords,
        totp_cls=adapters.Codes,
        webauthn_util_cls=adapters.Passkeys,
        mf_recovery_codes_util_cls=adapters.RecoveryCodes,
        render_template=page,
    )
    security.want_json(lambda request: False)
    logins.init_app(app)
    user_logged_in.connect(begin, app)
    user_logged_out.connect(end, app)
    user_confirmed.connect(appoint, app)
    change_email_confirmed.connect(appoint, app)
    change_email_confirmed.connect(tell_old_address, app)
    change_email_confirmed.connect(say_whose_address, app)
    tf_disabled.connect(drop_recovery_codes, app)
    app.before_request(refuse_json)
    app.before_request(stay_logged_in)
    app.before_request(turn_on_first)
    app.after_request(finish)
    app.view_functions["security.register"] = again_where_overtaken(app.view_functions["security.register"])
    setup_code = "security.two_factor_setup_validate"
    app.view_functions[setup_code] = with_another_try(app.view_functions[setup_code])
    change_email, confirm = "security.change_email_confirm", "security.confirm_email"
    app.view_functions[change_email] = where_nobody_is(app.view_functions[change_email])
    app.view_functions[confirm] = only_once(app.view_functions[confirm])
    app.view_functions["security.logout"] = with_a_word(app.view_functions["security.logout"])
    app.view_functions["security.two_factor_rescue"] = to_recovery_codes


def begin(_app, user):
    """A reader has logged in: what this browser's guest wrote is theirs."""
    logins.begin(user)
    guest = session.get("guest")
    if guest and not adopt(user, guest):
        del session["guest"]


def end(_app, user):
    """A reader has logged out."""
    logins.end_this()


def tell_old_address(_app, user, old_email, **_more):
    """Tell whoever reads mail at the old address that it is theirs no more."""
    body = render_template("security/email/address_changed.txt", user=user)
    outbox.post(old_email, "Your address was changed", body, user.id)


def say_whose_address(_app, user, **_more):
    """Say whose address it is: another reader may be logged in where the link was followed."""
    flash(f"The new address of {user.username} is confirmed.", "info")


def drop_recovery_codes(_app, user, **_more):
    """Without a second factor nothing has to be recovered; when it is on again, there are new codes."""
    user.mf_recovery_codes = None


def appoint(app, user, **_more):
    """Make an admin of whoever has shown that the address in ADMIN_EMAIL is theirs."""
    db.session.flush()  # whoever was faster with an address is met here
    if app.config["MAIL_SERVER"] and user.email == app.config["ADMIN_EMAIL"]:
        give(user, "admin")


def page(template, **context):
    """Render one of Flask-Security's pages, with the status that our pages have: 422 for a form with faults.

    A form that was taken, and has no page of its own to go to, is shown anew: loading that again sends nothing.
    """
    sent = request.method == "POST" and not template.startswith("security/email/")
    asked = [value for name, value in context.items() if name.endswith("_form") and value is not None]
    if "login_user_form" in context:
        context["login_user_form"].say_what_may_be_said()
    if sent and any(form.errors for form in asked):
        return render_template(template, **context), 422
    if sent and request.endpoint in SHOWN_ANEW:
        return redirect(request.full_path.rstrip("?"), 303)
    if sent and "recovery_codes" in context:
        return redirect(url_for(request.endpoint, show_codes="yes"), 303)
    return render_template(template, **context)


# These end by saying “if there is such an account, a mail is on its way”.
SHOWN_ANEW = {"security.forgot_password", "security.send_confirmation", "security.change_email"}


def stay_logged_in():
    """Flask-Security would log one out who comes here logged in, and a link could lead anybody here."""
    if request.endpoint == "security.two_factor_token_validation" and current_user.is_authenticated:
        return redirect(url_for("pages.home"), 302)


def turn_on_first():
    """Recovery codes are for those who have a second factor; others are led to where it is turned on."""
    if request.endpoint != "security.mf_recovery_codes":
        return None
    if current_user.is_authenticated and not current_user.tf_primary_method:
        return redirect(url_for("security.two_factor_setup"))


def with_a_word(logout):
    """`logout`, which says that it is done, and leaves the browser the token of its forms: see `logins.begin`."""

    @wraps(logout)
    def view():
        was_there, token = current_user.is_authenticated, session.get("csrf_token")
        answer = logout()
        if was_there:
            session["csrf_token"] = token
            flash("You are logged out.", "info")
        return answer

    return view


def only_once(confirm):
    """`confirm` of an address, which has nothing to ask of whoever follows the link once more."""

    @wraps(confirm)
    def view(token):
        expired, invalid, user = confirm_email_token_status(token)
        if expired or invalid or not (user and user.confirmed_at):
            return confirm(token)
        flash(*get_message("ALREADY_CONFIRMED"))
        return redirect(url_for("accounts.settings" if current_user.is_authenticated else "security.login"))

    return view


def with_another_try(validate):
    """`validate` of a new second factor, which after a wrong code shows the same key again, and not another one."""

    @wraps(validate)
    def view(token):
        answer = validate(token)
        lifetime = current_app.config["SECURITY_TWO_FACTOR_SETUP_WITHIN"]
        expired, _invalid, state = check_and_get_token_status(token, "tf_setup", lifetime)
        if expired or not state or current_user.tf_totp_secret == state["totp_secret"]:
            return answer
        session.pop("_flashes", None)  # it is said at the field instead
        return show_key(token, state["totp_secret"])

    return view


def where_nobody_is(confirm):
    """`confirm` of a new address, which takes it even where somebody registered it and has not confirmed it."""

    @wraps(confirm)
    def view(token):
        lifetime = current_app.config["SECURITY_CHANGE_EMAIL_WITHIN"]
        expired, invalid, state = check_and_get_token_status(token, "change_email", lifetime)
        if state and not (expired or invalid):
            db.session.execute(User.nobodys(email=state[2]))
        return confirm(token)

    return view


def show_key(token, secret):
    """The page with the key of a second factor that is about to be turned on, after a code that was wrong."""
    code = forms.CodeForm()
    code.validate()
    code.code.errors = code.code.errors or [get_message("TWO_FACTOR_INVALID_TOKEN")[0]]
    shown = current_app.extensions["security"].totp_factory.fetch_setup_values(secret, current_user)
    return page(
        "security/two_factor_setup.html",
        two_factor_verify_code_form=code,
        chosen_method="authenticator",
        state_token=token,
        authr_qrcode=shown["image"],
        authr_key=shown["key"],
    )


def refuse_json():
    """Flask-Security and Flask-WTF would read JSON as a form; ours are sent as forms."""
    if request.blueprint in ("security", "accounts") and request.is_json:
        abort(415)


def finish(response):
    """Keep what a view of Flask-Security has left to be kept, send the mails that it caused, and say 303 after a POST.

    Not each of its views commits, and 302 leaves to the browser how the next page is asked for.
    """
    confirms = request.endpoint == "security.change_email_confirm"
    if confirms and not current_user.is_authenticated:
        response.location = url_for("security.login")  # where it would be led anyway, and told so
    if request.blueprint == "security" and (confirms or request.method == "POST"):
        db.session.commit()
        send_soon()
        if request.method == "POST" and response.status_code == 302:
            response.status_code = 303
    return response


def again_where_overtaken(register):
    """`register`, which, where somebody was faster with the name or the address, looks again and says so."""

    @wraps(register)
    def view():
        try:
            return register()
        except IntegrityError:
            db.session.rollback()
            return register()

    return view


def to_recovery_codes():
    """Whoever has no code goes on with a recovery code; there is no other way but the operator."""
    return redirect(url_for("security.mf_recovery"), 303)
