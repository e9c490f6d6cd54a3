"""The form a review is written in."""

from flask import request
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, ValidationError

from bookreviews.languages import NAMES, OFFERED
from bookreviews.markdown import excerpt, render, torn_spoiler
from bookreviews.reviews.models import SOURCES, WORDS
from bookreviews.reviews.writers import preferred_language
from bookreviews.templating import stars_name
from bookreviews.text import clean_line, clean_text, says_something

# What is said when who writes is not who opened the form.
CHANGED = {
    True: "You are logged in now, and were not when this form was opened. Press “Submit review” again to publish this review "
    "under your username.",
    False: "You are not logged in any more. Log in in another tab and press “Submit review” again, or publish it as a guest.",
}


def told_by(words):
    """What a review or a draft fills the form with."""
    told = {name: getattr(words, name) for name in (*WORDS, "name") if hasattr(words, name)}
    return told | {"stopped_at": words.stopped_at or "", "language": words.language or "", "source": words.source or ""}


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
    source = SelectField(
        "How you came to your copy",
        choices=[SelectChoice("", "Not said"), *(SelectChoice(value, f"I {words}") for value, words in SOURCES.items())],
        validate_choice=False,
    )
    knows_author = BooleanField("I know the author")
    stopped_at = StringField("Stopped at page", filters=[clean_line], render_kw={"inputmode": "numeric"})
    name = StringField(
        "Your name",
        filters=[clean_line],
        validators=[
            InputRequired("Please tell readers your name, or any name you like."),
            Length(max=80, message="A name has at most 80 characters."),
        ],
    )
    version = HiddenField(filters=[lambda text: whole_number(text) or 0])
    writer = HiddenField()  # who was writing when the form was shown

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

    def validate_source(self, field):
        if field.data and field.data not in SOURCES:
            raise ValidationError("Please choose one of the list.")

    def validate_stopped_at(self, field):
        if field.data and not 1 <= (whole_number(field.data) or 0) <= 99_999:
            raise ValidationError("A page is a number, such as 120. Leave it empty if you read to the end.")

    def validate_writer(self, field):
        """Refuse, once, to publish under another name than the one the form was opened under."""
        shown, field.data = field.data, self.author.tag
        if shown != field.data:
            field.raw_data = [field.data]
            raise ValidationError(CHANGED[self.author.is_member])

    @classmethod
    def of(cls, writer, review=None, draft=None):
        """The form for a writer, with what they have published or, before that, drafted.

        :param review: the writer's, deleted or not.
        """
        # Said, for Flask-WTF would otherwise take JSON as well.
        sent = request.form if request.method == "POST" else None
        words = {"name": writer.name, "language": preferred_language()}
        version = review.version if review else 0
        if review and not review.deleted:
            words |= told_by(review)
        if draft:
            words |= told_by(draft)
            version = draft.began_from
        form = cls(sent, data=words | {"version": version, "writer": writer.tag})
        form.author = writer
        if writer.is_member:
            del form.name
        return form

    @property
    def words(self):
        """What the form holds, by the names of a review's columns."""
        kept = {name: self[name].data for name in WORDS}
        kept |= {name: kept[name] or None for name in ("language", "source")}
        kept["stopped_at"] = whole_number(self.stopped_at.data or "")
        return kept | {"name": self.name.data if "name" in self else self.author.name}

    @property
    def preview(self):
        """What the page would show of it, by the names of a review's columns."""
        return self.words | {"body_html": render(self.body.data[: self.LONGEST])}

    def says(self, review):
        """Whether a review is there and is, word for word, what the form holds."""
        return not review.deleted and all(getattr(review, name) == value for name, value in self.words.items())

    def write_to(self, review):
        for name, value in self.words.items():
            setattr(review, name, value)

    def begin_from(self, review):
        """Let the words stand, and let sending them again replace `review`."""
        self.version.data = review.version
