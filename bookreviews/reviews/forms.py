"""The form a review is written in, finished or not."""

from flask import current_app, request
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, ValidationError

from bookreviews.accounts.models import User
from bookreviews.accounts.names import is_official
from bookreviews.extensions import db
from bookreviews.languages import NAMES, OFFERED
from bookreviews.markdown import excerpt, render, torn_spoiler
from bookreviews.reviews.models import SOURCES, WORDS
from bookreviews.reviews.writers import preferred_language
from bookreviews.reviews.writing import closed_to
from bookreviews.spam.traps import Traps
from bookreviews.templating import stars_name
from bookreviews.text import clean_line, clean_text, number_or_zero, says_something, whole_number

RATINGS = [SelectChoice(rating, stars_name(rating)) for rating in range(1, 11)]
LOGGED_OUT = "You have been logged out. Log in again, then send this once more"
FOR_MEMBERS = "Drafts are kept for members, and you are not logged in. Log in and press “Save draft” again."
GUESTS_MAY_NOT = "Reviews are written by members here. Log in or register, and send this again."


def changed(before, after):
    """What is said when a member, `after`, sends a form that `before` opened; guests have no name here."""
    opened = f"This form was opened by {before}" if before else "You were not when this form was opened"
    return f"You are logged in as {after} now. {opened}. Send it once more, and it is yours as {after}."


def told_by(words):
    """What a review or a draft fills the form with."""
    told = {name: getattr(words, name) for name in (*WORDS, "name") if hasattr(words, name)}
    return told | {"stopped_at": str(words.stopped_at or ""), "language": words.language or "", "source": words.source or ""}


