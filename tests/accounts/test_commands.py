"""What an operator does about accounts."""

from bookreviews.accounts.models import User
from bookreviews.extensions import db
from tests.factories import PASSWORD, a_reader


def roles(user):
    return [role.name for role in db.session.get(User, user.id).roles]


def test_somebody_is_made_a_moderator_an_admin_and_a_reader_again(cli):
    ann = a_reader("ann")
    assert "ann is a moderator now." in cli("accounts", "promote", "ANN", "moderator").output
    assert roles(ann) == ["moderator"]
    assert "ann is an admin now." in cli("accounts", "promote", "ann@example.org", "admin").output
    assert roles(ann) == ["admin"]
    cli("accounts", "promote", "ann", "reader")
    assert roles(ann) == []


def test_a_name_that_is_not_there_is_said(cli):
    for command in (["promote", "bob", "admin"], ["disable", "bob"], ["enable", "b@x.org"], ["reset-second-factor", "bob"]):
        result = cli("accounts", *command)
        assert result.exit_code == 1 and "There is no account" in result.output
    assert cli("accounts", "promote", "bob", "king").exit_code == 2


def test_the_accounts_are_listed(cli):
    a_reader("ann", roles=["admin"])
    a_reader("bob", active=False)
    lines = cli("accounts", "list").output.splitlines()
    assert lines[0].startswith("ann ann@example.org 20") and lines[0].endswith(" admin")
    assert lines[1].endswith(" disabled")
    assert len(cli("accounts", "list", "--role", "admin").output.splitlines()) == 1


def test_a_disabled_reader_is_out_at_once_and_can_be_let_in_again(browser, cli):
    browser.log_in(a_reader("ann"))
    cli("accounts", "disable", "ann")
    assert "Log out" not in browser.get("/").words
    browser.post("/login", 422, email="ann", password=PASSWORD)
    cli("accounts", "enable", "ann")
    browser.post("/login", email="ann", password=PASSWORD)


def test_no_account_is_there_by_itself(cli):
    assert cli("accounts", "list").output == ""
