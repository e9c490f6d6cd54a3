"""The forms in which moderators decide on facts and on new books."""

import json

from flask import request
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectMultipleField, TextAreaField
from wtforms.validators import Length, ValidationError

from bookreviews.revisions import facts
from bookreviews.text import clean_line, number_or_zero, says_something

WHY = "Please say why, in a few words. The reader whom it concerns reads it."


class DecisionForm(FlaskForm):
    """Something that is done, or refused, and why."""

    # Of several lines, as Enter in a field of one would press the button that says yes.
    reason = TextAreaField(
        "Reason", filters=[clean_line], validators=[Length(max=500, message="A reason has at most 500 characters.")]
    )

    @property
    def refuses(self):
        """Whether the button pressed is the one that says no."""
        return "refuse" in request.form

    @property
    def needs_reason(self):
        return self.refuses

    def validate_reason(self, field):
        if self.needs_reason and not says_something(field.data):
            raise ValidationError(WHY)


class NewBookForm(DecisionForm):
    """Whether a new book is right, or goes with all that was written of it."""

    written = HiddenField()  # how much others had written of it when the form was shown

    def catch_up(self, written):
        """Take note of how much others have written now, for when the form is sent once more.

        :returns: whether it was shown with another number.
        """
        before, self.written.data = number_or_zero(self.written.data), written
        return before != written


class ProposalForm(DecisionForm):
    """Which of the proposed facts come into force, if any."""

    names = SelectMultipleField("Facts")
    shown = HiddenField()  # a sign of the facts, and of what they may become, when the form was shown

    @classmethod
    def of(cls, changes, known):
        """The form for facts that may become others.

        :param changes: {name: (text now, text then)}.
        :param known: the facts of the book.
        """
        form = cls(data={"names": list(changes), "shown": sign(changes)})
        form.names.choices = list(changes)
        form.differences = facts.differences(changes, known)
        return form

    def catch_up(self):
        """Take note of what stands and is proposed now, for when the form is sent once more.

        :returns: whether it was shown with something else.
        """
        before, self.shown.data = self.shown.data, sign({fact.name: (fact.before, fact.after) for fact in self.differences})
        return self.shown.data != before

    def validate_names(self, field):
        if self.refuses:
            return
        if not field.data:
            raise ValidationError("Please choose at least one of these facts.")
        for fact in self.differences:
            title = fact.name in field.data and facts.isbn_elsewhere(fact.name, fact.after)
            if title:
                raise ValidationError(f"{fact.after} is with an edition of “{title}” already.")


class RevertForm(ProposalForm):
    """Which of the facts that were changed become again what they were."""

    needs_reason = True


def sign(changes):
    return facts.digest(json.dumps(changes))
