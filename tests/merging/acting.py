"""What a moderator does with two books."""

from bookreviews.extensions import db
from bookreviews.merging.models import Merge


def address(source, target):
    return f"/moderation/merge/books?from={source.id}&into={target.id}"


def merged(moderator, source, target, **choices):
    """The merge of two books, made by a moderator who takes what the form proposes but for `choices`."""
    form = moderator.form(address(source, target))
    proposed = {radio["name"]: radio["value"] for radio in form.select("input[type=radio][checked]")}
    answer = moderator.post(address(source, target), **proposed | {"reason": "The same work."} | choices)
    db.session.expire_all()
    return db.session.get(Merge, int(answer.location.rpartition("/")[2]))


def undone(moderator, merge, status=303):
    """The page after a merge was undone, or not."""
    answer = moderator.send(f"/moderation/merge/{merge.id}/undo", token(moderator) | {"reason": "They differ."}, status)
    db.session.expire_all()
    return moderator.follow(answer) if status == 303 else answer


def token(browser):
    """The token that each form of a browser bears."""
    return {"csrf_token": browser.get("/appearance").page.main.find("input", {"name": "csrf_token"})["value"]}
