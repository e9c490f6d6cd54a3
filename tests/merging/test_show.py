"""What was merged, and why."""

from tests.merging.acting import merged, undone


def test_it_says_what_was_done_and_why_and_offers_to_undo_it(moderator, pair):
    merge = merged(moderator, *pair)
    answer = moderator.get(f"/moderation/merge/{merge.id}")
    assert "“Dune: a novel” is part of “Dune” now." in answer.words and "The same work." in answer.words
    assert answer.page.find("button", string="Undo")


def test_what_is_undone_cannot_be_undone_again(moderator, pair):
    merge = merged(moderator, *pair)
    assert "undone" in undone(moderator, merge).words
    assert not moderator.get(f"/moderation/merge/{merge.id}").page.find("button", string="Undo")


def test_of_an_unknown_one_there_is_nothing(moderator):
    moderator.get("/moderation/merge/999", 404)
