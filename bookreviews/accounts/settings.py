"""How Flask-Security is set up here: https://flask-security.readthedocs.io/en/stable/configuration.html"""

from datetime import timedelta

from flask_security import uia_email_mapper

from bookreviews.accounts.names import key_of
from bookreviews.extensions import now

SHORTEST_PASSWORD = 10

WRONG = "That email or username and password do not go together."
LINK_GONE = "That link has expired, was used already, or was cut off. You can have a new one here."
OR_REGISTER = "If none comes, somebody was faster with your username: register again, with another."

FEATURES = {
    "REGISTERABLE": True,
    "CONFIRMABLE": True,
    "RECOVERABLE": True,
    "CHANGEABLE": True,
    "CHANGE_EMAIL": True,
    "TWO_FACTOR": True,
    "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "TWO_FACTOR_RESCUE_EMAIL": False,
    "MULTI_FACTOR_RECOVERY_CODES": True,
    "MULTI_FACTOR_RECOVERY_CODES_N": 10,
    "WEBAUTHN": True,
    # A passkey says whose it is: nobody is asked for a name, so no page can tell whether it is known.
    "WAN_ALLOW_USER_HINTS": False,
    "WAN_ALLOW_AS_VERIFY": ["first"],
    "USERNAME_ENABLE": False,  # ours are fields of our own forms, with rules of our own (names.py)
    "PASSWORD_CONFIRM_REQUIRED": False,  # one can look at what one typed instead
    "USER_IDENTITY_ATTRIBUTES": [
        {"email": {"mapper": uia_email_mapper}},
        {"username_key": {"mapper": key_of}},
    ],
    "RETURN_GENERIC_RESPONSES": True,
    "SEND_REGISTER_EMAIL": True,
    "EMAIL_HTML": False,
    "DATETIME_FACTORY": now,
    "CLI_USERS_NAME": False,  # our own commands do it (commands.py)
    "CLI_ROLES_NAME": False,
    "API_ENABLED_METHODS": ["session"],
    "PASSWORD_LENGTH_MIN": SHORTEST_PASSWORD,
    # argon2id with 64 MiB, 3 passes, 4 lanes, which is the second choice of RFC 9106; argon2 brings its own salt.
    "PASSWORD_HASH": "argon2",
    "PASSWORD_SCHEMES": ["argon2"],
    "PASSWORD_SINGLE_HASH": True,
    "PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__type": "id", "argon2__memory_cost": 64 * 1024, "argon2__time_cost": 3, "argon2__parallelism": 4,
    },
    # What links in mails hold of a password or an address is signed and is a hash of what nobody guesses: a slow hash
    # would only tell, by its time, that there is an account.
    "HASHING_SCHEMES": ["hex_sha256"],
    "DEPRECATED_HASHING_SCHEMES": [],
    # Codes are as safe as the database they are in. A key beside it would have to outlive every SECRET_KEY.
    "TOTP_SECRETS": {"1": "kept in the clear"},
    "FRESHNESS": timedelta(hours=12),
    "CONFIRM_EMAIL_WITHIN": timedelta(days=7),
    "RESET_PASSWORD_WITHIN": timedelta(hours=2),
    "CACHE_CONTROL": {"private": None, "no-store": None},
}  # fmt: skip

ADDRESSES = {
    "CONFIRM_URL": "/confirm",
    "RESET_URL": "/reset",
    "VERIFY_URL": "/verify",
    "CHANGE_URL": "/settings/password",
    "CHANGE_EMAIL_URL": "/settings/email",
    "TWO_FACTOR_SETUP_URL": "/settings/second-factor",
    "TWO_FACTOR_TOKEN_VALIDATION_URL": "/login/code",
    "TWO_FACTOR_RESCUE_URL": "/login/rescue",
    "TWO_FACTOR_SELECT_URL": "/login/second-factor",
    "MULTI_FACTOR_RECOVERY_CODES_URL": "/settings/recovery-codes",
    "MULTI_FACTOR_RECOVERY_URL": "/login/recovery-code",
    "WAN_REGISTER_URL": "/settings/passkeys",
    "WAN_DELETE_URL": "/settings/passkeys/remove",
    "WAN_SIGNIN_URL": "/login/passkey",
    "WAN_VERIFY_URL": "/verify/passkey",
    "STATIC_FOLDER": None,
    "POST_REGISTER_VIEW": "/login",
    "POST_CHANGE_VIEW": "/settings",
    "POST_CHANGE_EMAIL_VIEW": "/settings",
    "WAN_POST_REGISTER_VIEW": "/settings",
    "TWO_FACTOR_POST_SETUP_VIEW": "/settings/recovery-codes",
    "POST_CONFIRM_VIEW": "/login",
}

SUBJECTS = {
    "EMAIL_SUBJECT_REGISTER": "Your account",
    "EMAIL_SUBJECT_CONFIRM": "Please confirm your address",
    "EMAIL_SUBJECT_PASSWORD_RESET": "A new password",
    "EMAIL_SUBJECT_PASSWORD_NOTICE": "Your password was changed",
    "EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE": "Your password was changed",
    "CHANGE_EMAIL_SUBJECT": "Please confirm your new address",
}

