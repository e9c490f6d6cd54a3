"""Commands for accounts: `flask --app bookreviews accounts …`."""

import click
import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import selectinload

from bookreviews.accounts import logins, roles
from bookreviews.accounts.models import ROLES, User
from bookreviews.cli import Commands
from bookreviews.extensions import db
from bookreviews.invitations import inviting
from bookreviews.invitations.models import LASTS

accounts = Commands("accounts", help="Readers with an account: roles, closing, help with a lost second factor.")
NAME = click.argument("name", metavar="NAME_OR_EMAIL")


def found(name):
    """The account of a username or an email address.

    :raises ClickException: where there is none.
    """
    select = sa.select(User).where(User.email == name.lower()) if "@" in name else User.named(name)
    user = db.session.scalar(select)
    if user is None:
        raise click.ClickException(f"There is no account “{name}”. `flask --app bookreviews accounts list` names them all.")
    return user


@accounts.command("list")
@click.option("--role", type=click.Choice(ROLES), help="Only those of this role.")
def list_all(role):
    """List the accounts: username, email, roles, and whether they are disabled."""
    select = sa.select(User).options(selectinload(User.roles)).order_by(User.id)
    for user in db.session.scalars(select).yield_per(1_000):
        names = [one.name for one in user.roles]
        if role is None or role in names:
            marks = [*names, *(["disabled"] if not user.active else []), *(["sample"] if user.sample else [])]
            click.echo(" ".join(filter(None, [user.username, user.email, user.created_at.date().isoformat(), *marks])))


@accounts.command()
@NAME
@click.argument("role", type=click.Choice([*ROLES, "reader"]))
def promote(name, role):
    """Make somebody a moderator or an admin, or a reader like others again."""
    user = found(name)
    if role == "reader":
        roles.take(user)
    else:
        roles.give(user, role)
    db.session.commit()
    click.echo(f"{user.username} is {'an' if role == 'admin' else 'a'} {role} now.")


@accounts.command()
@NAME
def disable(name):
    """Log somebody out everywhere, and let them in no more; their reviews stay."""
    user = found(name)
    user.active = False
    logins.end_all(user)
    db.session.commit()
    click.echo(f"{user.username} is disabled and logged out everywhere.")


@accounts.command()
@NAME
def enable(name):
    """Let somebody who was disabled in again."""
    user = found(name)
    user.active = True
    db.session.commit()
    click.echo(f"{user.username} can log in again.")


@accounts.command()
@click.option("--count", type=click.IntRange(1, 1_000), default=1, help="How many. Default: 1.")
def invite(count):
    """Make invitations to register, where that takes one (REGISTRATION=invited), and print their links.

    Each is for one person, once.
    """
    root = current_app.config["SITE_URL"] or ""
    tokens = [inviting.invite() for _ in range(count)]
    db.session.commit()
    for token in tokens:
        click.echo(f"{root}/register?invitation={token}")
    click.echo(f"Good for {LASTS.days} days.", err=True)


@accounts.command("reset-second-factor")
@NAME
def reset_second_factor(name):
    """Take the second factor off an account whose owner has lost it, and its recovery codes.

    Make sure first that it is the owner who asks.
    """
    user = found(name)
    user.tf_primary_method = user.tf_totp_secret = user.tf_last_counter = user.mf_recovery_codes = None
    logins.end_all(user)
    db.session.commit()
    click.echo(f"{user.username} logs in with the password alone now, and is logged out everywhere.")