class ReviewForm(Traps, FlaskForm):
    """What one thinks of a book."""

    LONGEST = 20_000  # characters of a review

    rating = RadioField(
        "Rating",
        choices=RATINGS,
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
        choices=[SelectChoice("", "Not said"), *(SelectChoice(value, words.capitalize()) for value, words in SOURCES.items())],
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
    # What the words began from: which review in which version, and which draft.
    review = HiddenField(filters=[number_or_zero])
    version = HiddenField(filters=[number_or_zero])
    draft = HiddenField()
    writer = HiddenField()  # who was writing when the form was shown

    def validate_body(self, field):
        if len(field.data) > self.LONGEST:
            raise ValidationError(f"A review has at most {self.LONGEST:,} characters; this one has {len(field.data):,}.")
        if not says_something(excerpt(render(field.data))) and any(field.raw_data or ()):
            raise ValidationError("There are no words here. Write a few, or leave it empty to give just a rating.")
        if torn_spoiler(field.data):
            raise ValidationError(
                "A spoiler ends in its own paragraph: close it with !< there, and begin it anew with >! in the next."
            )
        if not field.data and self.title.data:
            raise ValidationError("A title needs a review below it. Write a few words, or take the title away.")

    def validate_name(self, field):
        if is_official(field.data, current_app.config["SITE_NAME"]) or db.session.scalar(User.known(field.data)):
            raise ValidationError("This is the name of a member or of the site itself. Log in, or sign with another.")
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
            raise ValidationError("A page is a number from 1 to 99,999, such as 120. Leave it empty if you read to the end.")

    def validate_writer(self, field):
        """Refuse, once, to publish under another name than the one the form was opened under.

        Whoever was logged out meanwhile goes on as the member they were, or gives a name and goes on as a guest.
        """
        if closed_to(self.author):
            raise ValidationError(GUESTS_MAY_NOT)
        if field.data and not self.author.is_member and not self.name.data:
            raise ValidationError(f"{LOGGED_OUT}, or tell readers a name and send it as a guest.")
        self.go_on_as_author(field)

    def go_on_as_author(self, field):
        before, field.data = field.data, self.author.tag
        if self.author.is_member and before != field.data:
            raise ValidationError(changed(before, field.data))

    def validate(self, **options):
        valid = super().validate(**options)
        if self.writer.errors and self.name:
            self.name.errors = []  # who writes comes first, then what they are called
        return valid

    @classmethod
    def of(cls, writer, review=None, draft=None):
        """The form for a writer, with what they have published or, before that, drafted.

        :param review: the writer's, deleted or not.
        """
        # Said, for Flask-WTF would otherwise take JSON as well.
        sent = request.form if request.method == "POST" else None
        words = {"name": writer.name, "language": preferred_language(), "writer": writer.tag}
        if review:
            words |= {"review": review.id, "version": review.version}
        if review and not review.deleted:
            words |= told_by(review)
        if draft:
            words |= told_by(draft) | {"draft": draft.tag, "version": draft.began_from}
        form = cls(sent, data=words)
        form.author = writer
        if writer.is_member:
            del form.name
            form.ask_nothing()
        return form

    @property
    def said(self):
        """What the form holds, by the names of the columns that reviews and drafts have in common."""
        said = {name: self[name].data for name in WORDS}
        said |= {name: said[name] or None for name in ("language", "source")}
        return said | {"stopped_at": whole_number(self.stopped_at.data or "")}

    @property
    def drafted(self):
        """The same, as a draft keeps it: with whatever was typed for a page."""
        return self.said | {"stopped_at": self.stopped_at.data or None}

    @property
    def words(self):
        """What the form holds, by the names of a review's columns."""
        return self.said | {"name": self.name.data if "name" in self else self.author.name}

    @property
    def says_interests(self):
        """Whether any of the fields that few need is in use, or wrong."""
        fields = (self.source, self.stopped_at, self.knows_author)
        return any(field.data or field.errors for field in fields)

    @property
    def preview(self):
        """What the page would show of it, by the names of a review's columns."""
        return self.words | {"body_html": render(self.body.data[: self.LONGEST])}

    def says(self, review):
        """Whether a review is there and is, word for word, what the form holds."""
        return not review.deleted and all(getattr(review, name) == value for name, value in self.words.items())

    def fills(self, draft):
        """Whether a draft is, word for word, what the form holds."""
        return all(getattr(draft, name) == value for name, value in self.drafted.items())

    def knows(self, review):
        """Whether the form was shown with a review as it stands now."""
        return (self.review.data, self.version.data) == (review.id, review.version)

    def write_to(self, review):
        for name, value in self.words.items():
            setattr(review, name, value)

    def begin_from(self, review):
        """Let the words stand, and let sending them again replace `review`."""
        self.review.data, self.version.data = review.id, review.version


class DraftForm(ReviewForm):
    """What one thinks of a book so far: as long as it can be kept, nothing is wrong with it."""

    MOST = 200_000  # characters of title and review

    rating = RadioField(
        "Rating",
        choices=RATINGS,
        coerce=whole_number,
        validate_choice=False,
        validators=[AnyOf((None, *range(1, 11)), message="Please choose a rating, from ½ star to 5 stars.")],
    )
    title = StringField("Title", filters=[clean_line])
    name = StringField("Your name", filters=[clean_line])

    def validate_body(self, field):
        length = len(field.data) + len(self.title.data)
        if length > self.MOST:
            raise ValidationError(f"A draft has at most {self.MOST:,} characters; this one has {length:,}.")

    def validate_name(self, field):
        """It is a member's, whose name is known."""

    def validate_answer(self, field):
        """Members are not asked."""

    def validate_stopped_at(self, field):
        """Whatever was typed is kept as it is."""

    def validate_writer(self, field):
        """A draft is the member's who is logged in."""
        if not self.author.is_member:
            raise ValidationError(f"{LOGGED_OUT}." if field.data else FOR_MEMBERS)
        self.go_on_as_author(field)

    @property
    def refusal(self):
        """Why it was not kept, in few words."""
        return "You have been logged out." if self.writer.errors else "This draft could not be saved."

    @property
    def is_empty(self):
        """Whether nothing was said yet; the language is chosen from the first."""
        return not any(value for name, value in self.drafted.items() if name != "language")

    def go_on_from(self, draft):
        """Let the words stand, and let saving them again replace `draft`, or make one where it is gone."""
        self.draft.data = draft.tag if draft else ""