# What people read, in our words.
MESSAGES = {
    "GENERIC_AUTHN_FAILED": (WRONG, "error"),
    "UNAUTHENTICATED": ("Please log in to go there.", "info"),
    "LOGIN": ("Please log in to go there.", "info"),
    "REAUTHENTICATION_REQUIRED": ("To change this, please show once more that it is you.", "info"),
    "REAUTHENTICATION_SUCCESSFUL": ("Thank you. You can go on.", "info"),
    "CONFIRM_REGISTRATION": (
        "Thank you. We have sent a mail to %(email)s: follow the link in it, then log in here. Nothing there after a few "
        "minutes? Look among the spam.", "info",
    ),
    "EMAIL_CONFIRMED": ("Thank you. Your address is confirmed, and you can log in.", "info"),
    "ALREADY_CONFIRMED": ("This address is confirmed already.", "info"),
    "INVALID_CONFIRMATION_TOKEN": (f"{LINK_GONE} {OR_REGISTER}", "error"),
    "CONFIRMATION_EXPIRED": (f"{LINK_GONE} {OR_REGISTER}", "error"),
    "CONFIRMATION_REQUEST": ("If %(email)s waits to be confirmed, a mail with a new link is on its way.", "info"),
    "PASSWORD_RESET_REQUEST": ("If %(email)s has an account here, a mail with a link is on its way.", "info"),
    "PASSWORD_RESET_EXPIRED": (LINK_GONE, "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (LINK_GONE, "error"),
    "PASSWORD_RESET_NO_LOGIN": ("Your password is changed. Please log in with it.", "info"),
    "PASSWORD_CHANGE": ("Your password is changed, and every other browser is logged out.", "info"),
    "PASSWORD_IS_THE_SAME": ("This is the password you have. Please choose another.", "error"),
    "PASSWORD_NOT_PROVIDED": ("Please type a password.", "error"),
    "PASSWORD_INVALID_LENGTH": ("A password has at least %(length)s characters.", "error"),
    "INVALID_PASSWORD": ("That is not the password of this account.", "error"),
    "EMAIL_NOT_PROVIDED": ("Please type your email address.", "error"),
    "INVALID_EMAIL_ADDRESS": ("That is not an email address: one looks like ann@example.org.", "error"),
    "DISABLED_ACCOUNT": ("This account has been closed by the site. Its operator can tell you why.", "error"),
    "CHANGE_EMAIL_SENT": (
        "We have sent a mail to %(email)s. Your address changes when you follow the link in it.", "info",
    ),
    "CHANGE_EMAIL_EXPIRED": (LINK_GONE, "error"),
    "CHANGE_EMAIL_CONFIRMED": ("", "quiet"),  # setup.py says it, and whose it is
    "INVALID_REDIRECT": ("That link leads away from this site.", "error"),
    "INVALID_RECOVERY_CODE": ("That is none of your recovery codes, or it was used already.", "error"),
    "TWO_FACTOR_INVALID_TOKEN": (
        "That code is not right, or was used already. Each is good once, for half a minute: please type the next.", "error",
    ),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": ("", "quiet"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (
        "Your second factor is on. Now make recovery codes, for the day your telephone is gone.", "info",
    ),
    "TWO_FACTOR_PERMISSION_DENIED": ("That took too long, or began elsewhere. Please log in again.", "error"),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": ("Please choose what to do.", "error"),
    "TWO_FACTOR_DISABLED": ("Your second factor is off, and its recovery codes are gone: your password is enough now.", "info"),
    "TWO_FACTOR_SETUP_EXPIRED": ("That took too long. Please begin again.", "error"),
    "WEBAUTHN_NAME_REQUIRED": ("Please give the passkey a name.", "error"),
    "WEBAUTHN_NAME_INUSE": ("You have a passkey called %(name)s already.", "error"),
    "WEBAUTHN_NAME_NOT_FOUND": ("You have no passkey of this name.", "error"),
    "WEBAUTHN_REGISTER_SUCCESSFUL": ("The passkey %(name)s is yours: you can log in with it.", "info"),
    "WEBAUTHN_CREDENTIAL_DELETED": ("The passkey %(name)s is removed.", "info"),
    "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": ("This site does not know that passkey.", "error"),
    "WEBAUTHN_EXPIRED": ("That took too long. Please begin again.", "error"),
    "WEBAUTHN_NO_VERIFY": ("The passkey could not be checked. Please try again.", "error"),
    "API_ERROR": ("That has expired, was used already, or was cut off. Please begin again.", "error"),
}  # fmt: skip


# Where nothing sends mail no address can be confirmed, and none has to be.
WITHOUT_MAIL = "Thank you. If there was no account with this address or name yet, it is yours now: log in with it."


def settings(config):
    """The configuration of Flask-Security for a site configured by `config`."""
    ours = {f"SECURITY_{name}": value for name, value in (FEATURES | ADDRESSES | SUBJECTS).items()}
    messages = {f"SECURITY_MSG_{name}": value for name, value in MESSAGES.items()}
    if not config["MAIL_SERVER"]:
        messages["SECURITY_MSG_CONFIRM_REGISTRATION"] = (WITHOUT_MAIL, "info")
    names = {"SECURITY_TOTP_ISSUER": config["SITE_NAME"], "SECURITY_WAN_RP_NAME": config["SITE_NAME"]}
    return ours | messages | names
