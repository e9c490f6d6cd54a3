"""The forms of an account; what Flask-Security asks for, in our words."""

from flask import current_app, request, url_for
from flask_login import current_user
from flask_security import ChangeEmailForm as BaseChangeEmailForm
from flask_security import ChangePasswordForm as BaseChangePasswordForm
from flask_security import ForgotPasswordForm as BaseForgotPasswordForm
from flask_security import LoginForm as BaseLoginForm
from flask_security import (
    MfRecoveryForm,
    RegisterFormV2,
    SendConfirmationForm,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    WebAuthnRegisterForm,
    hash_password,
    lookup_identity,
)
from flask_security import ResetPasswordForm as BaseResetPasswordForm
from flask_security import VerifyForm as BaseVerifyForm
from flask_security.confirmable import send_confirmation_instructions
from flask_security.forms import password_required
from flask_security.recoverable import send_reset_password_instructions
from flask_security.utils import get_message, send_mail, validate_redirect_url
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, RadioField, SelectChoice, StringField
from wtforms.validators import AnyOf, DataRequired, InputRequired, StopValidation, ValidationError

from bookreviews.accounts import names
from bookreviews.accounts.adapters import address
from bookreviews.accounts.models import User
from bookreviews.accounts.passwords import LONGEST
from bookreviews.extensions import db
from bookreviews.invitations import inviting
from bookreviews.moderation.models import RULES, Decision
from bookreviews.spam.traps import Traps
from bookreviews.text import clean_line

NO_ADDRESS = "Please type your email address: one looks like ann@example.org."
NO_CODE = "Please type the code."
ONCE_MORE = (
    "Please send it once more: it came as fast as programs send forms, or with a field filled in that people do not see."
)
NO_INVITATION = "This invitation was used already, was revoked, or has expired. Whoever sent it to you can send you another."
NEW_PASSWORD = {"autocomplete": "new-password"}


class UsernameField(StringField):
    """A username to be had: well made, and like nobody else's."""

    def __init__(self, label="Username", **options):
        super().__init__(label, filters=[names.clean], render_kw={"autocomplete": "username"}, **options)

    def pre_validate(self, form):
        """
        :raises ValidationError: where it cannot be had.
        """
        if not self.data:
            raise ValidationError("Please choose a username.")
        try:
            names.check(self.data, current_app.config["SITE_NAME"])
        except names.BadName as bad:
            raise ValidationError(str(bad)) from None
        owner = db.session.scalar(User.known(self.data))
        if owner and owner is not getattr(form, "owner", None):
            raise ValidationError("This username, or one that looks like it, is taken. Please choose another.")


