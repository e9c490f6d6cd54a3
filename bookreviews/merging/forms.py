"""The forms for making one of two, and two of one."""

import re

import sqlalchemy as sa
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import AnyOf, Length, ValidationError

from bookreviews.books.isbn import to_isbn13
from bookreviews.books.models import Author, Book, Edition
from bookreviews.extensions import db
from bookreviews.languages import language_name
from bookreviews.templating import cut, year
from bookreviews.text import clean_line, clean_text, says_something
from bookreviews.urls import LARGEST

# `42`, `42-dune`, `/books/42-dune`, `https://books.example.org/books/42-dune`.
NUMBER = re.compile(r"(?:.*/)?([0-9]{1,10})(?:-[^/]*)?")
AFTER_THE_PATH = re.compile(r"[?#].*")
NOT_HERE = {
    Book: "No book here has this address, number or ISBN.",
    Author: "No author here has this address or number.",
}

# What can be chosen of two books, each as a person reads it.
SAID = {
    "title": lambda book: book.title,
    "subtitle": lambda book: book.subtitle,
    "authors": lambda book: ", ".join(author.name for author in book.authors),
    "series": lambda book: f"{book.series}, #{book.series_position}" if book.series_position else book.series,
    "first_published": lambda book: "" if book.first_published is None else year(book.first_published),
    "language": lambda book: language_name(book.language) if book.language else "",
    "subjects": lambda book: ", ".join(subject.name for subject in book.subjects),
    "description": lambda book: book.description,
}


def reason_field():
    too_long = Length(max=1_000, message="A reason has at most 1,000 characters.")
    return TextAreaField("Reason", filters=[clean_text], validators=[is_said, too_long])


def is_said(_form, field):
    """
    :raises ValidationError: where nobody could read the text.
    """
    if not says_something(field.data):
        raise ValidationError("Please say why: readers of the public log see it.")


def choice_field(label):
    known = AnyOf(("from", "into", "both"), message="Please choose one of them.")
    return RadioField(label, validate_choice=False, validators=[known])


class RowField(StringField):
    """A row of ours by its address or number, or a book by one of its ISBNs; `row` is None until it is found.

    Of what was merged it is what that was merged into.
    """

    def __init__(self, label, model, optional=False, **options):
        super().__init__(label, filters=[clean_line], **options)
        self.model, self.optional, self.row = model, optional, None

    def pre_validate(self, _form):
        """
        :raises ValidationError: where it is not here.
        """
        if self.optional and not self.data:
            return
        self.row = self.found(self.number())
        if self.row is None:
            raise ValidationError(NOT_HERE[self.model])

    def number(self):
        """The number of the row that is meant, if any."""
        isbn = to_isbn13(self.data) if self.model is Book else None
        if isbn:
            return db.session.scalar(sa.select(Edition.book_id).where(Edition.isbn13 == isbn))
        found = NUMBER.fullmatch(AFTER_THE_PATH.sub("", self.data or ""))
        return int(found[1]) if found and int(found[1]) <= LARGEST else None

    def found(self, number):
        """The row of a number, or what it was merged into; None where there is none."""
        here = sa.select(sa.func.coalesce(self.model.merged_into_id, self.model.id)).where(self.model.id == number)
        rows = Book.together() if self.model is Book else Author.there()
        return db.session.scalar(rows.where(self.model.id == here.scalar_subquery()))


class PairForm(FlaskForm):
    """Which two are one; asked for in an address, where nothing is changed yet."""

    class Meta:
        csrf = False

    def validate_target(self, field):
        if field.row and field.row == self.source.row:
            raise ValidationError("These two are one already.")

    @property
    def rows(self):
        return self.source.row, self.target.row


class BookPairForm(PairForm):
    source = RowField("The book that goes", Book, name="from")
    target = RowField("The book that stays", Book, name="into")


class AuthorPairForm(PairForm):
    source = RowField("One name", Author, name="from")
    target = RowField("The other name", Author, name="into")


class BooksForm(FlaskForm):
    """What the one book is that two become."""

    title = choice_field("Title")
    subtitle = choice_field("Subtitle")
    authors = choice_field("Authors")
    series = choice_field("Series")
    first_published = choice_field("First published")
    language = choice_field("Language")
    subjects = choice_field("Subjects")
    description = choice_field("Description")
    reason = reason_field()

    @classmethod
    def of(cls, source, target):
        """The form for two books, which asks for what they differ in; first comes what the one that stays says."""
        said = {name: (say(source), say(target)) for name, say in SAID.items()}
        form = cls(data={name: "into" if theirs else "from" for name, (_, theirs) in said.items()} | {"subjects": "both"})
        for name, (one, other) in said.items():
            if one == other:
                del form[name]
            else:
                form[name].choices = [SelectChoice("into", cut(other, 300) or "Nothing"),
                                      SelectChoice("from", cut(one, 300) or "Nothing")]  # fmt: skip
        if "subjects" in form:
            form.subjects.choices.append(SelectChoice("both", "Those of both"))
        return form

    @property
    def choices(self):
        """The fields that ask for a choice."""
        return [field for field in self if field.name in SAID]

    @property
    def taken(self):
        """Whose each of these is: {name: "from", "into" or "both"}."""
        return {field.name: field.data for field in self.choices}


class AuthorsForm(FlaskForm):
    """Which of two names of an author stays."""

    kept = RadioField("Which name stays?", validate_choice=False)
    reason = reason_field()

    @classmethod
    def of(cls, source, target):
        form = cls(data={"kept": str(target.id)})
        form.kept.choices = [SelectChoice(str(author.id), author.name) for author in (target, source)]
        return form

    def validate_kept(self, field):
        if field.data not in [choice.value for choice in field.choices]:
            raise ValidationError("Please choose one of the two names.")


class EditionForm(FlaskForm):
    """Where an edition belongs."""

    into = RowField("The book it belongs to", Book, optional=True)
    reason = reason_field()


class UndoForm(FlaskForm):
    """Why something is undone."""

    reason = reason_field()
