"""The form of an appeal."""

from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Length, ValidationError

from bookreviews.text import clean_text, says_something


class AppealForm(FlaskForm):
    """Why a removal was wrong."""

    words = TextAreaField(
        "Why should it stand?",
        filters=[clean_text],
        validators=[Length(max=2_000, message="Please keep it to 2,000 characters.")],
    )

    def validate_words(self, field):
        if not says_something(field.data):
            raise ValidationError("Please say why your review should stand.")
