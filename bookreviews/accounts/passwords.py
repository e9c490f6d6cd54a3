"""What a password may be."""

import re

from flask import current_app
from flask_security import PasswordUtil
from zxcvbn import zxcvbn

from bookreviews.text import fold

# zxcvbn's score of a password that 10⁶ guesses find, with its lists of common passwords, names and words.
# https://www.usenix.org/conference/usenixsecurity16/technical-sessions/presentation/wheeler
EASILY_GUESSED = 1
LONGEST = 128
OF_ITS_OWN = 4  # so many letters are no part of a name or an address
# It takes longer the longer a password is; beyond this there is nothing to find.
LOOKED_AT = 72
EASY = "That is easily guessed: it is on the lists of common passwords, or made of your name or address. Please choose another."


def is_easy(password, about):
    """Whether few guesses find a password.

    :param about: words that somebody would try who knows whose it is, such as a name.
    """
    found = zxcvbn(password[:LOOKED_AT], user_inputs=about, max_length=LOOKED_AT)
    return found["score"] <= EASILY_GUESSED or is_made_of(about, password)


def is_made_of(about, password):
    """Whether a password has next to nothing but parts of these words, however accents and signs are put."""
    parts = {part for words in about for part in fold(words).split()}
    pattern = "|".join(map(re.escape, sorted(parts, key=len, reverse=True)))
    folded = fold(password).replace(" ", "")
    left = re.sub(pattern, "", folded)
    return left != folded and len(left) < OF_ITS_OWN


class Passwords(PasswordUtil):
    """Checks passwords for Flask-Security."""

    def validate(self, password, is_register, **known):
        """([what is wrong], the password as it is kept); `known` is what the form says, or `user`."""
        kept = self.normalize(password)
        if len(kept) > LONGEST:
            return [f"A password has at most {LONGEST} characters."], kept
        wrong, kept = super().validate(password, is_register, **known)
        user = known.get("user")
        email = user.email if user else known.get("email") or ""
        username = user.username if user else known.get("username") or ""
        about = [email, *email.lower().split("@"), username, username.lower(), current_app.config["SITE_NAME"]]
        if not wrong and is_easy(kept, list(filter(None, about))):
            wrong = [EASY]
        return wrong, kept