class NothingToChoose(StringField):
    """A field that Flask-Security adds choices to, and that nobody sees."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.choices = []


class KnownPassword(PasswordField):
    """The password that one has."""

    def __init__(self, label="Password", missing="Please type a password.", **options):
        super().__init__(label, [DataRequired(missing)], render_kw={"autocomplete": "current-password"}, **options)

    def pre_validate(self, form):
        """Stop before argon2 sees more than any password here has.

        :raises StopValidation: in the words for a wrong password.
        """
        if len(self.data or "") > LONGEST:
            raise StopValidation(get_message("INVALID_PASSWORD")[0])


class WayBack:
    """Where a form leads afterwards: a way off the site is no way, and is forgotten."""

    def validate_next(self, field):
        field.data = field.data if validate_redirect_url(field.data) else ""


def why_banned(user):
    """What a reader who is banned reads when they have proved who they are."""
    decision = db.session.scalar(Decision.newest().where(Decision.user_id == user.id, Decision.action == "ban").limit(1))
    reason = f" {RULES[decision.rule][0]}: {decision.reason}" if decision else ""
    return f"You were banned on {user.banned_at:%-d %B %Y}.{reason}"


class LoginForm(WayBack, BaseLoginForm):
    """Who one is, by email or username, and the password that proves it."""

    email = StringField(
        "Email",
        filters=[clean_line],
        validators=[InputRequired("Please type your email address or your username.")],
        render_kw={"autocomplete": "username"},
    )
    password = KnownPassword()
    remember = None
    may_be_said = ()

    def validate(self, **options):
        self.ifield = self.email
        self.user = lookup_identity(self.email.data or "")
        valid = super().validate(**options)
        self.next.data = self.next.data or (url_for("pages.home") if valid else "")
        if self.user_authenticated and self.user.banned_at:
            self.email.errors = [why_banned(self.user)]
        missing = not (self.email.data and self.password.data)
        # Of an address that waits to be confirmed nothing is said: whoever has just registered it would learn from the
        # difference that somebody else has.
        if missing or self.user_authenticated and not self.requires_confirmation:
            self.may_be_said = [*self.email.errors, *self.password.errors]
        return valid

    def say_what_may_be_said(self):
        """Say what is wrong where it tells nothing of accounts, or tells only the owner of one.

        Flask-Security puts one sentence in the place of all that could.
        """
        if self.may_be_said:
            self.form_errors[:] = self.may_be_said


class RegisterForm(WayBack, Traps, RegisterFormV2):
    """Everything that an account needs.

    Until its address is confirmed an account is nobody's: whoever registers the name or the address anew has it. So a
    stranger cannot keep an address, nor learn from a name whether there was an account with an address. Nor does an
    invitation tell that: it is used up either way.
    """

    username = UsernameField()
    password = PasswordField("Password", validators=[password_required], render_kw=NEW_PASSWORD)
    invitation = HiddenField()  # what the link had, where one needs it

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.invitation.data = self.invitation.data or request.args.get("invitation", "")

    def validate(self, **options):
        db.session.execute(User.nobodys(self.username.data, address(self.email.data)))
        valid = super().validate(**options)
        self.form_errors += self.refusals()
        valid = valid and not self.form_errors
        if not (valid or self.existing_email_user and self.errors.keys() == {"email"}):
            db.session.rollback()
        return valid

    def refusals(self):
        """What is wrong with the way the form came; an invitation is used up, until that is rolled back."""
        refusals = [ONCE_MORE] if self.signs() else []
        if inviting.are_needed() and not inviting.use(self.invitation.data):
            refusals.append(NO_INVITATION)
        return refusals

    @property
    def is_open(self):
        """Whether to show it: to whoever is invited, or has sent it and shall lose nothing."""
        return not inviting.are_needed() or self.is_submitted() or inviting.is_open(self.invitation.data)


def nobody():
    """A reader who is not there, for whom everything is done that would be done for one who is."""
    return User(email="", username="nobody", password="-", fs_uniquifier="-")


class ForgotPasswordForm(BaseForgotPasswordForm):
    """The address that a link for a new password is sent to; whether it has an account cannot be told by the time."""

    def validate(self, **options):
        valid = super().validate(**options)
        if not address(self.email.data):
            self.form_errors.append(NO_ADDRESS)
        elif valid:
            hash_password("as is done for the others by Flask-Security")
        elif self.requires_confirmation:
            send_confirmation_instructions(self.user)
        else:
            send_reset_password_instructions(nobody())
        return valid


class ConfirmationForm(SendConfirmationForm):
    """The address that a new link to confirm it is sent to; likewise."""

    def validate(self, **options):
        valid = super().validate(**options)
        if not address(self.email.data):
            self.form_errors.append(NO_ADDRESS)
        elif not valid:
            send_confirmation_instructions(nobody())
        return valid


class ChangeEmailForm(BaseChangeEmailForm):
    """Another address; of one that has an account its owner hears, and nobody else."""

    def validate(self, **options):
        valid = super().validate(**options)
        owner = self.existing_email_user
        if owner == current_user:
            self.existing_email_user, self.email.errors = None, ["That is your address already."]
        elif owner and not owner.confirmed_at:  # nobody's yet: it will be of whoever follows their link first
            self.existing_email_user, self.email.errors = None, []
            valid = not self.errors
        elif owner:
            send_mail("Your address", owner.email, "security/email/address_in_use", user=owner)
        return valid


class ResetPasswordForm(BaseResetPasswordForm):
    """Another password, for whoever followed the link in a mail."""

    password = PasswordField("New password", validators=[password_required], render_kw=NEW_PASSWORD)
    password_confirm = None


class RescueForm(TwoFactorRescueForm):
    """What to do without the second factor: nothing is chosen here, a recovery code is the only way."""

    help_setup = NothingToChoose()


class SecondFactorForm(TwoFactorSetupForm):
    """The second factor on or off; there is one kind."""

    setup = RadioField(
        choices=[SelectChoice("authenticator", "Turn it on"), SelectChoice("disable", "Turn it off")], validate_choice=False
    )


class CodeForm(TwoFactorVerifyCodeForm):
    """The code that an authenticator app shows."""

    code = StringField("Code", validators=[DataRequired(NO_CODE)], render_kw={"autocomplete": "one-time-code"})


class RecoveryCodeForm(MfRecoveryForm):
    """One of the codes that were kept for the day the telephone is gone."""

    code = StringField("Recovery code", validators=[DataRequired(NO_CODE)])


class PasskeyForm(WebAuthnRegisterForm):
    """What a new passkey is called; each can be used instead of a password."""

    usage = HiddenField(filters=[lambda _usage: "first"])


class UsernameForm(FlaskForm):
    """Another name for oneself."""

    username = UsernameField()

    def __init__(self, owner):
        super().__init__(obj=owner)
        self.owner = owner


class VerifyForm(WayBack, BaseVerifyForm):
    """The password once more, before something that matters."""

    password = KnownPassword()


class ChangePasswordForm(BaseChangePasswordForm):
    """Another password, typed once: one can look at it."""

    password = KnownPassword("Your password now", "Please type the password you have.")
    new_password = PasswordField(
        "New password", validators=[DataRequired("Please choose a new password.")], render_kw=NEW_PASSWORD
    )
    new_password_confirm = None

    def validate(self, **options):
        valid = super().validate(**options)
        unchanged = get_message("PASSWORD_IS_THE_SAME")[0]
        if unchanged in self.password.errors:  # the one that is to be another is the new one
            self.password.errors, self.new_password.errors = [], [unchanged]
        if self.password.errors and self.new_password.data and self.new_password.data != self.password.data:
            passwords = current_app.extensions["security"].password_util
            self.new_password.errors, _kept = passwords.validate(self.new_password.data, False, user=current_user)
        return valid


class CloseForm(FlaskForm):
    """The end of an account."""

    reviews = RadioField(
        "What becomes of your reviews?",
        choices=[SelectChoice("delete", "Delete them"), SelectChoice("keep", "Leave them, without my name")],
        validate_choice=False,
        validators=[AnyOf(("delete", "keep"), message="Please choose what becomes of your reviews.")],
    )
    password = KnownPassword()

    def validate_password(self, field):
        typed = current_app.extensions["security"].password_util.normalize(field.data)
        if not current_user.verify_and_update_password(typed):
            raise ValidationError("That is not the password of this account.")
