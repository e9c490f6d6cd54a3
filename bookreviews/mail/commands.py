"""Commands for mail: `flask --app bookreviews mail …`."""

import click
from flask import current_app

from bookreviews.cli import Commands
from bookreviews.mail.jobs import send_all

mail = Commands("mail", help="Mail on its way out.")


@mail.command()
def send():
    """Send the mails that wait: those that the mail server did not take when they were written."""
    if not current_app.config["MAIL_SERVER"]:
        raise click.ClickException("MAIL_SERVER is not set, so nothing sends mail.")
    click.echo(f"Sent {send_all()} mails.")
