"""The form in which the facts of a book are changed."""

import json
from functools import cached_property

from wtforms import HiddenField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from bookreviews.languages import OFFERED, language_name
from bookreviews.members import MembersForm, sent
from bookreviews.revisions import facts
from bookreviews.text import clean_line

MOST_EDITIONS = 500  # whose fields a form still has when they are gone from the book


class FactsForm(MembersForm):
    """A field for each fact of a book, called as the fact is; `of` makes them, for each book has its own editions.

    What one has not touched is not looked at, and changes nothing: whatever was there before, or happens meanwhile.
    """

    why = StringField("Why", filters=[clean_line], validators=[Length(max=300, message="A reason has at most 300 characters.")])
    shown = HiddenField()  # signs of the facts that the form was shown with

    @classmethod
    def of(cls, known):
        """The form for a book's facts, `known`.

        What was typed for an edition that is gone meanwhile has its place, too.
        """
        texts = known | facts.NEW_EDITION
        gone = [name for name in signs(sent() or {}) if name not in texts and facts.OF_EDITION.fullmatch(name)]
        texts |= dict.fromkeys(gone[: MOST_EDITIONS * len(facts.EDITION_LABELS)], "")
        fields = {name: field(name, texts[name]) for name in texts}
        form = type(cls.__name__, (cls,), fields)(sent(), data=texts)
        form.names = list(texts)
        if not form.is_submitted():
            form.begin_from(known)
        return form

    def catch_up(self, known):
        """Let what was typed stand, and let sending it again change the facts that are `known` now.

        What was not touched becomes what stands. Of an edition that is gone and was touched it stays: it can come back whole.
        """
        touched = {facts.edition(name) for name in self.touched} - {None}
        for name in self.names:
            comes_back = facts.is_gone(name, known) and facts.edition(name) in touched
            if name not in self.touched and not comes_back:
                self[name].data = known.get(name, "")
        self.begin_from(known)

    def begin_from(self, known):
        """Let sending the form change the facts that are `known`."""
        self.shown.data = json.dumps({name: sign(name, known) for name in self.names})

    @cached_property
    def touched(self):
        """What was typed otherwise than it was shown: {name: text}."""
        was = signs({"shown": self.shown.data})
        typed = {name: facts.canonical(name, self[name].data) for name in self.names}
        return {name: text for name, text in typed.items() if facts.digest(text) != was.get(name)}

    def changes(self, known):
        """What would be otherwise than it is: {name: [before, after]}."""
        before = {name: facts.canonical(name, known.get(name, "")) for name in self.names}
        return {name: [before[name], text] for name, text in self.touched.items() if text != before[name]}

    def overtaken(self, known):
        """Those of the changes whose facts were changed since the form was shown."""
        was = signs({"shown": self.shown.data})
        return {name: texts for name, texts in self.changes(known).items() if was.get(name) != sign(name, known)}

    @property
    def editions(self):
        """The fields of each edition: {number: [field, …]}."""
        found = {}
        for name in self.names:
            if edition := facts.OF_EDITION.fullmatch(name):
                found.setdefault(edition[1], []).append(self[name])
        return found


def signs(form):
    """The signs of facts that came with a form; none where they are mangled."""
    try:
        found = json.loads(form.get("shown") or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def sign(name, known):
    """What tells whether a fact is still the same; of an edition that is gone it is never."""
    if facts.is_gone(name, known):
        return "gone"
    return facts.digest(facts.canonical(name, known.get(name, "")))


def field(name, text):
    """The field for a fact whose text is `text`."""
    kind = facts.kind(name)
    caption = facts.EDITION_LABELS[kind] if facts.OF_EDITION.fullmatch(name) else facts.LABELS[name]
    if kind == "language":
        tags = OFFERED if text in ("", *OFFERED) else [text, *OFFERED]
        choices = [SelectChoice("", "Not known"), *(SelectChoice(tag, language_name(tag)) for tag in tags)]
        return SelectField(caption, choices=choices, validate_choice=False, validators=[is_right])
    several = name in ("description", *facts.LISTS)
    return (TextAreaField if several else StringField)(caption, filters=[cleaner(name)], validators=[is_right])


def cleaner(name):
    return lambda text: facts.clean(name, text)


def is_right(form, field):
    """
    :raises ValidationError: where a fact was touched and is wrong now.
    """
    if field.name not in form.touched:
        return
    if sentence := facts.fault(field.name, field.data or ""):
        raise ValidationError(sentence)
    if title := facts.isbn_elsewhere(field.name, field.data):
        raise ValidationError(f"This ISBN is with an edition of “{title}” already.")
