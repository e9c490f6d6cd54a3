"""What a form has that people do not notice and programs stumble over; and the operator's question."""

from flask import current_app
from itsdangerous import BadSignature, TimestampSigner
from wtforms import HiddenField, StringField
from wtforms.validators import ValidationError

from bookreviews.extensions import now
from bookreviews.spam.rules import Sign
from bookreviews.text import clean_line, fold

RULES = ("filled", "quick")


class Traps:
    """The fields, for a form to have beside its own; the macro `traps` shows them.

    A fence, not a wall: a program written for this site gets over it, the many that are sent to every site do not.
    """

    website = StringField("Leave this empty", render_kw={"tabindex": "-1", "autocomplete": "off"})
    shown = HiddenField()  # when the form was, signed
    answer = StringField(filters=[clean_line], render_kw={"autocomplete": "off"})

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if age_of(self.shown.data) is None:  # it is shown now, or somebody made it up
            self.shown.data = signer().sign("shown").decode()
        self.answer.label.text = current_app.config["SPAM_QUESTION"]
        if not current_app.config["SPAM_QUESTION"]:
            self.ask_nothing()

    def ask_nothing(self):
        """Leave the operator's question out."""
        if "answer" in self:
            del self.answer

    def validate_answer(self, field):
        if fold(field.data) not in map(fold, current_app.config["SPAM_ANSWERS"]):
            raise ValidationError("That is not the answer. Please try once more.")

    def signs(self):
        """What was noticed about the way the form was sent."""
        found = [Sign("filled", "A field was filled in that people do not see.")] if self.website.data else []
        seconds = current_app.config["SPAM_SECONDS"]
        if age_of(self.shown.data) < seconds:
            found.append(Sign("quick", f"It was sent within {seconds} seconds of its form being shown."))
        return found


def signer():
    """Signs moments with the site's key, and knows those signed with the keys before it."""
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return TimestampSigner(keys, salt="form shown")


def age_of(stamp):
    """How many seconds ago a moment was signed; None where it was not."""
    try:
        _, moment = signer().unsign(stamp or "", return_timestamp=True)
    except BadSignature:
        return None
    return (now() - moment).total_seconds()
