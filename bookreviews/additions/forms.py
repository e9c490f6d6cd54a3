"""The short form in which a missing book is added."""

import re

from flask import request
from wtforms import HiddenField, SelectChoice, SelectField, StringField
from wtforms.validators import ValidationError

from bookreviews.books import cells
from bookreviews.books.catalogue import Row
from bookreviews.books.isbn import to_isbn13
from bookreviews.books.models import Book
from bookreviews.extensions import db
from bookreviews.languages import NAMES, OFFERED
from bookreviews.members import MembersForm, sent
from bookreviews.revisions import facts
from bookreviews.spam.rules import ADDRESS, LINK
from bookreviews.text import clean_line, fold

# What is typed where a field has to be filled in.
FILLING = " .…,-–—_"
# What can only be a link, also among words.
ADDRESSED = re.compile(ADDRESS, re.IGNORECASE)


def require(name, text):
    """
    :raises ValidationError: where `text` cannot be the fact of a book that is called `name`.
    """
    if sentence := facts.fault(name, text):
        raise ValidationError(sentence)


def is_link(text):
    """Whether a text is a link, or has one in it that can be no name: there is a book “Amazon.com: Get Big Fast”."""
    return bool(ADDRESSED.search(text) or LINK.search(text) and not fold(LINK.sub(" ", text)))


class BookForm(MembersForm):
    """A book that the catalogue lacks, as far as it is known."""

    title = StringField("Title", filters=[clean_line])
    authors = StringField("Authors", filters=[clean_line])
    isbn = StringField("ISBN", filters=[clean_line])
    year = StringField("First published", filters=[clean_line])
    language = SelectField(
        "Language",
        choices=[SelectChoice("", "Not known"), *(SelectChoice(tag, NAMES[tag]) for tag in OFFERED)],
        validate_choice=False,
    )
    seen = HiddenField()  # the ids of the books that were shown as near, by commas

    @classmethod
    def of_request(cls):
        """The form as it was sent, or as a link fills it in."""
        return cls(sent(), data=request.args.to_dict())

    def validate_title(self, field):
        require("title", field.data)
        if not field.data.strip(FILLING):
            raise ValidationError("This says nothing. Please type the title as it stands on the book.")
        if is_link(field.data):
            raise ValidationError("This is a link. Please type the title as it stands on the book.")

    def validate_authors(self, field):
        require("authors", "\n".join(cells.people(field.data)))

    def validate_isbn(self, field):
        require("isbn13", field.data)
        if self.there:
            raise ValidationError("The book with this ISBN is here already.")

    def validate_year(self, field):
        require("first_published", field.data)

    def validate_language(self, field):
        require("language", field.data)

    @property
    def isbn13(self):
        return to_isbn13(self.isbn.data)

    @property
    def there(self):
        """The book that has the ISBN, if any."""
        return db.session.scalar(Book.with_isbn(self.isbn13)) if self.isbn13 else None

    @property
    def row(self):
        """What was typed, as a file tells of a book."""
        title, series, position = cells.titled(self.title.data)
        return Row(
            line=0,
            title=title,
            series=series,
            series_position=position,
            authors=cells.people(self.authors.data),
            isbns=(self.isbn13,) if self.isbn13 else (),
            year=cells.year(self.year.data),
            language=self.language.data or None,
        )

    @property
    def seen_ids(self):
        """The ids of the books that the reader has seen and found to be others."""
        return {int(number) for number in (self.seen.data or "").split(",") if number.isdecimal() and len(number) < 11}

    def show(self, books):
        """Let the reader see these books, before they send the form again."""
        self.seen.data = ",".join(map(str, sorted(self.seen_ids | {book.id for book in books})))
