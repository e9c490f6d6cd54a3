"""Mails to look at, and mails that are sent."""

import smtplib
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bookreviews.extensions import db, mail, now
from bookreviews.mail import outbox
from bookreviews.mail.jobs import send_all
from bookreviews.mail.models import LEASE, Message
from tests.browser import Browser
from tests.factories import PASSWORD


def messages():
    db.session.expire_all()
    return db.session.scalars(sa.select(Message).order_by(Message.id)).all()


@pytest.fixture
def sending(app, monkeypatch):
    """A site that sends mail; what the server got."""
    monkeypatch.setitem(app.config, "MAIL_SERVER", "mail.example.org")
    sent = []
    monkeypatch.setattr(mail, "send", sent.append)
    return sent


def post(recipient="ann@example.org"):
    outbox.post(recipient, "Hello", "Dear Ann,\n\nhttps://books.example.org/x\n")
    db.session.commit()


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_without_a_mail_server_mails_are_shown_in_debug_mode_and_the_log_says_so(made_anew, app, caplog):
    browser = Browser(made_anew(DEBUG=True))
    browser.post("/register", email="ann@example.org", username="ann", password=PASSWORD)
    assert "In debug mode it is shown at /dev/mail" in caplog.text
    page = browser.get("/dev/mail")
    assert "Your account at BookReviews" in page.words and "To ann@example.org" in page.words and "Welcome, ann." in page.words
    assert page.page.main.find("a", string=lambda text: text and text.endswith("/login"))


def test_elsewhere_nobody_reads_them(browser):
    post()
    browser.get("/dev/mail", 404)


def test_mails_that_were_kept_are_not_sent_one_day(app, monkeypatch):
    post()
    monkeypatch.setitem(app.config, "MAIL_SERVER", "mail.example.org")
    assert send_all() == 0


def test_a_mail_is_sent_once(sending):
    post()
    assert send_all() == 1 and send_all() == 0
    (letter,) = sending
    assert (letter.subject, letter.recipients) == ("Hello at BookReviews", ["ann@example.org"])
    assert messages()[0].sent_at


def test_what_the_server_does_not_take_is_tried_again_later(sending, monkeypatch):
    post()

    def fail(_letter):
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr(mail, "send", fail)
    assert send_all() == 0
    monkeypatch.setattr(mail, "send", sending.append)
    assert send_all() == 0, "not at once"
    messages()[0].claimed_at = now() - LEASE - timedelta(seconds=1)
    db.session.commit()
    assert send_all() == 1


def test_an_address_that_cannot_be_written_holds_up_no_other(sending, monkeypatch):
    def fail(letter):
        if letter.recipients == ["bad@example.org"]:
            raise UnicodeEncodeError("ascii", "", 0, 1, "no")
        sending.append(letter)

    monkeypatch.setattr(mail, "send", fail)
    post("bad@example.org")
    post()
    assert send_all() == 1


def test_what_another_worker_holds_is_left_to_it(sending):
    post()
    assert messages()[0].claim()
    db.session.commit()
    assert send_all() == 0


def test_old_mails_are_forgotten(app):
    post()
    messages()[0].created_at = now() - timedelta(days=8)
    db.session.commit()
    post("bob@example.org")
    assert [message.recipient for message in messages()] == ["bob@example.org"]


def test_the_command_sends_what_waits(cli, sending):
    post()
    assert cli("mail", "send").output == "Sent 1 mails.\n"


def test_the_command_says_when_nothing_sends_mail(cli):
    assert "MAIL_SERVER is not set" in cli("mail", "send").output


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_a_broken_mail_server_does_not_break_the_page(made_anew, app):
    site = made_anew(MAIL_SERVER="127.0.0.1", MAIL_PORT=1, SITE_URL="https://books.example.org", MAIL_USE_TLS=False)
    page = Browser(site)
    assert page.post("/register", email="ann@example.org", username="ann", password=PASSWORD).status_code == 303
