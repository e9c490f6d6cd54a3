"""The form in which a review is reported."""

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from bookreviews.moderation.models import RULES
from bookreviews.text import clean_text, says_something

CHOICES = [SelectChoice(rule, f"{short}. {sentence}") for rule, (short, sentence) in RULES.items()]


class ReportForm(FlaskForm):
    """Which rule a review breaks, and a word on it."""

    rule = RadioField("What is wrong with it?", choices=CHOICES, validators=[InputRequired("Please choose what is wrong.")])
    words = TextAreaField(
        "In your own words",
        filters=[clean_text],
        validators=[Length(max=1_000, message="Please keep it to 1,000 characters.")],
    )

    def validate_words(self, field):
        if self.rule.data == "other" and not says_something(field.data):
            raise ValidationError("Please say in a few words what is wrong.")
