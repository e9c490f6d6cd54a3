"""The forms of an account; what Flask-Security asks for, in our words."""

from flask import current_app
from flask_security import ChangePasswordForm as BaseChangePasswordForm
from flask_security import LoginForm as BaseLoginForm
from flask_security import RegisterFormV2, lookup_identity
from flask_security.forms import password_required
from flask_wtf import FlaskForm
from wtforms import PasswordField, RadioField, StringField
from wtforms.validators import InputRequired, ValidationError

from bookreviews.accounts import names
from bookreviews.accounts.models import User
from bookreviews.extensions import db

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
        owner = db.session.scalar(User.named(self.data))
        if owner and owner is not getattr(form, "owner", None):
            raise ValidationError("This username, or one that looks like it, is taken. Please choose another.")


class LoginForm(BaseLoginForm):
    """Who one is, by email or username, and the password that proves it."""

    email = StringField(
        "Email",
        validators=[InputRequired("Please type your email address or your username.")],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField("Password", validators=[password_required], render_kw={"autocomplete": "current-password"})
    remember = None

    def validate(self, **options):
        self.ifield = self.email
        self.user = lookup_identity(self.email.data or "")
        return super().validate(**options)


class RegisterForm(RegisterFormV2):
    """Everything that an account needs."""

    username = UsernameField()
    password = PasswordField("Password", validators=[password_required], render_kw=NEW_PASSWORD)


class UsernameForm(FlaskForm):
    """Another name for oneself."""

    username = UsernameField()

    def __init__(self, owner):
        super().__init__(obj=owner)
        self.owner = owner


class ChangePasswordForm(BaseChangePasswordForm):
    """Another password, typed once: one can look at it."""

    new_password = PasswordField("New password", validators=[password_required], render_kw=NEW_PASSWORD)
    new_password_confirm = None


class CloseForm(FlaskForm):
    """The end of an account."""

    reviews = RadioField(
        "What becomes of your reviews?",
        choices=[
            ("delete", "Delete them"),
            ("keep", "Leave them, without my name"),
        ],
    )
    password = PasswordField("Password", validators=[password_required], render_kw={"autocomplete": "current-password"})
