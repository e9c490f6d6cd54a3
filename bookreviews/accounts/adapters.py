"""What Flask-Security asks for, answered in the ways of this site.

https://flask-security.readthedocs.io/en/stable/customizing.html
"""

import secrets
from hashlib import sha256

from email_validator import EmailNotValidError, validate_email
from flask import current_app, session
from flask_security import MailUtil, MfRecoveryCodesUtil, SQLAlchemyUserDatastore, Totp, WebauthnUtil
from flask_security.mail_util import EmailValidateException
from flask_security.utils import get_message
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from bookreviews.extensions import db, now
from bookreviews.mail import outbox
from bookreviews.text import clean_line, says_something
from bookreviews.urls import public_root

LONGEST_NAME = 64  # of a passkey, in characters


def address(text):
    """An email address in the one form that every mail server takes, without regard to case; "" for what is none."""
    try:
        return validate_email(text or "", check_deliverability=False, allow_smtputf8=False).ascii_email.lower()
    except EmailNotValidError:
        return ""


class Users(SQLAlchemyUserDatastore):
    """The accounts, as Flask-Security asks for them."""

    def create_user(self, **facts):
        """A new account, in the database at once: whoever was faster with a name is met here.

        Where nothing sends mail its address counts as confirmed, but never makes an admin.
        """
        user = super().create_user(**facts)
        if not current_app.config["MAIL_SERVER"]:
            user.confirmed_at = now()
        db.session.flush()
        return user


class Mail(MailUtil):
    """Addresses in one form, and mails put in the outbox."""

    def normalize(self, email):
        if found := address(email):
            return found
        raise EmailValidateException(get_message("INVALID_EMAIL_ADDRESS")[0])

    validate = normalize

    def send_mail(self, template, subject, recipient, sender, body, html, user=None, **context):
        outbox.post(recipient, subject, body, user and user.id)


class Codes(Totp):
    """Codes of an authenticator, each good for one log-in."""

    def get_last_counter(self, user):
        return user.tf_last_counter

    def set_last_counter(self, user, tmatch):
        user.tf_last_counter = tmatch.counter


class RecoveryCodes(MfRecoveryCodesUtil):
    """Recovery codes, kept as hashes, as they are too long to be guessed from these; and shown once.

    Until then they are in the session of the browser that asked for them: loading the page again makes no others.
    """

    NEW = "recovery_codes"

    def create_recovery_codes(self, user):
        count = current_app.config["SECURITY_MULTI_FACTOR_RECOVERY_CODES_N"]
        codes = ["-".join(secrets.token_hex(2) for _ in range(5)) for _ in range(count)]
        user.mf_recovery_codes = [hash_of(code) for code in codes]
        session[self.NEW] = codes
        return codes

    def get_recovery_codes(self, user):
        """The codes that were just made and not shown yet; those of another reader, or of before, are none."""
        return [code for code in session.pop(self.NEW, []) if self.check_recovery_code(user, code)]

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

    def name_svn(self, value):
        """([what is wrong] or None, the name as it is kept): any words that can be read."""
        name = clean_line(value)
        if not says_something(name):
            return "Please give the passkey a name.", None
        if len(name) > LONGEST_NAME:
            return f"The name of a passkey has at most {LONGEST_NAME} characters.", None
        return None, name

    def authenticator_selection(self, user, usage):
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        )

    def user_verification(self, user, usage):
        return UserVerificationRequirement.REQUIRED
