"""The invitations there are, and what became of them."""

from datetime import timedelta

from bookreviews.extensions import db, now
from bookreviews.invitations import inviting
from bookreviews.invitations.models import LASTS, Invitation
from tests.factories import a_reader


def an_invitation(**facts):
    token = inviting.invite()
    db.session.flush()
    invitation = db.session.scalars(db.select(Invitation).order_by(Invitation.id.desc())).first()
    for name, value in facts.items():
        setattr(invitation, name, value)
    db.session.commit()
    return token


def test_each_says_what_became_of_it(browser):
    browser.login(a_reader("mo", roles=["moderator"]))
    assert "None yet." in browser.get("/moderation/invitations").words
    an_invitation()
    an_invitation(used_at=now())
    an_invitation(revoked_at=now())
    an_invitation(made_at=now() - LASTS - timedelta(days=1))
    rows = browser.get("/moderation/invitations").page.select(".rows strong")
    assert [row.get_text().split()[0] for row in rows] == ["Expired", "Revoked", "Used", "Open"]


def test_a_long_list_is_paged_at_a_constant_cost(browser, queries):
    browser.login(a_reader("mo", roles=["moderator"]))
    an_invitation()
    with queries() as one:
        browser.get("/moderation/invitations")
    for _ in range(20):
        an_invitation()
    with queries() as many:
        page = browser.get("/moderation/invitations").page
    assert len(many) == len(one)
    assert len(browser.get(page.find("a", rel="next")["href"]).page.select(".rows li")) == 1


def test_nobody_finds_the_link_there(browser):
    browser.login(a_reader("mo", roles=["moderator"]))
    assert an_invitation() not in browser.get("/moderation/invitations").text
