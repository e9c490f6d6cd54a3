"""The form that a picture of a cover is sent with."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms.validators import ValidationError

from bookreviews.covers import decoding


class CoverForm(FlaskForm):
    """A file, which must be a picture that a cover can be made of."""

    picture = FileField("Picture", [FileRequired("Please choose a picture.")])

    def validate_picture(self, field):
        """Decode it: `pictures` is what becomes of it.

        :raises ValidationError: where that is nothing.
        """
        try:
            self.pictures = decoding.pictures(field.data.read(decoding.LARGEST + 1))
        except decoding.Unusable as reason:
            raise ValidationError(str(reason)) from None
