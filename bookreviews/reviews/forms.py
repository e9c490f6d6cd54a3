"""The form a review is written in."""

from flask import request
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, ValidationError

from bookreviews.languages import NAMES, OFFERED
from bookreviews.markdown import excerpt, render, torn_spoiler
from bookreviews.templating import stars_name
from bookreviews.text import clean_line, clean_text, says_something


def whole_number(text):
    """The number that `text` writes in digits; None where it is none."""
    text = str(text)
    return int(text) if text.isdecimal() and len(text) < 10 else None


class ReviewForm(FlaskForm):
    """What one thinks of a book."""

    LONGEST = 20_000  # characters of a review

    rating = RadioField(
        "Rating",
        choices=[SelectChoice(rating, stars_name(rating)) for rating in range(1, 11)],
        coerce=whole_number,
        validate_choice=False,
        validators=[AnyOf(range(1, 11), message="Please choose a rating, from ½ star to 5 stars.")],
    )
    title = StringField(
        "Title", filters=[clean_line], validators=[Length(max=200, message="A title has at most 200 characters.")]
    )
    body = TextAreaField("Review", filters=[clean_text])
    spoilers = BooleanField("Contains spoilers")
    language = SelectField(
        "Language",
        choices=[SelectChoice("", "Not said"), *(SelectChoice(tag, NAMES[tag]) for tag in OFFERED)],
        validate_choice=False,
    )
    name = StringField(
        "Your name",
        filters=[clean_line],
        validators=[
            InputRequired("Please tell readers your name, or any name you like."),
            Length(max=80, message="A name has at most 80 characters."),
        ],
    )
    version = HiddenField(filters=[lambda text: whole_number(text) or 0])

    def validate_body(self, field):
        if len(field.data) > self.LONGEST:
            raise ValidationError(f"A review has at most {self.LONGEST:,} characters; this one has {len(field.data):,}.")
        if not says_something(excerpt(field.data)) and any(field.raw_data or ()):
            raise ValidationError("There are no words here. Write a few, or leave it empty to give just a rating.")
        if torn_spoiler(field.data):
            raise ValidationError(
                "A spoiler ends in its own paragraph: close it with !< there, and begin it anew with >! in the next."
            )
        if not field.data and self.title.data:
            raise ValidationError("A title needs a review below it. Write a few words, or take the title away.")

    def validate_name(self, field):
        if not says_something(field.data):
            raise ValidationError("Please tell readers your name, or any name you like.")

    def validate_language(self, field):
        if field.data and field.data not in OFFERED:
            raise ValidationError("Please choose a language of the list.")

    @classmethod
    def of(cls, review, **suggestions):
        """The form for a writer whose review so far is `review`, deleted or not, or None."""
        # Said, for Flask-WTF would otherwise take JSON as well.
        sent = request.form if request.method == "POST" else None
        if review is None or review.deleted:
            return cls(sent, data=suggestions | {"version": review.version if review else 0})
        return cls(sent, obj=review)

    @property
    def words(self):
        """What the form holds, by the names of a review's columns."""
        fields = (self.rating, self.title, self.body, self.spoilers, self.name)
        return {field.name: field.data for field in fields} | {"language": self.language.data or None}

    @property
    def preview(self):
        """What the page would show of it, by the names of a review's columns."""
        return self.words | {"body_html": render(self.body.data[: self.LONGEST])}

    def says(self, review):
        """Whether a review stands and is, word for word, what the form holds."""
        return not review.deleted and all(getattr(review, name) == value for name, value in self.words.items())

    def write_to(self, review):
        for name, value in self.words.items():
            setattr(review, name, value)

    def begin_from(self, review):
        """Let the words stand, and let sending them again replace `review`."""
        self.version.data = review.version
