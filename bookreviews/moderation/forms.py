"""The forms in which moderators decide."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import AnyOf, Length, ValidationError

from bookreviews.moderation.deciding import OVERTAKEN, Verdict
from bookreviews.moderation.models import RULES
from bookreviews.text import clean_text, says_something

RULE_CHOICES = [SelectChoice("", "None"), *(SelectChoice(rule, short) for rule, (short, _) in RULES.items())]
# What takes something from somebody needs a rule that was broken. Everything needs a reason, but for what changes nothing.
TAKES = {"hide", "ban"}
TOO_LATE = "This was decided meanwhile, or changed: that cannot be done any more."
KEPT = "Nothing in it breaks a rule."


class DecisionForm(FlaskForm):
    """What is done, under which rule, and why."""

    rule = SelectField("Rule", choices=RULE_CHOICES, validate_choice=False)
    reason = TextAreaField(
        "Reason",
        filters=[clean_text],
        validators=[Length(max=1_000, message="Please keep it to 1,000 characters.")],
    )
    seen = HiddenField()  # what the moderator looked at (deciding.state)
    action = HiddenField()

    @classmethod
    def offering(cls, actions, seen=""):
        """The form for one of some actions, each of which is a button.

        :param seen: the state of what it is about.
        """
        form = cls(data={"seen": seen})
        form.action.validators = [AnyOf(actions, message=TOO_LATE)]
        form.actions, form.stands = actions, seen
        return form

    def validate_seen(self, field):
        """Refuse, once, to decide on what is not as it was shown any more."""
        if field.data != self.stands:
            field.data = self.stands
            raise ValidationError(OVERTAKEN)

    def validate_rule(self, field):
        if self.action.data in TAKES and field.data not in RULES:
            raise ValidationError("Please choose which rule was broken.")
        if field.data and field.data not in RULES:
            raise ValidationError("Please choose one of the list.")

    def validate_reason(self, field):
        if self.action.data != "keep" and not says_something(field.data):
            raise ValidationError("Please give a reason: the writer reads it, and so does everybody in the log.")

    @property
    def verdict(self):
        reason = self.reason.data or (KEPT if self.action.data == "keep" else "")
        return Verdict(self.action.data, self.rule.data or None, reason)
