"""The form that a moderator decides on a cover with."""

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import AnyOf, Length, ValidationError

from bookreviews.text import clean_text, says_something

LONGEST = 1_000


class DecisionForm(FlaskForm):
    """What becomes of a cover (one of Cover.choices), and why, which whoever sent it reads."""

    decision = StringField(validators=[AnyOf(("show", "refuse", "remove"), message="Please press one of the buttons.")])
    reason = TextAreaField(
        "Reason",
        filters=[clean_text],
        validators=[Length(max=LONGEST, message="Please take at most 1,000 characters.")],
    )

    def validate_reason(self, field):
        if self.decision.data != "show" and not says_something(field.data):
            raise ValidationError("Please say why: whoever sent it reads this.")
