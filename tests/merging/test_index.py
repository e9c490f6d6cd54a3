"""The list of what was merged."""

from bookreviews.extensions import db
from bookreviews.merging.models import Merge
from tests.merging.acting import merged, undone


def test_the_latest_comes_first_and_says_whether_it_was_undone(moderator, pair):
    undone(moderator, merged(moderator, *pair))
    merged(moderator, *reversed(pair))
    rows = [row.get_text(" ", strip=True) for row in moderator.get("/moderation/merge").page.select(".rows li")]
    assert rows[0].startswith("“Dune” is part of “Dune: a novel” now.") and "undone" not in rows[0]
    assert rows[1].startswith("“Dune: a novel” is part of “Dune” now.") and "undone" in rows[1]


def test_a_long_list_has_pages_and_costs_no_more_queries(moderator, pair, queries):
    with queries() as none:
        moderator.get("/moderation/merge")
    ids = {"from_book_id": pair[0].id, "into_book_id": pair[1].id}
    names = {"from": "Dune: a novel", "into": "Dune"}
    db.session.add_all(Merge(kind="books", names=names, told={}, reason="", **ids) for _ in range(25))
    db.session.commit()
    with queries() as many:
        answer = moderator.get("/moderation/merge")
    assert len(answer.page.select(".rows li")) == 20 and answer.page.find("a", rel="next")
    assert len(many) == len(none)


def test_nothing_was_merged_yet(moderator):
    assert "Nothing was merged yet." in moderator.get("/moderation/merge").words
