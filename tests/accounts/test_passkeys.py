"""Passkeys, with Chromium's virtual authenticator."""

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from bookreviews.accounts.models import Passkey
from bookreviews.extensions import db
from tests.factories import PASSWORD, a_reader

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)  # a browser is the same on both databases


@pytest.fixture
def site(site):
    """A passkey belongs to a name, and not to a number."""
    return site.replace("127.0.0.1", "localhost")


@pytest.fixture
def authenticator(page):
    """A device that keeps passkeys, and whose owner always agrees."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    added = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools, added["authenticatorId"]


@pytest.fixture
def ann(app):
    return a_reader("ann")


def log_in(page):
    page.goto("/login")
    page.get_by_label("Email", exact=True).fill("ann")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()


def log_out(page):
    page.goto("/")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("link", name="Log in")).to_be_visible()


def make_one(page, name="My telephone"):
    page.goto("/settings/passkeys")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_text(f"The passkey {name} is yours")).to_be_visible()


def test_a_passkey_logs_one_in_without_anything_to_type(page, authenticator, ann):
    log_in(page)
    make_one(page)
    log_out(page)
    page.get_by_role("link", name="Log in").click()
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    expect(page.get_by_role("link", name="ann", exact=True)).to_be_visible()


def test_a_passkey_leads_back_to_where_one_was(page, authenticator, ann):
    log_in(page)
    make_one(page)
    log_out(page)
    page.goto("/login?next=/books")
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Catalogue")


def test_a_passkey_that_was_removed_opens_nothing(page, authenticator, ann):
    log_in(page)
    make_one(page)
    page.goto("/settings/passkeys")
    expect(page.get_by_text("My telephone", exact=True)).to_be_visible()
    page.get_by_role("button", name="Remove the passkey My telephone").click()
    expect(page.get_by_text("The passkey My telephone is removed.")).to_be_visible()
    assert db.session.scalars(sa.select(Passkey)).all() == []
    log_out(page)
    page.goto("/login/passkey")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_text("This site does not know that passkey.")).to_be_visible()


def test_a_passkey_shows_that_it_is_still_oneself(page, authenticator, ann):
    log_in(page)
    make_one(page)
    page.goto("/verify?next=/settings/email")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change your email address")


def test_where_there_is_no_passkey_the_page_says_so_and_offers_the_password(page, authenticator, ann):
    devtools, identity = authenticator
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": identity, "isUserVerified": False})
    page.goto("/login/passkey")
    page.get_by_role("button", name="Log in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing came of it")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    page.get_by_role("link", name="Use your password instead").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")


def test_a_device_that_has_a_passkey_already_is_said_to_have_one(page, authenticator, ann):
    log_in(page)
    make_one(page)
    page.goto("/settings/passkeys")
    page.get_by_label("Name").fill("Another")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("alert")).to_have_text("This device has a passkey for your account already.")


def test_without_scripts_nobody_is_told_that_the_browser_asks(chromium, site, ann):
    with chromium.new_context(base_url=site, java_script_enabled=False) as context:
        page = context.new_page()
        log_in(page)
        page.goto("/settings/passkeys")
        page.get_by_label("Name").fill("Another")
        page.get_by_role("button", name="Make a passkey").click()
        expect(page.get_by_role("link", name="Back", exact=True)).to_be_visible()
        expect(page.get_by_text("Your browser asks now")).to_be_hidden()
        assert "scripts are off here" in page.locator("noscript").inner_html()


def test_a_password_can_be_looked_at(page, ann):
    page.goto("/login")
    field = page.get_by_label("Password", exact=True)
    field.fill("what I typed")
    page.get_by_role("button", name="Show the password").click()
    expect(field).to_have_attribute("type", "text")
    page.get_by_role("button", name="Show the password").click()
    expect(field).to_have_attribute("type", "password")
