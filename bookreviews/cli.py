"""What all commands of the site have in common."""

import click
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError


class Commands(AppGroup):
    """A group of commands that says in a sentence when the database is not there, or not ready."""

    def invoke(self, ctx):
        try:
            return super().invoke(ctx)
        except (OperationalError, ProgrammingError) as error:
            reason = str(error.orig).strip().partition("\n")[0]
            advice = "Is DATABASE_URL right, and was “flask --app bookreviews db upgrade” run?"
            raise click.ClickException(f"The database cannot be used ({reason}). {advice}") from error
